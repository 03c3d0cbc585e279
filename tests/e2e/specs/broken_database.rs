//! What goes wrong with a browser's database goes wrong here, one thing at a time: calls are answered all the same, the page says where
//! answers are kept and why, and when it is over they are kept over a reload again.

use anyhow::Result;
use tidegate_contract::paths;

use crate::fixture::{Stage, package_page};
use crate::pages::{Mode, Outcome, PackagePage};

/// Longer than the database is left alone after it has failed once.
const REST: u64 = 10_000;

#[tokio::test]
async fn a_database_that_is_refused_is_used_once_it_is_not() -> Result<()> {
    memory_until_it_opens("refuses", "SecurityError").await
}

#[tokio::test]
async fn a_database_that_never_opens_is_used_once_it_does() -> Result<()> {
    memory_until_it_opens("never-opens", "does not answer").await
}

#[tokio::test]
async fn a_database_that_another_version_holds_is_used_once_that_is_gone() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open_unstarted(stage, space, "").await?;
        page.does::<()>("holdOlder").await?;
        page.start().await?;
        page.keep(&asset(1)).await?;
        serves_from_memory(&page, "blocked").await?;

        page.does::<()>("letGo").await?;

        page.storage_is(Mode::IndexedDb).await?;
        page.hears_that_all_is_well().await?;
        page.flush().await?;
        keeps_over_a_reload(&page, &[asset(1)]).await
    })
    .await
}

#[tokio::test]
async fn a_connection_that_the_browser_closes_is_opened_again() -> Result<()> {
    closed_in_use(true).await
}

#[tokio::test]
async fn a_connection_that_is_closed_without_a_word_is_opened_again() -> Result<()> {
    closed_in_use(false).await
}

#[tokio::test]
async fn a_full_disk_that_refuses_records_is_read_and_not_written() -> Result<()> {
    full_disk("full-at-put").await
}

#[tokio::test]
async fn a_full_disk_that_refuses_transactions_is_read_and_not_written() -> Result<()> {
    full_disk("full-at-commit").await
}

#[tokio::test]
async fn a_full_disk_that_says_nothing_is_read_and_not_written() -> Result<()> {
    full_disk("commit-aborts").await
}

#[tokio::test]
async fn one_write_that_fails_is_one_answer_that_is_not_kept() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        page.breaks("put-fails").await?;
        page.read_from("network", &asset(2)).await?;
        page.hears(Mode::IndexedDb, "ConstraintError").await?;
        page.backend_goes().await?;
        page.read_from("cache", &asset(1)).await?;
        is_rejected(&page, &asset(2)).await?;

        page.backend_returns().await?;
        page.heals().await?;
        page.keep(&asset(2)).await?;
        keeps_over_a_reload(&page, &[asset(1), asset(2)]).await
    })
    .await
}

#[tokio::test]
async fn a_disk_that_fails_is_replaced_by_memory_until_it_works() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        page.breaks("commit-fails").await?;
        page.keep(&asset(2)).await?;
        page.hears(Mode::Memory, "UnknownError").await?;
        page.backend_goes().await?;
        page.read_from("cache", &asset(2)).await?;

        page.heals().await?;
        comes_back(&page, &asset(2)).await?;
        keeps_over_a_reload(&page, &[asset(1), asset(2)]).await
    })
    .await
}

#[tokio::test]
async fn a_body_with_another_bit_is_never_served() -> Result<()> {
    corrupt("spoilBodies").await
}

#[tokio::test]
async fn a_body_that_was_cut_is_never_served() -> Result<()> {
    corrupt("cutBodies").await
}

#[tokio::test]
async fn a_head_that_says_something_else_is_never_served() -> Result<()> {
    corrupt("spoilHeads").await
}

#[tokio::test]
async fn a_database_that_somebody_deletes_is_made_anew() -> Result<()> {
    gone_behind_our_back(async |page, _| page.does("deleteDatabase").await).await
}

#[tokio::test]
async fn a_database_that_the_browser_clears_is_made_anew() -> Result<()> {
    gone_behind_our_back(async |_, stage| stage.browser.clear_databases().await).await
}

async fn gone_behind_our_back(
    delete: impl AsyncFn(&PackagePage<'_>, &Stage) -> Result<()>,
) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        delete(&page, stage).await?;
        page.backend_goes().await?;
        is_rejected(&page, &asset(1)).await?;
        page.hears(Mode::IndexedDb, "vanished").await?;
        page.backend_returns().await?;
        page.keep(&asset(1)).await?;
        assert_eq!(page.storage().await?.mode, Mode::IndexedDb);
        keeps_over_a_reload(&page, &[asset(1)]).await
    })
    .await
}

