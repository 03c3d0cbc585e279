//! Firefox by WebDriver BiDi, which it speaks by itself. It has no word for a crash or for freezing a page.

use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use super::Tab;
use super::program::Program;
use super::wire::Wire;

/// No proxy, and none of the errands that it runs by itself.
const PREFERENCES: &str = r#"user_pref("app.normandy.enabled", false);
user_pref("app.update.auto", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.region.update.enabled", false);
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.proxy.type", 0);
user_pref("toolkit.telemetry.enabled", false);
"#;

#[derive(Debug)]
pub(crate) struct Firefox {
    wire: Wire,
    program: Program,
}

impl Firefox {
    pub(super) async fn start() -> Result<Firefox> {
        let profile = Program::profile()?;
        fs::write(profile.path().join("user.js"), PREFERENCES)?;
        let folder = profile.path().display().to_string();
        let args = [
            "--headless",
            "--no-remote",
            "--profile",
            &folder,
            "--remote-debugging-port=0",
        ];
        let args = args.map(str::to_owned);
        let (program, address) =
            Program::start(profile, &args, "WebDriver BiDi listening on ").await?;
        let wire = Wire::connect(&format!("{address}/session"), |_, _| ()).await?;
        let words = json!({ "capabilities": {} });
        wire.call("", "session.new", words).await?;
        Ok(Firefox { wire, program })
    }

    pub(super) async fn open(&self, address: &str) -> Result<Tab> {
        let words = json!({ "type": "window" });
        let made = self.wire.call("", "browsingContext.create", words).await?;
        let target = made["context"].as_str().context("a context has a name")?;
        let words = json!({ "context": target, "url": address, "wait": "none" });
        self.wire
            .call("", "browsingContext.navigate", words)
            .await?;
        Ok(Tab {
            target: target.to_owned(),
            session: String::new(),
        })
    }

    pub(super) async fn close(&self, tab: &Tab) -> Result<()> {
        let words = json!({ "context": tab.target });
        self.wire.call("", "browsingContext.close", words).await?;
        Ok(())
    }

    pub(super) async fn reload(&self, tab: &Tab) -> Result<()> {
        let words = json!({ "context": tab.target, "wait": "none" });
        self.wire.call("", "browsingContext.reload", words).await?;
        Ok(())
    }

    pub(super) async fn quit(self) {
        self.wire.say("", "browser.close", json!({}));
        self.program.end().await;
    }
}
