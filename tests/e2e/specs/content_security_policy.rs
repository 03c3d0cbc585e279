//! A site whose policy forbids WebAssembly: the SDK steps aside and says why.

use anyhow::Result;

use crate::fixture::vite_build_under_csp;
use crate::pages::{Source, ViteApp};

#[tokio::test]
async fn without_webassembly_fetch_is_plain_fetch() -> Result<()> {
    vite_build_under_csp("script-src 'self'", async |stage| {
        let shown = ViteApp::open(stage).await?.shown().await?;
        assert_eq!(shown.rows.len(), 10);
        let source = shown.badge.map(|badge| badge.source);
        assert_eq!(source, Some(Source::Passthrough));
        assert_eq!(shown.engine.state.as_deref(), Some("lost"));
        let reason = shown.engine.text;
        assert!(reason.contains("'wasm-unsafe-eval'"), "{reason}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_one_word_that_a_policy_needs_is_enough() -> Result<()> {
    let policy = "script-src 'self' 'wasm-unsafe-eval'";
    vite_build_under_csp(policy, async |stage| {
        let shown = ViteApp::open(stage).await?.shown().await?;
        assert!(shown.is_live(), "{shown:?}");
        assert_eq!(shown.engine.state.as_deref(), Some("ready"));
        Ok(())
    })
    .await
}
