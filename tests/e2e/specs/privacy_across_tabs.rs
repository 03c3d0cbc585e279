//! Somebody signs out in one window: nothing of theirs is left, in any window and anywhere in the browser.

use anyhow::Result;
use tidegate_contract::{Fault, FaultProgram, JournalQuery, Pattern, Rule, paths};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::{Stage, package_page};
use crate::pages::{Outcome, PackagePage, Running};

/// In the URL, in a header and in the body of what the user reads.
const MARK: &str = "a-secret-5b1d";
/// What their requests carry in `Authorization`.
const TOKEN: &str = "a-token-9c2e";

#[tokio::test]
async fn after_a_logout_nothing_of_the_user_is_left_anywhere() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows_of_ann(stage, space).await?;
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
        let (first, second) = two_windows_of_ann(stage, space).await?;
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

#[tokio::test]
async fn a_window_that_is_frozen_finds_nothing_when_it_wakes() -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows_of_ann(stage, space).await?;
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
        let (first, second) = two_windows_of_ann(stage, space).await?;
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
        let (first, second) = two_windows_of_ann(stage, space).await?;
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

/// A call of the second window is held back like this when the user goes in the first.
async fn held_back(fault: Fault, has_head: bool) -> Result<()> {
    package_page(async |stage, space| {
        let (first, second) = two_windows_of_ann(stage, space).await?;
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

/// Ann is signed in in both, and each has kept something that the other has not read.
async fn two_windows_of_ann<'a>(
    stage: &'a Stage,
    space: &'a SpaceHandle,
) -> Result<(PackagePage<'a>, PackagePage<'a>)> {
    space.put_program(&marking()).await?;
    let first = PackagePage::open(stage, space).await?;
    let second = first.open_beside().await?;
    for (window, id) in [(&first, "ds-00001"), (&second, "ds-00002")] {
        window.tag(id, MARK).await?;
        window.sign_in("ann").await?;
        let reading = window.keep_with_token(&marked(id), TOKEN).await?;
        assert!(reading.text.contains(MARK), "{reading:?}");
        assert_eq!(reading.language.as_deref(), Some(MARK));
    }
    Ok((first, second))
}

/// Every answer has the mark in a header that every page may read.
fn marking() -> FaultProgram {
    let language = Fault::Header {
        name: "content-language".to_owned(),
        value: Some(MARK.to_owned()),
    };
    FaultProgram::new(1).with_rule(Rule::new("marked", language))
}

fn marked(id: &str) -> String {
    format!("{}?for={MARK}", paths::asset(id))
}

async fn nothing_has(window: &PackagePage<'_>, texts: &[&str]) -> Result<()> {
    let places = window.traces(texts).await?;
    assert!(places.is_empty(), "{places:?}");
    Ok(())
}

/// While the backend is away, this window has nothing of what Ann has read.
async fn finds_nothing(window: &PackagePage<'_>) -> Result<()> {
    assert!(window.list().await?.is_empty());
    for id in ["ds-00001", "ds-00002"] {
        let answer = window.read(&marked(id)).await?;
        assert!(matches!(answer, Outcome::Rejected(_)), "{answer:?}");
    }
    Ok(())
}

async fn is_logged_out(window: &PackagePage<'_>) -> Result<Running> {
    let end = window
        .running_is("the logout is over", |it| it.end.is_some())
        .await?;
    assert_eq!(end.error(), None);
    assert!(window.list().await?.is_empty());
    Ok(end)
}
