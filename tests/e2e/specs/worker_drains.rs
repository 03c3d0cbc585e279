//! The page is closed while writes wait, and the browser wakes the service worker when there is a network.

use anyhow::Result;
use tidegate_contract::{Fault, JournalQuery, Rule};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::{eventually, package_page};
use crate::pages::WorkerPage;

const TAG: &str = "tidegate-outbox";

/// Waits until so many writes took effect, each once.
async fn each_once(space: &SpaceHandle, writes: u64) -> Result<()> {
    let effects = async || Ok(space.effects().await?);
    let effects = eventually("all took effect", effects, |effects| {
        effects.total >= writes
    });
    let effects = effects.await?;
    assert_eq!(effects.total, writes);
    assert!(
        effects.keys.iter().all(|key| key.effects == 1),
        "{effects:?}"
    );
    Ok(())
}

#[tokio::test]
async fn what_waits_is_sent_while_no_page_is_open_each_once() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 5).await?;
        let wakes = async || page.wakes().await;
        eventually("it has the browser wake the worker", wakes, |tags| {
            tags.iter().any(|tag| tag == TAG)
        })
        .await?;
        page.clone().close().await?;
        page.backend(None).await?;
        stage.browser.wake_worker(TAG).await?;
        each_once(space, 5).await?;
        let journal = space.journal(&JournalQuery::default()).await?;
        let writes = journal.entries.iter().filter(|it| it.method == "PATCH");
        let senders: Vec<&str> = writes.map(|it| &*it.client).collect();
        assert_eq!(senders, ["worker of ann"; 5]);
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        assert_eq!(page.states().await?, [""; 0]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_worker_without_modules_does_the_same() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach_classic("/worker-classic.js", "ready").await?;
        page.leaves("ann", 2).await?;
        page.clone().close().await?;
        page.backend(None).await?;
        stage.browser.wake_worker(TAG).await?;
        each_once(space, 2).await
    })
    .await
}

#[tokio::test]
async fn a_worker_that_is_killed_before_the_answer_comes_sends_it_again_and_it_is_done_once()
-> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 1).await?;
        page.clone().close().await?;
        let unanswered = Rule::new("unanswered", Fault::Effect).and_then(Fault::Hang);
        page.backend(Some(unanswered.on_method("PATCH"))).await?;
        stage.browser.wake_worker(TAG).await?;
        each_once(space, 1).await?;
        stage.browser.kill_workers().await?;
        page.backend(None).await?;
        stage.browser.wake_worker(TAG).await?;
        let answered = async || Ok(space.journal(&JournalQuery::default()).await?);
        let answered = eventually("it is answered", answered, |journal| {
            journal.counts.by_status.contains_key(&200)
        });
        let journal = answered.await?;
        let writes = journal.entries.iter().filter(|it| it.method == "PATCH");
        let keys: Vec<_> = writes.map(|it| it.key.clone()).collect();
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0], keys[1]);
        each_once(space, 1).await
    })
    .await
}

#[tokio::test]
async fn a_worker_that_stands_behind_a_page_goes_on_when_that_is_gone() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 2).await?;
        page.backend(None).await?;
        // The page is in the background from now on.
        stage.browser.another_tab().await?;
        let idle = WorkerPage::open_unstarted(stage, space).await?;
        idle.begins_to_drain_behind_a_page_of("ann").await?;
        page.clone().close().await?;
        assert_eq!(idle.what_it_began().await?, "done");
        each_once(space, 2).await
    })
    .await
}

#[tokio::test]
async fn an_answer_of_401_parks_what_waits_and_the_worker_rests() -> Result<()> {
    package_page(async |stage, space| {
        let page = WorkerPage::open(stage, space, Some("ann")).await?;
        page.attach("/worker.js", "ready").await?;
        page.leaves("ann", 2).await?;
        page.clone().close().await?;
        let expired = Fault::Status {
            code: 401,
            retry_after: None,
        };
        page.backend(Some(Rule::new("expired", expired).on_method("PATCH")))
            .await?;
        let idle = WorkerPage::open_unstarted(stage, space).await?;
        assert_eq!(idle.drain().await?, "done");
        assert_eq!(space.effects().await?.total, 0);
        page.backend(None).await?;
        assert_eq!(idle.drain().await?, "done");
        each_once(space, 2).await
    })
    .await
}
