//! The page with the npm package: what an application sees of it, and what can be done to the browser's storage behind its back.

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tidegate_contract::{FaultProgram, Listener, paths};
use tidegate_stub_client::SpaceHandle;

use super::Outcome;
use crate::fixture::{Browser, Stage, Tab, eventually};

/// One window with the page in it, and the space whose API it calls.
#[derive(Clone, Debug)]
pub(crate) struct PackagePage<'a> {
    browser: &'a Browser,
    space: &'a SpaceHandle,
    tab: Tab,
}

/// An answer that the page has read to its end.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reading {
    pub(crate) status: u16,
    pub(crate) text: String,
    /// Its `Content-Language`.
    pub(crate) language: Option<String>,
    /// `cache`, `network` and so on.
    pub(crate) source: String,
    pub(crate) age_ms: u64,
    pub(crate) age_certain: bool,
}

/// A call that may not be over.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Running {
    /// Whether its head is there.
    pub(crate) head: bool,
    pub(crate) end: Option<Outcome<Option<Reading>>>,
    /// How long a logout took, in milliseconds.
    pub(crate) ms: Option<u64>,
}

/// Where answers are kept.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    #[serde(rename = "indexeddb")]
    IndexedDb,
    Memory,
    ReadOnly,
    Unopened,
}

/// What the page is told of that, as a state or as an event.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Storage {
    pub(crate) mode: Mode,
    pub(crate) reason: Option<String>,
    /// Answers that were set aside.
    #[serde(default)]
    pub(crate) corrupt: u64,
    /// How often the database was opened again.
    #[serde(default)]
    pub(crate) reopened: u64,
}

#[derive(Deserialize)]
struct Health {
    storage: Storage,
}

/// The events that it has heard.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Told {
    pub(crate) identity: Vec<SignedIn>,
    kept: Vec<Value>,
    pub(crate) storage: Vec<Storage>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedIn {
    pub(crate) signed_in: bool,
    pub(crate) elsewhere: bool,
}

#[derive(Deserialize)]
struct Listed {
    url: String,
}

