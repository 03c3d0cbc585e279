//! The browser gives no database, as some do in private windows: copies are kept in memory, and the page says so.

use anyhow::Result;

use crate::fixture::demo;
use crate::pages::{Catalogue, Panel};

#[tokio::test]
async fn a_database_that_refuses_to_open_is_replaced_by_memory() -> Result<()> {
    memory_serves(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };",
    )
    .await
}

#[tokio::test]
async fn a_browser_without_a_database_is_served_from_memory() -> Result<()> {
    memory_serves("Object.defineProperty(window, 'indexedDB', { value: undefined });").await
}

async fn memory_serves(script: &str) -> Result<()> {
    demo(async |stage| {
        stage.browser.before_every_page(script).await?;
        let catalogue = Catalogue::open(stage).await?;
        let list = catalogue.shown().await?;
        assert!(list.is_live(), "{list:?}");
        let storage = Panel::of(stage).storage_is("memory").await?;
        assert!(storage.names_a_reason(), "{storage:?}");
        catalogue.next_page().await?;

        stage.stub.kill().await?;

        let copy = catalogue.back().await?;
        assert!(copy.is_kept_copy(), "{copy:?}");
        assert_eq!(copy.rows, list.rows);
        Ok(())
    })
    .await
}
