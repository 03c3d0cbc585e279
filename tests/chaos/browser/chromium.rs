//! Chromium by its DevTools protocol.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Tab;
use super::program::Program;
use super::wire::Wire;

/// What keeps it to the page, also as root in a container.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Tabs of one window, for windows take longer to open than the rest of a run. Behind each other they would run their timers once a second.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--no-proxy-server",
    "--remote-debugging-port=0",
];

#[derive(Debug)]
pub(crate) struct Chromium {
    wire: Wire,
    program: Program,
    lost: Arc<Mutex<Vec<String>>>,
}

impl Chromium {
    pub(super) async fn start() -> Result<Chromium> {
        let profile = Program::profile()?;
        let folder = format!("--user-data-dir={}", profile.path().display());
        let flags = FLAGS.iter().map(|flag| (*flag).to_owned());
        let args: Vec<_> = flags.chain([folder, "about:blank".to_owned()]).collect();
        let (program, address) = Program::start(profile, &args, "DevTools listening on ").await?;
        let lost = Arc::new(Mutex::new(Vec::new()));
        let told = lost.clone();
        let wire = Wire::connect(&address, move |event, params| {
            if event == "Target.targetCrashed" {
                let target = text(params, "targetId");
                told.lock().expect("nobody panics").extend(target);
            }
        })
        .await?;
        let discover = json!({ "discover": true });
        wire.call("", "Target.setDiscoverTargets", discover).await?;
        Ok(Chromium {
            wire,
            program,
            lost,
        })
    }

    pub(super) async fn open(&self, address: &str) -> Result<Tab> {
        let words = json!({ "url": address, "background": true });
        let made = self.wire.call("", "Target.createTarget", words).await?;
        let target = text(&made, "targetId").context("a target has a name")?;
        let words = json!({ "targetId": target, "flatten": true });
        let attached = self.wire.call("", "Target.attachToTarget", words).await?;
        let session = text(&attached, "sessionId").context("a session has a name")?;
        Ok(Tab { target, session })
    }

    pub(super) async fn close(&self, tab: &Tab) -> Result<()> {
        let words = json!({ "targetId": tab.target });
        self.wire.call("", "Target.closeTarget", words).await?;
        Ok(())
    }

    pub(super) async fn crash(&self, tab: &Tab) -> Result<()> {
        self.wire.say(&tab.session, "Page.crash", json!({}));
        self.close(tab).await
    }

    pub(super) async fn reload(&self, tab: &Tab) -> Result<()> {
        self.wire
            .call(&tab.session, "Page.reload", json!({}))
            .await?;
        Ok(())
    }

    pub(super) async fn lifecycle(&self, tab: &Tab, state: &str) -> Result<()> {
        let words = json!({ "state": state });
        self.wire
            .call(&tab.session, "Page.setWebLifecycleState", words)
            .await?;
        Ok(())
    }

    pub(super) fn lost(&self) -> Vec<String> {
        std::mem::take(&mut *self.lost.lock().expect("nobody panics"))
    }

    pub(super) async fn quit(self) {
        self.wire.say("", "Browser.close", json!({}));
        self.program.end().await;
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_owned)
}