impl<'a> PackagePage<'a> {
    /// Opens the page in the window that is there already, with the package started.
    pub(crate) async fn open(stage: &'a Stage, space: &'a SpaceHandle) -> Result<PackagePage<'a>> {
        PackagePage::open_with(stage, space, "").await
    }

    /// The same with something in the query string of its address.
    pub(crate) async fn open_with(
        stage: &'a Stage,
        space: &'a SpaceHandle,
        query: &str,
    ) -> Result<PackagePage<'a>> {
        let page = PackagePage::open_unstarted(stage, space, query).await?;
        page.start().await?;
        Ok(page)
    }

    /// The same without the package started.
    pub(crate) async fn open_unstarted(
        stage: &'a Stage,
        space: &'a SpaceHandle,
        query: &str,
    ) -> Result<PackagePage<'a>> {
        let browser = &stage.browser;
        let tab = browser.this_tab().await?;
        browser.open(&format!("/{query}")).await?;
        Ok(PackagePage {
            browser,
            space,
            tab,
        })
    }

    /// Opens it in another window.
    pub(crate) async fn open_beside(&self) -> Result<PackagePage<'a>> {
        let tab = self.browser.new_tab().await?;
        self.browser.open("/").await?;
        let page = PackagePage {
            tab,
            ..self.clone()
        };
        page.start().await?;
        Ok(page)
    }

    /// Starts the package.
    pub(crate) async fn start(&self) -> Result<()> {
        let is_there = async || {
            self.browser.turn_to(&self.tab).await?;
            self.browser
                .read("return typeof start === 'function'")
                .await
        };
        eventually("the page's module has run", is_there, |there| *there).await?;
        self.call("start", json!([])).await
    }

    /// Loads it anew, and starts the package.
    pub(crate) async fn reload(&self) -> Result<()> {
        self.browser.turn_to(&self.tab).await?;
        self.browser.reload().await?;
        self.start().await
    }

    /// Loads it anew with something else in the query string.
    pub(crate) async fn reload_with(&self, query: &str) -> Result<()> {
        self.browser.turn_to(&self.tab).await?;
        self.browser.open(&format!("/{query}")).await?;
        self.start().await
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.browser.close_tab(&self.tab).await
    }

    pub(crate) async fn sign_in(&self, user: &str) -> Result<()> {
        self.call("signIn", [user]).await
    }

    /// Resolves when the page says that nothing of the user can be read any more.
    pub(crate) async fn log_out(&self) -> Result<()> {
        self.call::<Outcome<()>>("logOut", json!([]))
            .await?
            .fulfilled()
    }

    /// Reads something to its end.
    pub(crate) async fn read(&self, path: &str) -> Result<Outcome<Reading>> {
        self.call("read", [self.url(path)]).await
    }

    /// Reads what must be answered by the network, and waits until it is kept.
    pub(crate) async fn keep(&self, path: &str) -> Result<Reading> {
        let before = self.told().await?.kept.len();
        let reading = self.read_from("network", path).await?;
        let told = async || self.told().await;
        eventually("it is kept", told, |told| told.kept.len() > before).await?;
        Ok(reading)
    }

    /// Reads what must be answered from here: `cache`, `network`.
    pub(crate) async fn read_from(&self, source: &str, path: &str) -> Result<Reading> {
        let reading = self.read(path).await?.fulfilled()?;
        ensure!(reading.source == source, "not from {source}: {reading:?}");
        Ok(reading)
    }

    /// The same with a token.
    pub(crate) async fn keep_with_token(&self, path: &str, token: &str) -> Result<Reading> {
        let before = self.told().await?.kept.len();
        let reading: Outcome<Reading> = self.call("read", self.with_token(path, token)).await?;
        let told = async || self.told().await;
        eventually("it is kept", told, |told| told.kept.len() > before).await?;
        reading.fulfilled()
    }

    /// Gives an asset a tag, whoever reads it.
    pub(crate) async fn tag(&self, id: &str, tag: &str) -> Result<()> {
        let change = json!({ "ids": [id], "add": [tag], "remove": [] });
        let init = json!({
            "method": "POST",
            "headers": { "content-type": "application/json" },
            "body": change.to_string(),
        });
        let words = json!([self.url(paths::ASSET_TAGS), init]);
        let answer: Outcome<Reading> = self.call("read", words).await?;
        ensure!(answer.fulfilled()?.status == 200, "the tag was refused");
        Ok(())
    }

    /// Begins to log out; [`PackagePage::running_is`] says how far that is.
    pub(crate) async fn begin_to_log_out(&self) -> Result<()> {
        self.does("beginToLogOut").await
    }

    /// The browser stops the page, as it does to those that nobody has looked at for long.
    pub(crate) async fn freeze(&self) -> Result<()> {
        self.lifecycle("frozen").await?;
        // Its own scripts do not run any more; those of whoever steers the browser do.
        let look = async || self.browser.read("return isFrozen()").await;
        eventually("the page is frozen", look, |frozen| *frozen).await?;
        Ok(())
    }

    /// It goes on.
    pub(crate) async fn wake(&self) -> Result<()> {
        self.lifecycle("active").await
    }

    async fn lifecycle(&self, state: &str) -> Result<()> {
        self.browser.turn_to(&self.tab).await?;
        self.browser.lifecycle(state).await
    }

    /// Begins to read something with a token.
    pub(crate) async fn begin_with_token(&self, path: &str, token: &str) -> Result<()> {
        self.call("begin", self.with_token(path, token)).await
    }

    /// How far that is, as soon as it is as wanted.
    pub(crate) async fn running_is(
        &self,
        what: &str,
        wanted: impl Fn(&Running) -> bool,
    ) -> Result<Running> {
        let look = async || self.call("running", json!([])).await;
        eventually(what, look, wanted).await
    }

    /// The URLs of what is kept, by the package's word.
    pub(crate) async fn list(&self) -> Result<Vec<String>> {
        let list: Vec<Listed> = self.call("list", json!([])).await?;
        Ok(list.into_iter().map(|each| each.url).collect())
    }

    /// Waits until everything is on disk.
    pub(crate) async fn flush(&self) -> Result<()> {
        self.call("flush", json!([])).await
    }

    /// Where answers are kept at this moment.
    pub(crate) async fn storage(&self) -> Result<Storage> {
        let health: Health = self.call("health", json!([])).await?;
        Ok(health.storage)
    }

    /// The same as soon as it is this.
    pub(crate) async fn storage_is(&self, mode: Mode) -> Result<Storage> {
        let look = async || self.storage().await;
        eventually("the place is as wanted", look, |seen| seen.mode == mode).await
    }

    /// What it has been told so far.
    pub(crate) async fn told(&self) -> Result<Told> {
        self.call("told", json!([])).await
    }

    /// Waits until an event `storage` has said this, in this mode.
    pub(crate) async fn hears(&self, mode: Mode, word: &str) -> Result<()> {
        let told = async || self.told().await;
        let said = |told: &Told| {
            let reason = |each: &Storage| each.reason.clone().unwrap_or_default();
            let mut events = told.storage.iter();
            events.any(|each| each.mode == mode && reason(each).contains(word))
        };
        eventually(&format!("an event says {word:?}"), told, said).await?;
        Ok(())
    }

    /// Waits until the last event `storage` says that all is well again.
    pub(crate) async fn hears_that_all_is_well(&self) -> Result<()> {
        let told = async || self.told().await;
        let said = |told: &Told| {
            let last = told.storage.last();
            told.storage.len() > 1
                && last.is_some_and(|it| it.mode == Mode::IndexedDb && it.reason.is_none())
        };
        eventually("an event says that all is well", told, said).await?;
        Ok(())
    }

    /// Every place of the origin in which one of the texts is to be found.
    pub(crate) async fn traces(&self, texts: &[&str]) -> Result<Vec<String>> {
        self.call("traces", texts).await
    }

    /// Calls one of the page's functions that take no words.
    pub(crate) async fn does<T: DeserializeOwned>(&self, function: &str) -> Result<T> {
        self.call(function, json!([])).await
    }

    /// The browser closes every connection to a database, with the event that says so or without.
    pub(crate) async fn closes_connections(&self, with_event: bool) -> Result<()> {
        let closed: u32 = self.call("closeConnections", [with_event]).await?;
        ensure!(closed > 0, "there was none");
        Ok(())
    }

    /// From now on something is wrong with the database.
    pub(crate) async fn breaks(&self, fault: &str) -> Result<()> {
        self.call("breaks", [fault]).await
    }

    /// From now on nothing is wrong any more.
    pub(crate) async fn heals(&self) -> Result<()> {
        self.does("heals").await
    }

    /// The page's clocks go on by so much.
    pub(crate) async fn skip(&self, ms: u64) -> Result<()> {
        self.call("skip", [ms]).await
    }

    /// Somebody sets the page's calendar ahead by so much; its other clock goes on as before.
    pub(crate) async fn set_calendar(&self, ms: i64) -> Result<()> {
        self.call("setCalendar", [ms]).await
    }

    /// The backend refuses connections from now on.
    pub(crate) async fn backend_goes(&self) -> Result<()> {
        let program = FaultProgram::new(1).with_listener(Listener::Closed);
        self.space.put_program(&program).await?;
        Ok(())
    }

    /// The backend is well.
    pub(crate) async fn backend_returns(&self) -> Result<()> {
        self.space.put_program(&FaultProgram::new(1)).await?;
        Ok(())
    }

    async fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        words: impl serde::Serialize,
    ) -> Result<T> {
        self.browser.turn_to(&self.tab).await?;
        self.browser.call(function, words).await
    }

    fn with_token(&self, path: &str, token: &str) -> Value {
        let headers = json!({ "authorization": format!("Bearer {token}") });
        json!([self.url(path), { "headers": headers }])
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.space.info().api)
    }
}

impl Running {
    /// The name of the error that it ended with, if it did.
    pub(crate) fn error(&self) -> Option<&str> {
        self.end.as_ref()?.error()
    }
}
