//! Every call of the demo, typed: the contract's questions and answers over one [`Client`].

use gloo_net::http::{Request, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tidegate::{Answer, Client, Error, Explanation, Queue, Reason, Rules, Source, StrategyName};
use tidegate_contract::{
    AccessQuery, AccessRequest, Asset, AssetDetail, AssetQuery, AuditEntry, AuditQuery, Lineage,
    MAX_PAGE_SIZE, Page, paths,
};

use crate::person::Person;
use crate::writes::Change;
use leptos::prelude::{GetValue as _, LocalStorage, StoredValue, expect_context};

/// An answer: what was asked for, and what the SDK says of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Loaded<T> {
    pub(crate) value: T,
    pub(crate) explanation: Explanation,
}

/// An asset, with the tag that a change to it must name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub(crate) asset: AssetDetail,
    pub(crate) etag: Option<String>,
}

/// Why there is nothing to show, by what the reader can do about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    /// Nothing: there is no such thing. Look for another one.
    Missing,
    /// Nothing: the backend does not take this question.
    Refused(u16),
    /// Wait, or try again: there is no answer now and none is kept.
    Unanswered(Reason),
    /// Reload: this page and the backend do not speak the same language.
    Unreadable,
}

/// The backend, for whoever has it from [`Api::of_context`].
#[derive(Clone, Debug)]
pub(crate) struct Api {
    client: Client,
    base: String,
    person: Option<Person>,
}

impl Api {
    /// The backend as this person asks it, or nobody.
    pub(crate) fn new(client: Client, base: String, person: Option<Person>) -> Api {
        Api {
            client,
            base,
            person,
        }
    }

    /// The one that the app provides. The client lives on this thread only, hence the stored handle.
    pub(crate) fn of_context() -> Api {
        expect_context::<StoredValue<Api, LocalStorage>>().get_value()
    }

    /// The SDK's handle.
    pub(crate) fn of_context_client() -> Client {
        Api::of_context().client
    }

    /// One page of the catalogue.
    pub(crate) async fn assets(self, query: AssetQuery) -> Result<Loaded<Page<Asset>>, Trouble> {
        self.get(&query.to_path()).await
    }

    /// One asset in full.
    pub(crate) async fn asset(self, id: String) -> Result<Loaded<Known>, Trouble> {
        self.known(&id, Rules::new()).await
    }

    /// One asset as it is now, or nothing.
    pub(crate) async fn present_asset(self, id: String) -> Result<Known, Trouble> {
        let rules = Rules::new().with_strategy(StrategyName::NetworkOnly);
        Ok(self.known(&id, rules).await?.value)
    }

    /// Who waits for a decision.
    pub(crate) async fn access_requests(
        self,
        query: AccessQuery,
    ) -> Result<Loaded<Page<AccessRequest>>, Trouble> {
        self.get(&query.to_path()).await
    }

    /// The latest lines of the audit log, at least so many of them if there are, the oldest first.
    pub(crate) async fn latest(self, lines: u64) -> Result<Loaded<Vec<AuditEntry>>, Trouble> {
        // It begins with the oldest, so first where its end is.
        let query = AuditQuery {
            size: Some(1),
            ..AuditQuery::default()
        };
        let oldest = self.get::<Page<AuditEntry>>(&query.to_path()).await?;
        let newest = match oldest.value.items.first() {
            Some(entry) => entry.seq + u64::from(oldest.value.total) - 1,
            None => 0,
        };
        let query = AuditQuery {
            since: Some(newest.saturating_sub(lines)),
            size: Some(MAX_PAGE_SIZE),
            ..AuditQuery::default()
        };
        let page = self.get::<Page<AuditEntry>>(&query.to_path()).await?;
        // Where the end is not known, what comes is no newer than that.
        let explanation = match oldest.explanation.source {
            Source::Cache => oldest.explanation,
            _ => page.explanation,
        };
        Ok(Loaded {
            value: page.value.items,
            explanation,
        })
    }

