//! The npm package under Vite's development server, which bundles packages in its own way.

use anyhow::Result;

use crate::fixture::vite_dev_server;
use crate::pages::ViteApp;

#[tokio::test]
async fn rows_come_through_the_engine() -> Result<()> {
    vite_dev_server(async |stage| {
        let shown = ViteApp::open(stage).await?.shown().await?;
        assert!(shown.is_live(), "{shown:?}");
        assert_eq!(shown.engine.state.as_deref(), Some("ready"));
        Ok(())
    })
    .await
}
