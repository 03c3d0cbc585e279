//! The service worker has nothing to do with the outbox: its user has gone, it is of another release, or it was stopped.

use anyhow::Result;
use serde_json::json;
use tidegate_contract::JournalQuery;

use crate::fixture::package_page;
use crate::pages::{WorkerPage, switched_off};

#[tokio::test]
async fn what_a_user_has_left_who_is_signed_out_is_not_sent() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 2).await?;
        page.log_out().await?;
        assert_eq!(page.mandate().await?, None);
        page.clone().close().await?;
        page.backend(None).await?;
        let idle = WorkerPage::open_unstarted(stage, space).await?;
        assert_eq!(idle.drain().await?, "done");
        assert_eq!(space.effects().await?.total, 0);
        idle.close().await?;
        // They are hers still.
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        assert_eq!(page.states().await?.len(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_worker_sends_what_the_last_user_has_left_and_nobody_elses() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 2).await?;
        page.sign_in("ben").await?;
        page.leaves("ben", 1).await?;
        page.clone().close().await?;
        page.backend(None).await?;
        let idle = WorkerPage::open_unstarted(stage, space).await?;
        assert_eq!(idle.drain().await?, "done");
        let journal = space.journal(&JournalQuery::default()).await?;
        let writes = journal.entries.iter().filter(|it| it.method == "PATCH");
        let senders: Vec<&str> = writes.map(|it| &*it.client).collect();
        assert_eq!(senders, ["worker of ben"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_worker_of_another_release_is_not_used_and_the_page_says_so() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 1).await?;
        page.attach("/worker-other.js", "unfit").await?;
        assert_eq!(page.mandate().await?, None);
        page.attach("/worker-none.js", "silent").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_worker_leaves_a_queue_alone_that_a_page_of_another_release_has_written() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 1).await?;
        page.clone().close().await?;
        page.backend(None).await?;
        let idle = WorkerPage::open_unstarted(stage, space).await?;
        for other in [
            json!({ "queue": 200 }),
            json!({ "queue": 100, "protocol": 2 }),
        ] {
            idle.mandate_of(other).await?;
            assert_eq!(idle.drain().await?, "done");
            assert_eq!(space.effects().await?.total, 0);
        }
        // One of the same hundred goes on with it.
        idle.mandate_of(json!({ "queue": 150, "protocol": 1 }))
            .await?;
        assert_eq!(idle.drain().await?, "done");
        assert_eq!(space.effects().await?.total, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_switch_that_says_gone_stops_all_workers() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        let script = format!("{}&unregister=yes", page.with_switch());
        page.backend(None).await?;
        page.attach(&script, "ready").await?;
        page.leaves("ann", 1).await?;
        page.clone().close().await?;
        page.backend(Some(switched_off())).await?;
        let idle = WorkerPage::open_unstarted(stage, space).await?;
        assert_eq!(idle.drain().await?, "done");
        assert_eq!(space.effects().await?.total, 0);
        assert!(!idle.is_registered().await?);
        idle.close().await?;
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach(&script, "stopped").await?;
        assert_eq!(page.mandate().await?, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_worker_that_is_released_to_do_nothing_does_nothing() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js?enabled=no", "stopped").await?;
        assert_eq!(page.mandate().await?, None);
        Ok(())
    })
    .await
}
