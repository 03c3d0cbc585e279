//! A stub, the page's site and a browser, for the length of one run.

use anyhow::Result;
use serde_json::{Value, json};
use tidegate_stub_client::{RunningStub, Space, StubProgram};

use crate::browser::Browser;
use crate::place;
use crate::site::Site;
use crate::words::Words;

#[derive(Debug)]
pub(crate) struct Stage {
    stub: RunningStub,
    pub(crate) site: Site,
    pub(crate) browser: Browser,
}

impl Stage {
    pub(crate) async fn set(words: &Words) -> Result<Stage> {
        let stub = StubProgram::at(place::stub()?).start().await?;
        let hello = json!({ "api": stub.api_url(), "settings": settings() });
        let site = Site::serve(place::page(words.seed)?, hello).await?;
        let browser = Browser::start(words.browser).await?;
        Ok(Stage {
            stub,
            site,
            browser,
        })
    }

    pub(crate) fn space(&self) -> Space {
        self.stub.client().default_space()
    }

    pub(crate) fn api(&self) -> &str {
        self.stub.api_url()
    }

    /// Everything goes, the browser first.
    pub(crate) async fn strike(self) {
        self.browser.quit().await;
        // It ends with its handle in any case.
        let _ = self.stub.end().await;
    }
}

/// As an application has them, but that nobody waits long: the rests of an incident of minutes would make a run of hours. No entry is given
/// up for the number of its failures, and a dead letter holds up its lane, so that order is strict.
fn settings() -> Value {
    json!({
        "timeout": { "attemptMs": 2_000, "totalMs": 2_500 },
        "retry": { "earnedPercent": 100, "saved": 1_000 },
        "gate": { "restMs": 100, "overloadRestMs": 200, "restCapMs": 500 },
        "breaker": { "openMs": 100, "openCapMs": 500, "probeMs": 2_000 },
        "concurrency": { "abandonedMs": 100 },
        "outbox": {
            "entries": 10_000,
            "attempts": 1_000,
            "unreachableAttempts": 1_000,
            "baseMs": 50,
            "capMs": 1_000,
            "leaseMs": 5_000,
            "spreadMs": 25,
            "deadHalts": 1,
        },
    })
}
