//! Somebody signs in while the logout before is not over yet: the logout is of the one before, and who has come stays.

use anyhow::Result;

use crate::fixture::package_page;
use crate::pages::ann::{MARK, TOKEN, finds_nothing, marked, nothing_has, two_windows};
use crate::pages::{PackagePage, asset};

#[tokio::test]
async fn the_same_user_who_signs_in_during_their_logout_stays() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.sign_in("ann").await?;
        page.keep_with_token(&asset(1), TOKEN).await?;

        page.log_out_and_sign_in("ann").await?;

        assert_eq!(page.list().await?, [""; 0]);
        keeps_again(&page, "ann").await
    })
    .await
}

#[tokio::test]
async fn the_same_user_stays_although_another_window_of_theirs_goes() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;

        first.log_out_and_sign_in("ann").await?;

        second.is_told_that_the_user_went().await?;
        nothing_has(&second, &[MARK]).await?;
        keeps_again(&first, "ann").await?;
        finds_nothing(&second).await
    })
    .await
}

#[tokio::test]
async fn another_user_who_signs_in_before_the_engine_is_ready_stays() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open_unstarted(stage, space, "").await?;

        page.start_and_change_users("ann", "bob").await?;

        keeps_again(&page, "bob").await
    })
    .await
}

#[tokio::test]
async fn a_window_that_wakes_leaves_the_user_who_came_back_what_they_have() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;
        second.freeze().await?;
        first.log_out().await?;
        first.sign_in("ann").await?;
        first.keep_with_token(&marked("ds-00003"), TOKEN).await?;

        second.wake().await?;
        second.is_told_that_the_user_went().await?;
        second.flush().await?;

        keeps_again(&first, "ann").await
    })
    .await
}

/// Who is signed in gets what is kept for nobody else, over a reload as well.
async fn keeps_again(page: &PackagePage<'_>, user: &str) -> Result<()> {
    page.keep_with_token(&asset(4), TOKEN).await?;
    page.backend_goes().await?;
    page.read_from("cache", &asset(4)).await?;
    page.reload().await?;
    page.has_no_answer_to(&asset(4)).await?;
    page.sign_in(user).await?;
    page.read_from("cache", &asset(4)).await?;
    Ok(())
}
