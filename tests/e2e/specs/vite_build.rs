//! The npm package in a project of its own: TypeScript, Vite's production build.

use anyhow::Result;
use tidegate_contract::{JournalQuery, Pattern, paths};

use crate::fixture::vite_build;
use crate::pages::{Shown, ViteApp};

#[tokio::test]
async fn rows_come_from_the_network() -> Result<()> {
    vite_build(async |stage| {
        let shown = ViteApp::open(stage).await?.shown().await?;
        assert!(shown.is_live(), "{shown:?}");
        assert_eq!(shown.rows.len(), 10);
        assert_eq!(shown.engine.state.as_deref(), Some("ready"));

        let calls = JournalQuery {
            path: Some(Pattern::from(paths::ASSETS)),
            settled: true,
            wait_for: 1,
            ..JournalQuery::default()
        };
        let journal = stage.stub.journal(&calls).await?;
        let statuses: Vec<_> = journal.entries.iter().map(|entry| entry.status()).collect();
        assert_eq!(statuses, [Some(200)], "one call, no more: {journal:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn visited_pages_stay_when_the_backend_is_killed() -> Result<()> {
    vite_build(async |stage| {
        let app = ViteApp::open(stage).await?;
        let first = app.shown().await?.rows;
        let second = app.next_page().await?.rows;
        stage.stub.kill().await?;

        for (shown, rows) in [
            (app.previous_page().await?, &first),
            (app.next_page().await?, &second),
        ] {
            assert!(shown.is_kept_copy(), "{shown:?}");
            assert_eq!(&shown.rows, rows);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reload_without_a_backend_shows_the_rows_of_indexeddb() -> Result<()> {
    vite_build(async |stage| {
        let app = ViteApp::open(stage).await?;
        let rows = app.shown().await?.rows;
        app.eventually("the rows are in the database", Shown::is_stored)
            .await?;
        stage.stub.kill().await?;
        stage.browser.reload().await?;

        let shown = app.shown().await?;
        assert!(shown.is_kept_copy(), "{shown:?}");
        assert_eq!(shown.rows, rows);
        assert!(shown.is_stored(), "{shown:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_page_is_live_again_without_a_click() -> Result<()> {
    vite_build(async |stage| {
        let app = ViteApp::open(stage).await?;
        let rows = app.shown().await?.rows;
        app.next_page().await?;
        stage.stub.kill().await?;
        let shown = app.previous_page().await?;
        assert!(shown.is_kept_copy(), "{shown:?}");

        stage.stub.restart().await?;

        let shown = app
            .eventually("the rows are live again", Shown::is_live)
            .await?;
        assert_eq!(shown.rows, rows);
        Ok(())
    })
    .await
}
