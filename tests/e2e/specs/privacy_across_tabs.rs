//! Somebody signs out in one window: nothing of theirs is left, in any window and anywhere in the browser.

use anyhow::Result;
use tidegate_contract::paths;

use crate::fixture::package_page;
use crate::pages::PackagePage;
use crate::pages::ann::{MARK, TOKEN, finds_nothing, marked, nothing_has, two_windows};

#[tokio::test]
async fn after_a_logout_nothing_of_the_user_is_left_anywhere() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;
        let places = first.traces(&[MARK]).await?;
        for place in [
            "a key of tidegate.heads",
            "tidegate.heads",
            "tidegate.bodies",
        ] {
            let found = format!("{place} has {MARK}");
            assert!(places.contains(&found), "{place} is not among {places:?}");
        }
        assert_eq!(
            first.list().await?.len(),
            2,
            "each sees what the other kept"
        );
        nothing_has(&second, &[TOKEN]).await?;

        first.log_out().await?;

        for window in [&first, &second] {
            assert!(window.list().await?.is_empty());
            nothing_has(window, &[MARK, TOKEN]).await?;
        }
        let last = second.told().await?.identity.pop();
        let last = last.expect("the second window was told");
        assert!(!last.signed_in && last.elsewhere, "{last:?}");

        first.backend_goes().await?;
        for window in [&first, &second] {
            finds_nothing(window).await?;
            window.sign_in("bob").await?;
            finds_nothing(window).await?;
            window.sign_in("ann").await?;
            finds_nothing(window).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_user_who_goes_leaves_the_others_what_they_have() -> Result<()> {
    package_page(async |stage, space| {
        let bob = PackagePage::open(stage, space).await?;
        bob.sign_in("bob").await?;
        bob.keep_with_token(&paths::asset("ds-00002"), "another")
            .await?;
        let ann = bob.open_beside().await?;
        ann.sign_in("ann").await?;
        ann.keep_with_token(&marked("ds-00001"), TOKEN).await?;

        ann.log_out().await?;

        ann.backend_goes().await?;
        nothing_has(&bob, &[MARK]).await?;
        for window in [&bob, &ann] {
            window.sign_in("bob").await?;
            let path = paths::asset("ds-00002");
            window.read_from("cache", &path).await?;
            assert_eq!(window.list().await?.len(), 1);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_user_who_comes_back_keeps_answers_as_before() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;
        first.log_out().await?;
        for window in [&first, &second] {
            window.sign_in("ann").await?;
            window.keep_with_token(&marked("ds-00003"), TOKEN).await?;
        }
        first.backend_goes().await?;
        second.reload().await?;
        for window in [&first, &second] {
            window.sign_in("ann").await?;
            window.read_from("cache", &marked("ds-00003")).await?;
        }
        Ok(())
    })
    .await
}
