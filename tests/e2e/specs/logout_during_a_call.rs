//! Somebody signs out while a call of another window is under way: it is aborted, and nothing of it is kept.

use anyhow::Result;
use tidegate_contract::{Fault, JournalQuery, Pattern, Rule, paths};

use crate::fixture::package_page;
use crate::pages::ann::{MARK, TOKEN, marked, marking, nothing_has, two_windows};

#[tokio::test]
async fn a_call_that_the_backend_holds_back_is_aborted_and_not_kept() -> Result<()> {
    held_back(Fault::Hang, false).await
}

#[tokio::test]
async fn a_body_that_the_backend_holds_back_is_aborted_and_not_kept() -> Result<()> {
    let slow = Fault::SlowBody {
        chunks: 2,
        over_ms: 60_000,
    };
    held_back(slow, true).await
}

/// A call of the second window is held back like this when the user goes in the first.
async fn held_back(fault: Fault, has_head: bool) -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows(stage, space).await?;
        let late = paths::asset("ds-00003");
        let rule = Rule::new("held", fault.clone()).on_path(&late);
        space.put_program(&marking().with_rule(rule)).await?;
        second.begin_with_token(&marked("ds-00003"), TOKEN).await?;
        let arrived = JournalQuery {
            path: Some(Pattern::from(&*late)),
            method: Some("GET".to_owned()),
            ..JournalQuery::default()
        };
        space.wait_for(&arrived, 1).await?;
        second
            .running_is("its head is there, if it is to be", |it| {
                it.head == has_head
            })
            .await?;

        first.log_out().await?;

        let call = second
            .running_is("it is over", |it| it.end.is_some())
            .await?;
        assert_eq!(call.error(), Some("AbortError"), "{call:?}");
        space.put_program(&marking()).await?;
        let over = JournalQuery {
            settled: true,
            ..arrived
        };
        space.wait_for(&over, 1).await?;
        for window in [&first, &second] {
            window.flush().await?;
            nothing_has(window, &[MARK, TOKEN]).await?;
            window.sign_in("ann").await?;
            assert!(window.list().await?.is_empty());
        }
        Ok(())
    })
    .await
}