async fn memory_until_it_opens(fault: &str, word: &str) -> Result<()> {
    package_page(async |stage, space| {
        let query = format!("?fault={fault}");
        let page = PackagePage::open_with(stage, space, &query).await?;
        page.keep(&asset(1)).await?;
        serves_from_memory(&page, word).await?;

        page.heals().await?;
        comes_back(&page, &asset(1)).await?;
        keeps_over_a_reload(&page, &[asset(1)]).await
    })
    .await
}

async fn closed_in_use(with_event: bool) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        page.closes_connections(with_event).await?;
        page.backend_goes().await?;
        page.read_from("cache", &asset(1)).await?;
        let storage = page.storage_is(Mode::IndexedDb).await?;
        assert_eq!(storage.reopened, 1, "{storage:?}");

        page.closes_connections(with_event).await?;
        page.backend_returns().await?;
        page.keep(&asset(2)).await?;
        let storage = page.storage().await?;
        assert_eq!(storage.reopened, 2, "{storage:?}");
        keeps_over_a_reload(&page, &[asset(1), asset(2)]).await
    })
    .await
}

/// The quarter that was used least lately has to go for what does not fit all the same; the rest stays.
async fn full_disk(fault: &str) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        for number in 1..=8 {
            page.keep(&asset(number)).await?;
        }
        page.breaks(fault).await?;
        page.read_from("network", &asset(9)).await?;
        page.hears(Mode::ReadOnly, "full").await?;
        let storage = page.storage().await?;
        assert!(
            storage.mode == Mode::ReadOnly && storage.reason.is_some(),
            "{storage:?}"
        );
        page.backend_goes().await?;
        page.read_from("cache", &asset(8)).await?;
        is_rejected(&page, &asset(9)).await?;

        page.backend_returns().await?;
        page.heals().await?;
        page.keep(&asset(9)).await?;
        page.storage_is(Mode::IndexedDb).await?;
        page.hears_that_all_is_well().await?;
        keeps_over_a_reload(&page, &[asset(8), asset(9)]).await
    })
    .await
}

async fn corrupt(how: &str) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        assert_eq!(page.does::<u32>(how).await?, 1);
        page.backend_goes().await?;
        is_rejected(&page, &asset(1)).await?;
        page.hears(Mode::IndexedDb, "corrupt").await?;
        let storage = page.storage().await?;
        assert_eq!((storage.mode, storage.corrupt), (Mode::IndexedDb, 1));
        assert!(page.list().await?.is_empty());
        page.reload().await?;
        is_rejected(&page, &asset(1)).await?;

        page.backend_returns().await?;
        page.keep(&asset(1)).await?;
        keeps_over_a_reload(&page, &[asset(1)]).await
    })
    .await
}

/// The first asset was kept.
async fn serves_from_memory(page: &PackagePage<'_>, word: &str) -> Result<()> {
    page.hears(Mode::Memory, word).await?;
    let storage = page.storage().await?;
    let reason = storage.reason.unwrap_or_default();
    assert!(reason.contains(word), "{reason}");
    page.backend_goes().await?;
    page.read_from("cache", &asset(1)).await?;
    Ok(())
}

/// A read has the database tried again once it has had its rest, and what memory has moves there.
async fn comes_back(page: &PackagePage<'_>, path: &str) -> Result<()> {
    page.skip(REST).await?;
    page.read_from("cache", path).await?;
    page.storage_is(Mode::IndexedDb).await?;
    page.hears_that_all_is_well().await?;
    page.flush().await
}

async fn keeps_over_a_reload(page: &PackagePage<'_>, paths: &[String]) -> Result<()> {
    page.backend_goes().await?;
    page.reload_with("").await?;
    for path in paths {
        page.read_from("cache", path).await?;
    }
    assert_eq!(page.storage().await?.mode, Mode::IndexedDb);
    Ok(())
}

async fn is_rejected(page: &PackagePage<'_>, path: &str) -> Result<()> {
    let answer = page.read(path).await?;
    assert!(matches!(answer, Outcome::Rejected(_)), "{answer:?}");
    Ok(())
}

fn asset(number: u32) -> String {
    paths::asset(&format!("ds-{number:05}"))
}
