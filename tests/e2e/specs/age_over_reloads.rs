//! How old a kept answer is: counted by the page's own clock while it lives, by the calendar after that, and honest about which.

use anyhow::Result;
use tidegate_contract::paths;

use crate::fixture::package_page;
use crate::pages::PackagePage;

const HOUR: u64 = 3_600_000;
/// What a busy machine may take from the answer to the look at its age.
const SLACK: u64 = 60_000;

#[tokio::test]
async fn an_answer_grows_old_with_its_page() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(paths::ASSETS).await?;
        page.backend_goes().await?;
        let mut before = 0;
        for hours in 0..3 {
            let kept = page.read_from("cache", paths::ASSETS).await?;
            let expected = hours * HOUR..hours * HOUR + SLACK;
            assert!(expected.contains(&kept.age_ms), "{kept:?}");
            assert!(kept.age_certain && kept.age_ms >= before, "{kept:?}");
            before = kept.age_ms;
            page.skip(HOUR).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_calendar_that_is_set_makes_no_answer_younger_and_its_age_a_guess() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(paths::ASSETS).await?;
        page.backend_goes().await?;
        page.skip(HOUR).await?;
        let before = page.read_from("cache", paths::ASSETS).await?;
        page.set_calendar(-(2 * HOUR as i64)).await?;
        let kept = page.read_from("cache", paths::ASSETS).await?;
        assert!(kept.age_ms >= before.age_ms, "{before:?}, {kept:?}");
        assert!(
            before.age_certain && !kept.age_certain,
            "{before:?}, {kept:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_reload_the_age_is_the_calendars_and_certain() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(paths::ASSETS).await?;
        page.backend_goes().await?;
        page.reload_with(&format!("?calendar={HOUR}")).await?;
        let kept = page.read_from("cache", paths::ASSETS).await?;
        assert!((HOUR..HOUR + SLACK).contains(&kept.age_ms), "{kept:?}");
        assert!(kept.age_certain, "{kept:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_reload_under_an_earlier_calendar_the_age_is_a_guess() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(paths::ASSETS).await?;
        page.backend_goes().await?;
        page.reload_with(&format!("?calendar=-{HOUR}")).await?;
        let kept = page.read_from("cache", paths::ASSETS).await?;
        assert!(kept.age_ms < SLACK && !kept.age_certain, "{kept:?}");
        Ok(())
    })
    .await
}
