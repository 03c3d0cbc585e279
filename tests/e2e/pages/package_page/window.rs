//! One window with the page in it, and the space whose API it calls.

use anyhow::Result;
use serde::de::DeserializeOwned;
use serde_json::json;
use tidegate_contract::{FaultProgram, Listener};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::{Browser, Stage, Tab, eventually};

/// One window with the page in it, and the space whose API it calls.
#[derive(Clone, Debug)]
pub(crate) struct PackagePage<'a> {
    pub(super) browser: &'a Browser,
    pub(super) space: &'a SpaceHandle,
    pub(super) tab: Tab,
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
        self.has_run().await?;
        self.does("start").await
    }

    /// Waits until the page's module has run.
    pub(super) async fn has_run(&self) -> Result<()> {
        let is_there = async || {
            self.browser.turn_to(&self.tab).await?;
            self.browser
                .read("return typeof start === 'function'")
                .await
        };
        eventually("the page's module has run", is_there, |there| *there).await?;
        Ok(())
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

    /// Calls one of the page's functions that take no words.
    pub(crate) async fn does<T: DeserializeOwned>(&self, function: &str) -> Result<T> {
        self.call(function, json!([])).await
    }

    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        words: impl serde::Serialize,
    ) -> Result<T> {
        self.browser.turn_to(&self.tab).await?;
        self.browser.call(function, words).await
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.space.info().api)
    }
}
