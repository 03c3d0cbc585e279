//! What a request asks of the kept answers, whose they are, and what is kept of its answer.

use std::rc::Rc;

use tidegate_core::http::{
    Answered, Asked, Fields, Owner, Unstorable, expose_advice, is_conditional,
};
use tidegate_core::kept::{CacheMode, Kept, Question, Received, Rules};
use tidegate_core::{Instant, Lookup, Notice, ScopeId};

use crate::clock;
use crate::head::{RequestHead, ResponseHead};
use crate::identity::Identity;
use crate::inner::Inner;

/// Types whose bodies go on for ever.
const ENDLESS: [&str; 3] = [
    "text/event-stream",
    "multipart/x-mixed-replace",
    "application/x-ndjson",
];

/// A request, as far as kept answers go.
pub(crate) struct Asking {
    pub(crate) whose: Rc<Identity>,
    pub(crate) question: Question,
    pub(crate) method: String,
    /// Without its fragment.
    pub(crate) url: String,
    pub(crate) cross_origin: bool,
    /// Cookies go to another origin with it.
    personal: bool,
    /// It goes wherever it is sent on to.
    follows: bool,
    /// Its caller has said what the body has to be, which only `fetch` can check.
    sealed: bool,
}

impl Asking {
    /// Of a request; `None` where it goes to no backend (`data:`, `blob:`).
    pub(crate) fn of(
        inner: &Inner,
        whose: Rc<Identity>,
        head: RequestHead,
        wishes: Rules,
    ) -> Option<Asking> {
        if !head.is_sent() {
            return None;
        }
        let url = head.address().to_owned();
        let rules = wishes.over(inner.rules.borrow().of(&url));
        let mode = CacheMode::of(&head.cache);
        let fields = head.fields.into_inner();
        let question = Question::of(fields, mode, rules, &inner.engine().settings().cache);
        Some(Asking {
            whose,
            question,
            method: head.method,
            cross_origin: !inner.is_own(&url),
            personal: head.credentials == "include",
            follows: !matches!(&*head.redirect, "error" | "manual"),
            sealed: !head.integrity.is_empty(),
            url,
        })
    }

    /// When the kept answers are looked at.
    pub(crate) fn lookup(&self) -> Lookup {
        match self.question.lookup() {
            _ if self.method != "GET" => Lookup::Never,
            // A caller with conditions of their own has a copy, and wants the server's word on it.
            Lookup::First if self.with_fields(is_conditional) => Lookup::Last,
            lookup => lookup,
        }
    }

    /// Whether `fetch` itself could have brought it this answer.
    pub(crate) fn takes(&self, kept: &Kept) -> bool {
        !self.sealed && (self.follows || !kept.redirected)
    }

    /// What is to be kept of a response, if anything.
    pub(crate) fn head_of(
        &self,
        inner: &Inner,
        scope: ScopeId,
        head: &ResponseHead,
        sent: Instant,
    ) -> Option<Kept> {
        if !self.question.stores() || !head.readable {
            return None;
        }
        let now = inner.now();
        let cross_origin = head.kind == "cors";
        let received = Received {
            url: &head.url,
            redirected: head.redirected,
            status_text: &head.words,
            cross_origin,
            took: now - sent,
            wall: clock::wall(),
            now,
        };
        let made = head.fields.with(|fields| {
            let limit = inner.engine().settings().cache.entry_bytes;
            if !is_bounded(fields, limit) {
                return Err(Unstorable::Part);
            }
            let answered = Answered {
                status: head.status,
                fields,
            };
            let made = self.with_fields(|asked| {
                let asked = Asked {
                    method: &self.method,
                    url: &self.url,
                    fields: asked,
                };
                Kept::of(asked, answered, received)
            });
            let advice = expose_advice(fields).filter(|_| cross_origin && made.is_ok());
            if advice.is_some() {
                let hidden = Notice::HeadersHidden;
                inner.engine().notice(now, scope, hidden, advice);
            }
            made
        });
        let (mut kept, owner) = made.ok()?;
        if !self.whose.named && (owner == Owner::Identity || self.personal) {
            let notice = Notice::IdentityMissing;
            inner.engine().notice(now, scope, notice, None);
            return None;
        }
        kept.tags.clone_from(&self.question.rules.tags);
        Some(kept)
    }

    /// The fields of the request.
    pub(crate) fn with_fields<T>(&self, rule: impl FnOnce(Fields<'_>) -> T) -> T {
        rule(Fields::new(&self.question.pairs()))
    }
}

/// Whether the body has an end, and is no larger than allowed as far as is known.
fn is_bounded(fields: Fields<'_>, limit: u32) -> bool {
    let content = fields.value("content-type").unwrap_or_default();
    let endless = ENDLESS.iter().any(|kind| {
        let start = content.get(..kind.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(kind))
    });
    let length = fields
        .value("content-length")
        .and_then(|it| it.parse().ok());
    !endless && length.unwrap_or(0) <= u64::from(limit)
}