    /// Queues a change; the number of its entry. `key` makes it safe to repeat.
    pub(crate) async fn queue(&self, change: &Change, key: &str) -> Result<u64, Error> {
        let request = RequestBuilder::new(&format!("{}{}", self.base, change.path()))
            .method(change.method())
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key);
        let request = match change.etag() {
            Some(etag) => request.header("If-Match", etag),
            None => request,
        };
        let invalid = |error: gloo_net::Error| Error::Invalid(error.to_string().into());
        let request = request.body(change.body()).map_err(invalid)?;
        let queue = Queue::new().merges(change.merges());
        let answer = self.client.request(request).queue(queue).send().await?;
        let text = answer.response.text().await.map_err(invalid)?;
        let accepted: Accepted = serde_json::from_str(&text)
            .map_err(|error| Error::Invalid(error.to_string().into()))?;
        Ok(accepted.entry)
    }

    /// Whose calls these are.
    pub(crate) fn person(&self) -> Option<Person> {
        self.person
    }

    /// Where the backend is.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The SDK's handle.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// What an asset is made from, and what is made from it.
    pub(crate) async fn lineage(self, id: String) -> Result<Loaded<Lineage>, Trouble> {
        self.get(&paths::asset_lineage(&id)).await
    }

    /// What the SDK calls the route of a contract's path template, in events and in its health.
    pub(crate) fn scope(&self, template: &str) -> String {
        format!("{}{}", self.base, template.replace("{id}", ":id"))
    }

    async fn known(&self, id: &str, rules: Rules) -> Result<Loaded<Known>, Trouble> {
        let answer = self.ask(&paths::asset(id), rules).await?;
        let etag = answer.response.headers().get("etag");
        let Loaded { value, explanation } = read(answer).await?;
        let value = Known { asset: value, etag };
        Ok(Loaded { value, explanation })
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<Loaded<T>, Trouble> {
        read(self.ask(path, Rules::new()).await?).await
    }

    async fn ask(&self, path: &str, rules: Rules) -> Result<Answer, Trouble> {
        let url = format!("{}{path}", self.base);
        let mut request = Request::get(&url);
        if let Some(person) = self.person {
            request = request.header("Authorization", &person.authorization());
        }
        let request = request.build().map_err(|_| Trouble::Unreadable)?;
        let answer = self.client.request(request).rules(rules).send().await;
        let answer = answer.map_err(|error| trouble(&error))?;
        match trouble_of_status(&answer) {
            Some(trouble) => Err(trouble),
            None => Ok(answer),
        }
    }
}

/// What the SDK answers to a write that it has queued.
#[derive(Deserialize)]
struct Accepted {
    entry: u64,
}

async fn read<T: DeserializeOwned>(answer: Answer) -> Result<Loaded<T>, Trouble> {
    // A body that breaks off is a backend that went away.
    let text = answer.response.text().await;
    let text = text.map_err(|_| Trouble::Unanswered(Reason::Unreachable))?;
    let value = serde_json::from_str(&text).map_err(|_| Trouble::Unreadable)?;
    Ok(Loaded {
        value,
        explanation: answer.explanation,
    })
}

impl Trouble {
    /// Whether it may be over later, without anybody changing the question.
    pub(crate) fn may_pass(self) -> bool {
        matches!(self, Trouble::Unanswered(_))
    }
}

fn trouble(error: &Error) -> Trouble {
    match error {
        Error::Refused { reason, .. } => Trouble::Unanswered(*reason),
        _ => Trouble::Unanswered(Reason::Unreachable),
    }
}

fn trouble_of_status(answer: &Answer) -> Option<Trouble> {
    match answer.response.status() {
        _ if answer.response.ok() => None,
        _ if answer.explanation.reason.is_some() => Some(Trouble::Unanswered(Reason::Status)),
        404 => Some(Trouble::Missing),
        status => Some(Trouble::Refused(status)),
    }
}
