//! Which calls share an attempt: reads that ask the same at the same time.

use std::any::Any;
use std::rc::Rc;

use tidegate_core::kept::Rules;
use tidegate_core::throttle::{Priority, Role};
use tidegate_core::{Millis, split_url};
use web_sys::{AbortController, AbortSignal};

use crate::boundary;
use crate::copies;
use crate::drive::Landed;
use crate::error::Error;
use crate::flight;
use crate::head::RequestHead;
use crate::inner::Inner;
use crate::shared::{Part, Share, Shared, Signals, Work};

/// The question that a read asks; `None` where it is to have its own answer: it is no plain read, or its answer has no end.
pub(crate) fn key(
    head: &RequestHead,
    scope: &str,
    priority: Priority,
    rules: &Rules,
    visit: u64,
) -> Option<String> {
    let endless = head.fields.value("accept").is_some_and(|accept| {
        let mut kinds = accept.split(',');
        kinds.any(|kind| kind.trim().starts_with("text/event-stream"))
    });
    if !matches!(&*head.method, "GET" | "HEAD") || !head.is_sent() || endless {
        return None;
    }
    let lines = [
        head.address(),
        scope,
        &head.method,
        // What somebody waits for must not be held back, or refused, as what nobody waits for.
        priority.as_str(),
        // Nor what one user gets be another's.
        &visit.to_string(),
        // Nor what one has allowed be given to another, who has not.
        &wishes(rules),
        &head.credentials,
        &head.mode,
        &head.cache,
        &head.redirect,
        &head.integrity,
        // In order of their names.
        &head.fields.text(),
    ];
    Some(lines.join("\n"))
}

/// What is wished for the answer, on one line.
fn wishes(rules: &Rules) -> String {
    let number = |millis: Option<Millis>| millis.map_or(String::new(), |it| it.0.to_string());
    let flag = |flag: Option<bool>| flag.map_or("", |yes| if yes { "yes" } else { "no" });
    let mut words = vec![
        String::from(rules.strategy.map_or("", |strategy| strategy.as_str())),
        number(rules.patience),
        number(rules.stale),
        flag(rules.conditions).into(),
        flag(rules.unconfirmed).into(),
    ];
    words.extend(rules.tags.iter().cloned());
    words.join("\t")
}

impl Inner {
    /// What a question comes to: by this work, or by that of somebody who asks it already. Nobody's signal ends it before the answer;
    /// `signals` are those of the callers. `T` is what the work comes to, which is the same for equal keys.
    pub(crate) async fn share<T: Part>(
        self: &Rc<Inner>,
        key: &str,
        signals: &Signals,
        work: impl Future<Output = T> + 'static,
    ) -> Option<T> {
        let work = async { Box::new(work.await) as Box<dyn Part> };
        let result: Box<dyn Any> = self.place(key, signals, Box::pin(work)).await;
        result.downcast().ok().map(|result| *result)
    }

    fn place(self: &Rc<Inner>, key: &str, signals: &Signals, work: Work) -> Work {
        let settings = self.engine().settings().coalesce.clone();
        let mut work = Some(work);
        let begin = || Rc::new(Shared::new(work.take(), signals.clone()));
        let role = self.shares.borrow_mut().join(key, &settings, begin);
        let (question, shared) = match role {
            Role::Begins(question, shared) => (question, shared),
            Role::Joins(question, shared) => {
                self.engine().coalesced();
                shared.signals.borrow_mut().append(&mut signals.take());
                (question, shared)
            }
            // Nothing has begun, so it is still there.
            Role::Apart => return work.unwrap_or_else(|| Box::pin(std::future::pending())),
        };
        Box::pin(Share::new(self.clone(), question, shared))
    }

    /// Something is written, or was: who reads it from now on must not be told what was true before.
    pub(crate) fn end_sharing(&self, url: &str, scope: &str) {
        let place = split_url(url);
        self.shares.borrow_mut().close(|key| {
            let mut lines = key.split('\n');
            let theirs = lines.next().map(split_url);
            theirs == Some(place) || lines.next() == Some(scope)
        });
    }
}

/// A write under way: when it is over, whatever came of it, reads that began meanwhile are not shared any more either.
pub(crate) struct Writing {
    pub(crate) inner: Rc<Inner>,
    pub(crate) url: String,
    pub(crate) scope: String,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.inner.end_sharing(&self.url, &self.scope);
    }
}

/// Once the head is there, the body is read for as long as one of those who got it has not aborted.
pub(crate) fn leash(controller: &AbortController, signals: &[AbortSignal]) {
    boundary::leash(controller, &signals.iter().collect());
}

impl Part for Result<Landed, Error> {
    fn part(&self) -> Box<dyn Part> {
        Box::new(match self {
            Ok(landed) => Ok(Landed {
                // It throws where a mock's response cannot be cloned.
                response: copies::twin(&landed.response)
                    .unwrap_or_else(|_| Clone::clone(&landed.response)),
                explanation: landed.explanation.clone(),
                leash: None,
            }),
            Err(error) => Err(error.clone()),
        })
    }

    fn discard(self: Box<Self>) {
        if let Ok(landed) = *self {
            flight::discard(&landed.response);
        }
    }
}
