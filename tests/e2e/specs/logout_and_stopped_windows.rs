//! Somebody signs out while another window is frozen, and so neither hears of it nor lets go.

use anyhow::Result;

use crate::fixture::package_page;
use crate::pages::ann::{MARK, TOKEN, finds_nothing, nothing_has, two_windows};
use crate::pages::{PackagePage, Running};

#[tokio::test]
async fn a_window_that_is_frozen_finds_nothing_when_it_wakes() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;
        second.freeze().await?;
        first.begin_to_log_out().await?;
        let logout = is_logged_out(&first).await?;
        // Its lock is taken from it after five seconds, and not before: it was frozen indeed.
        assert!(logout.ms >= Some(5_000), "{logout:?}");
        nothing_has(&first, &[MARK]).await?;
        second.wake().await?;
        first.backend_goes().await?;
        finds_nothing(&second).await?;
        second.sign_in("ann").await?;
        finds_nothing(&second).await
    })
    .await
}

#[tokio::test]
async fn a_window_that_is_closed_meanwhile_is_not_waited_for() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;
        second.freeze().await?;
        first.begin_to_log_out().await?;
        second.close().await?;
        is_logged_out(&first).await?;
        nothing_has(&first, &[MARK, TOKEN]).await
    })
    .await
}

#[tokio::test]
async fn a_window_that_is_loaded_anew_meanwhile_finds_nothing() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;
        second.freeze().await?;
        first.begin_to_log_out().await?;
        second.reload().await?;
        is_logged_out(&first).await?;
        nothing_has(&second, &[MARK, TOKEN]).await?;
        first.backend_goes().await?;
        for window in [&first, &second] {
            window.sign_in("ann").await?;
            finds_nothing(window).await?;
        }
        Ok(())
    })
    .await
}

async fn is_logged_out(window: &PackagePage<'_>) -> Result<Running> {
    let end = window
        .running_is("the logout is over", |it| it.end.is_some())
        .await?;
    assert_eq!(end.error(), None);
    assert!(window.list().await?.is_empty());
    Ok(end)
}
