//! Three requests in ten are refused at once: kept copies hide it, and what has none comes up by itself.

use anyhow::Result;
use tidegate_contract::{AssetQuery, JournalEntry, JournalQuery, Pattern, Preset, paths};

use crate::fixture::{Stage, demo};
use crate::pages::{Catalogue, Panel};

/// Pages of the list; an asset is opened on each but the first.
const PAGES: u32 = 8;

#[tokio::test]
async fn copies_hide_a_flaky_backend_and_what_has_none_comes_up_by_itself() -> Result<()> {
    demo(async |stage| {
        stage.stub.preset(Preset::Flaky30).await?;
        let mut walk = Walk {
            stage,
            catalogue: Catalogue::open(stage).await?,
            seen: Vec::new(),
            views: 0,
            unanswered: 0,
        };
        walk.through_what_is_new().await?;
        walk.back_through_what_was_seen().await?;
        assert!(walk.views >= 15);

        let calls = Panel::of(stage).shown().await?.counter("calls");
        let requests = requests(stage).await?;
        let failures = requests.iter().filter(|one| one.status() == Some(503));
        let (arrived, failures) = (requests.len() as u64, failures.count() as u64);
        let amplification = arrived as f64 / calls as f64;
        eprintln!(
            "{} page views, {} without an answer at first: {calls} calls, {arrived} requests, \
             {failures} of them 503, amplification {amplification:.2}",
            walk.views, walk.unanswered
        );
        assert!(failures > 0);
        // Every repetition has a failure before it.
        assert!(arrived <= calls + failures);
        // Three attempts of which three in ten fail would be 1 + 0.3 + 0.09 = 1.39; a 503 is repeated from what was saved up only.
        assert!(amplification <= 1.6, "{amplification}");
        Ok(())
    })
    .await
}

/// A visitor on the way through the catalogue.
struct Walk<'a> {
    stage: &'a Stage,
    catalogue: Catalogue<'a>,
    /// Assets that were shown.
    seen: Vec<String>,
    views: u32,
    /// Views that had nothing to show at first.
    unanswered: u32,
}

impl Walk<'_> {
    /// What was never seen has no copy: it may be missing, when its attempt was refused. What was seen a moment ago may not.
    async fn through_what_is_new(&mut self) -> Result<()> {
        self.new_list(1).await?;
        for page in 2..=PAGES {
            self.catalogue.next_page().await?;
            let rows = self.new_list(page).await?;
            self.new_asset(&rows[0]).await?;
            self.catalogue.back_from_asset().await?;
            self.seen_list().await?;
        }
        Ok(())
    }

    async fn back_through_what_was_seen(&mut self) -> Result<()> {
        for page in (1..=PAGES).rev() {
            let rows = self.seen_list().await?;
            if let Some(asset) = rows.iter().find(|id| self.seen.contains(id)) {
                self.seen_asset(asset).await?;
                self.catalogue.back_from_asset().await?;
            }
            if page > 1 {
                self.catalogue.back().await?;
            }
        }
        Ok(())
    }

    /// A list that has no answer comes up by itself.
    async fn new_list(&mut self, page: u32) -> Result<Vec<String>> {
        self.views += 1;
        let list = self.catalogue.shown().await?;
        if !list.no_answer {
            return Ok(list.rows);
        }
        let query = AssetQuery {
            page: Some(page).filter(|page| *page > 1),
            ..AssetQuery::default()
        };
        self.expect_a_refusal(&query.to_path()).await?;
        // A probe of a backend that fails three times in ten may fail as well, and the next one comes later.
        self.stage.stub.preset(Preset::Healthy).await?;
        let rows = self.comes_up().await?;
        self.stage.stub.preset(Preset::Flaky30).await?;
        Ok(rows)
    }

    /// Free probes come after 12, 24 and 48 s, and each wait is for 20.
    async fn comes_up(&self) -> Result<Vec<String>> {
        let mut waited = 1;
        loop {
            let up = self
                .catalogue
                .eventually("the page comes up by itself", |list| !list.rows.is_empty());
            match up.await {
                Ok(list) => return Ok(list.rows),
                Err(error) if waited == 3 => return Err(error),
                Err(_) => waited += 1,
            }
        }
    }

    async fn new_asset(&mut self, id: &str) -> Result<()> {
        self.views += 1;
        let detail = self.catalogue.open_asset(id).await?.shown().await?;
        if detail.no_answer {
            self.expect_a_refusal(&paths::asset(id)).await
        } else if detail.no_lineage {
            self.expect_a_refusal(&paths::asset_lineage(id)).await
        } else {
            self.seen.push(id.to_owned());
            Ok(())
        }
    }

    async fn seen_list(&mut self) -> Result<Vec<String>> {
        self.views += 1;
        let list = self.catalogue.shown().await?;
        assert!(!list.no_answer, "it was shown before: {list:?}");
        Ok(list.rows)
    }

    async fn seen_asset(&mut self, id: &str) -> Result<()> {
        self.views += 1;
        let detail = self.catalogue.open_asset(id).await?.shown().await?;
        let nothing = detail.no_answer || detail.no_lineage;
        assert!(!nothing, "{id} was shown before: {detail:?}");
        Ok(())
    }

    async fn expect_a_refusal(&mut self, path: &str) -> Result<()> {
        self.unanswered += 1;
        let mut attempts = requests(self.stage).await?;
        let failed =
            |attempts: &[JournalEntry]| attempts.iter().any(|one| one.status() == Some(503));
        // An origin that has failed may be left alone for a moment: then nothing of it arrived.
        let was_left_alone = failed(&attempts);
        attempts.retain(|attempt| attempt.path == path);
        let explained = failed(&attempts) || attempts.is_empty() && was_left_alone;
        assert!(explained, "{path}: {attempts:#?}");
        Ok(())
    }
}

/// What arrived at the API, in order, without preflights.
async fn requests(stage: &Stage) -> Result<Vec<JournalEntry>> {
    let query = JournalQuery {
        path: Some(Pattern::from("/api/*")),
        method: Some("GET".to_owned()),
        ..JournalQuery::default()
    };
    let mut entries = stage.stub.journal(&query).await?.entries;
    // The feed connects, which is nobody's call.
    entries.retain(|entry| !entry.path.starts_with(paths::FEED));
    Ok(entries)
}
