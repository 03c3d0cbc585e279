//! The page is loaded anew while the backend is down: memory is gone, the browser's database is not.

use anyhow::Result;

use crate::fixture::demo;
use crate::pages::{Catalogue, Panel};

#[tokio::test]
async fn a_reload_without_a_backend_shows_the_rows_of_indexeddb() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let rows = catalogue.shown().await?.rows;
        Panel::of(stage).storage_is("indexeddb").await?;
        stage.stub.kill().await?;
        stage.browser.reload().await?;

        let list = catalogue.shown().await?;
        assert!(list.is_kept_copy(), "{list:?}");
        assert_eq!(list.rows, rows);
        Panel::of(stage).storage_is("indexeddb").await?;
        Ok(())
    })
    .await
}
