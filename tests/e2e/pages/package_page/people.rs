//! Who is signed in, and a window that the browser stops.

use anyhow::Result;
use serde::Deserialize;

use super::PackagePage;
use super::storage::Told;
use crate::fixture::eventually;
use crate::pages::Outcome;

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedIn {
    pub(crate) signed_in: bool,
    pub(crate) elsewhere: bool,
}

impl PackagePage<'_> {
    pub(crate) async fn sign_in(&self, user: &str) -> Result<()> {
        self.call("signIn", [user]).await
    }

    /// Resolves when the page says that nothing of the user can be read any more.
    pub(crate) async fn log_out(&self) -> Result<()> {
        self.try_to_log_out().await?.fulfilled()
    }

    /// The same, whatever comes of it.
    pub(crate) async fn try_to_log_out(&self) -> Result<Outcome<()>> {
        self.does("logOut").await
    }

    /// Somebody signs in before the logout is over.
    pub(crate) async fn log_out_and_sign_in(&self, user: &str) -> Result<()> {
        let gone: Outcome<()> = self.call("logOutAndSignIn", [user]).await?;
        gone.fulfilled()
    }

    /// Starts the package, and has somebody sign in, sign out, and another one sign in before it is ready.
    pub(crate) async fn start_and_change_users(&self, before: &str, after: &str) -> Result<()> {
        self.has_run().await?;
        let words = [before, after];
        let gone: Outcome<()> = self.call("startAndChangeUsers", words).await?;
        gone.fulfilled()
    }

    /// Waits until it hears that its user went in another window.
    pub(crate) async fn is_told_that_the_user_went(&self) -> Result<()> {
        let told = async || self.told().await;
        let went = |last: &SignedIn| !last.signed_in && last.elsewhere;
        let said = |told: &Told| told.identity.last().is_some_and(went);
        eventually("it is told that the user went", told, said).await?;
        Ok(())
    }

    /// Begins to log out; [`PackagePage::running_is`] says how far that is.
    pub(crate) async fn begin_to_log_out(&self) -> Result<()> {
        self.does("beginToLogOut").await
    }

    /// The browser stops the page, as it does to those that nobody has looked at for long.
    pub(crate) async fn freeze(&self) -> Result<()> {
        // Only then: browsers stop no page by themselves that has others wait for its transactions.
        self.flush().await?;
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
}
