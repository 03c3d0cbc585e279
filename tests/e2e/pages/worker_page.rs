//! A page with the package and a service worker, and what the browser does to the worker.

use anyhow::Result;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tidegate_contract::{Fault, FaultProgram, Listener, Rule};
use tidegate_stub_client::SpaceHandle;

use super::asset;
use crate::fixture::{Browser, Stage, Tab, eventually};

/// The path of a switch that stops all workers.
const SWITCH: &str = "/api/switch";

/// One window with the page in it, and the space whose API it calls.
#[derive(Clone, Debug)]
pub(crate) struct WorkerPage<'a> {
    browser: &'a Browser,
    space: &'a SpaceHandle,
    tab: Tab,
}

impl<'a> WorkerPage<'a> {
    /// Opens the page as a user's, or nobody's.
    pub(crate) async fn open(
        stage: &'a Stage,
        space: &'a SpaceHandle,
        user: Option<&str>,
    ) -> Result<WorkerPage<'a>> {
        let page = WorkerPage::open_unstarted(stage, space).await?;
        page.call::<()>("start", [user]).await?;
        Ok(page)
    }

    /// The same without the package started.
    pub(crate) async fn open_unstarted(
        stage: &'a Stage,
        space: &'a SpaceHandle,
    ) -> Result<WorkerPage<'a>> {
        let browser = &stage.browser;
        let tab = browser.this_tab().await?;
        browser.open("/worker.html").await?;
        let has_run = async || browser.read("return typeof start === 'function'").await;
        eventually("the page's module has run", has_run, |there| *there).await?;
        Ok(WorkerPage {
            browser,
            space,
            tab,
        })
    }

    /// Registers the worker of an address, and has the page use it, until it stands so with it.
    pub(crate) async fn attach(&self, script: &str, state: &str) -> Result<()> {
        self.attach_as(script, "module", state).await
    }

    /// The same with one that has no modules.
    pub(crate) async fn attach_classic(&self, script: &str, state: &str) -> Result<()> {
        self.attach_as(script, "classic", state).await
    }

    async fn attach_as(&self, script: &str, kind: &str, state: &str) -> Result<()> {
        self.call::<()>("attach", [script, kind]).await?;
        let stands = async || self.does::<Option<String>>("worker").await;
        eventually(script, stands, |it| it.as_deref() == Some(state)).await?;
        Ok(())
    }

    /// The address of a worker that asks a switch.
    pub(crate) fn with_switch(&self) -> String {
        format!("/worker.js?switch={}{SWITCH}", self.space.info().api)
    }

    pub(crate) async fn sign_in(&self, user: &str) -> Result<()> {
        self.call("signIn", [user]).await
    }

    pub(crate) async fn log_out(&self) -> Result<()> {
        self.does("logOut").await
    }

    /// Queues writes to so many assets while the backend refuses connections, and waits until each has failed once and a worker may send them.
    pub(crate) async fn leaves(&self, user: &str, writes: u32) -> Result<()> {
        let closed = FaultProgram::new(1).with_listener(Listener::Closed);
        self.space.put_program(&closed).await?;
        let api = &self.space.info().api;
        let urls: Vec<String> = (1..=writes)
            .map(|number| format!("{api}{}", asset(number)))
            .collect();
        self.call::<()>("queue", [urls]).await?;
        let states = async || self.states().await;
        eventually("the first has failed", states, |states| {
            states.iter().any(|state| state == "resting")
        })
        .await?;
        let mandate = async || self.mandate().await;
        eventually("a worker may send them", mandate, |mandate| {
            mandate.as_deref() == Some(user)
        })
        .await?;
        Ok(())
    }

    pub(crate) async fn states(&self) -> Result<Vec<String>> {
        self.does("states").await
    }

    /// Whose queue a worker may drain.
    pub(crate) async fn mandate(&self) -> Result<Option<String>> {
        self.does("mandate").await
    }

    /// Changes what a worker may do, as a page of another release would have written it.
    pub(crate) async fn mandate_of(&self, change: Value) -> Result<()> {
        self.call("mandateOf", [change]).await
    }

    /// What the page had the browser wake the worker for.
    pub(crate) async fn wakes(&self) -> Result<Vec<String>> {
        self.does("wakes").await
    }

    pub(crate) async fn is_registered(&self) -> Result<bool> {
        self.does("isRegistered").await
    }

    /// Has the worker drain, and waits until it says what became of it.
    pub(crate) async fn drain(&self) -> Result<String> {
        self.does("drain").await
    }

    /// Has the worker drain, and waits until it stands in line behind a page.
    pub(crate) async fn begins_to_drain_behind_a_page_of(&self, user: &str) -> Result<()> {
        self.does::<()>("beginToDrain").await?;
        let waits = async || self.call::<bool>("isWaited", [user]).await;
        eventually("the worker is in line", waits, |waits| *waits).await?;
        Ok(())
    }

    /// What became of what it began.
    pub(crate) async fn what_it_began(&self) -> Result<String> {
        self.does("whatItBegan").await
    }

    /// Closes the page. Its window stays, without a page of the site.
    pub(crate) async fn close(self) -> Result<()> {
        self.browser.turn_to(&self.tab).await?;
        self.browser.leave().await
    }

    /// The backend is well, or as this rule says.
    pub(crate) async fn backend(&self, rule: Option<Rule>) -> Result<()> {
        let program = FaultProgram::new(1);
        let program = match rule {
            Some(rule) => program.with_rule(rule),
            None => program,
        };
        self.space.put_program(&program).await?;
        Ok(())
    }

    async fn does<T: DeserializeOwned>(&self, function: &str) -> Result<T> {
        self.call(function, json!([])).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        words: impl serde::Serialize,
    ) -> Result<T> {
        self.browser.turn_to(&self.tab).await?;
        self.browser.call(function, words).await
    }
}

/// The switch is answered 410.
pub(crate) fn switched_off() -> Rule {
    let gone = Fault::Status {
        code: 410,
        retry_after: None,
    };
    Rule::new("switched off", gone).on_path(SWITCH)
}
