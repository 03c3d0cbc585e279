//! Each fault of a request is in a browser what its name says. No SDK is there to soften it.

use anyhow::Result;
use serde_json::{Value, json};
use tidegate_contract::{
    ClockSetting, Content, Cors, Count, End, Fault, FaultProgram, Garble, JournalQuery, Listener,
    Quota, RetryAfter, Rule, SpaceSettings, paths,
};
use tidegate_core::Millis;
use tidegate_stub_client::SpaceHandle;

use crate::fixture::plain_page;
use crate::pages::{Answer, Outcome, PlainPage};

#[tokio::test]
async fn a_reset_is_a_type_error() -> Result<()> {
    is_a_type_error_without_an_answer(Fault::Reset).await
}

#[tokio::test]
async fn a_close_is_a_type_error() -> Result<()> {
    is_a_type_error_without_an_answer(Fault::Close).await
}

#[tokio::test]
async fn noise_is_a_type_error() -> Result<()> {
    let variant = Garble::Noise;
    is_a_type_error_without_an_answer(Fault::Garble { variant }).await
}

#[tokio::test]
async fn a_closed_listener_is_a_type_error_and_nothing_arrives() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let refused = FaultProgram::new(1).with_listener(Listener::Closed);
        space.put_program(&refused).await?;
        assert_eq!(page.get(paths::ASSETS).await?, type_error());
        assert_eq!(space.journal(&JournalQuery::default()).await?.entries, []);
        Ok(())
    })
    .await
}

/// A page never hears of it, and the backend is asked once more than anybody meant to.
#[tokio::test]
async fn a_reset_of_a_used_connection_is_hidden_by_the_browser() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let second = Count {
            after: 1,
            ..Count::first(1)
        };
        let rule = Rule::new("second", Fault::Reset).for_count(second);
        space
            .put_program(&FaultProgram::new(1).with_rule(rule))
            .await?;
        for _ in 0..2 {
            assert_eq!(page.answer(paths::ASSETS).await?.status, 200);
        }
        let journal = space.wait_for(&settled(), 3).await?;
        let statuses: Vec<_> = journal.entries.iter().map(|entry| entry.status()).collect();
        assert_eq!(statuses, [Some(200), None, Some(200)]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_hang_lasts_until_the_page_gives_up() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        put(space, Fault::Hang).await?;
        page.begin(paths::ASSETS).await?;
        let hangs = JournalQuery {
            fault: Some(Fault::Hang.name().to_owned()),
            ..JournalQuery::default()
        };
        let journal = space.wait_for(&hangs, 1).await?;
        assert_eq!(journal.entries[0].end, End::Pending);
        let seen = page.running().await?;
        assert_eq!((seen.status, seen.end), (None, None));

        page.abort().await?;
        let seen = page.running_is("the call is over", |seen| seen.end.is_some());
        let error = Outcome::Rejected("AbortError".to_owned());
        assert_eq!(seen.await?.end, Some(error));
        let journal = space.wait_for(&settled(), 1).await?;
        assert!(journal.entries[0].client_gone(), "{journal:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_cut_body_has_a_head_and_no_end() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        for reset in [false, true] {
            let after_bytes = 100;
            put(space, Fault::Cut { after_bytes, reset }).await?;
            expect_a_head_alone(&page.answer(paths::ASSETS).await?);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_bad_chunk_has_a_head_and_no_end() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let bad_chunk = Fault::Garble {
            variant: Garble::BadChunk,
        };
        put(space, bad_chunk).await?;
        expect_a_head_alone(&page.answer(paths::ASSETS).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_slow_body_arrives_in_pieces() -> Result<()> {
    plain_page(async |stage, _| {
        let settings = SpaceSettings {
            clock: ClockSetting::Manual,
            ..SpaceSettings::default()
        };
        let space = stage.stub.client().make_space(&settings).await?;
        let page = PlainPage::open(stage, &space).await?;
        let three_in_two_seconds = Fault::SlowBody {
            chunks: 3,
            over_ms: 2_000,
        };
        put(&space, three_in_two_seconds).await?;
        page.begin(paths::ASSETS).await?;
        for number in 1..=3 {
            let what = format!("piece {number} is there");
            let seen = page.running_is(&what, |seen| seen.bytes.len() == number);
            let seen = seen.await?;
            assert_eq!(seen.status, Some(200));
            assert!(number == 3 || seen.end.is_none(), "{seen:?}");
            space.advance(Millis(1_000)).await?;
        }
        let seen = page.running_is("the call is over", |seen| seen.end.is_some());
        assert_eq!(seen.await?.end, Some(Outcome::Fulfilled(())));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_sign_in_page_has_status_200_and_is_no_json() -> Result<()> {
    let answer = with_content(Content::Html).await?;
    let media_type = answer.header("content-type");
    assert_eq!(media_type, Some("text/html; charset=utf-8"));
    assert_eq!(answer.json.error(), Some("SyntaxError"));
    Ok(())
}

#[tokio::test]
async fn cut_json_has_status_200_and_is_no_json() -> Result<()> {
    let answer = with_content(Content::CutJson).await?;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json.error(), Some("SyntaxError"));
    Ok(())
}

#[tokio::test]
async fn an_old_schema_is_json_with_other_names() -> Result<()> {
    let answer = with_content(Content::OldSchema).await?;
    let json = answer.json.fulfilled()?;
    let row = &json["items"][0];
    assert!(row["updated_at"].is_u64(), "{row}");
    assert_eq!(row["updatedAt"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_503_without_cors_is_a_type_error() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let variant = Cors::NoAllowOrigin;
        let rule = Rule::new("proxy", Fault::Cors { variant }).and_then(busy());
        space
            .put_program(&FaultProgram::new(1).with_rule(rule))
            .await?;
        assert_eq!(page.get(paths::ASSETS).await?, type_error());
        let journal = space.wait_for(&settled(), 1).await?;
        assert_eq!(journal.entries[0].status(), Some(503));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hidden_headers_are_hidden() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let variant = Cors::HideHeaders;
        put(space, Fault::Cors { variant }).await?;
        let answer = page.answer(paths::ASSETS).await?;
        assert_eq!((answer.status, answer.header("etag")), (200, None));
        assert!(answer.header("content-type").is_some(), "{answer:?}");

        let rule = Rule::new("hidden", Fault::Cors { variant }).and_then(busy());
        space
            .put_program(&FaultProgram::new(1).with_rule(rule))
            .await?;
        let answer = page.answer(paths::ASSETS).await?;
        assert_eq!((answer.status, answer.header("retry-after")), (503, None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_can_read_the_headers_that_tell_it_what_to_do() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let quota = Quota {
            limit: 60,
            window_ms: 60_000,
        };
        space
            .put_program(&FaultProgram::new(1).with_quota(quota))
            .await?;
        let answer = page.answer(paths::ASSETS).await?;
        for name in ["etag", "ratelimit", "ratelimit-policy", "server-timing"] {
            assert!(answer.header(name).is_some(), "{name}: {answer:?}");
        }

        let key = [(paths::KEY_HEADER, "k1")];
        let note = json!({ "action": "looked", "target": "ds-00001" });
        for replayed in [None, Some("true")] {
            let answer = page.write("POST", paths::AUDIT, &key, note.clone());
            let answer = answer.await?.fulfilled()?;
            assert_eq!(answer.header(paths::REPLAYED_HEADER), replayed);
        }

        put(space, busy()).await?;
        let answer = page.answer(paths::ASSETS).await?;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, Some("7"))
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_preflight_keeps_the_write_away() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        put_on_preflights(space, Cors::RefusePreflight).await?;
        assert_eq!(tag(&page).await?, type_error());
        // What needs no permission is not asked for any.
        assert_eq!(page.answer(paths::ASSETS).await?.status, 200);
        let journal = space.wait_for(&settled(), 2).await?;
        let arrived: Vec<_> = journal
            .entries
            .iter()
            .map(|entry| (&*entry.method, entry.status()))
            .collect();
        assert_eq!(arrived, [("OPTIONS", Some(403)), ("GET", Some(200))]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_forgotten_preflight_comes_before_every_write() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        for _ in 0..2 {
            assert_eq!(tag(&page).await?.fulfilled()?.status, 200);
        }
        let counts = space.journal(&settled()).await?.counts;
        assert_eq!(counts.preflights, 1, "the browser remembers: {counts:?}");
        Ok(())
    })
    .await?;
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        put_on_preflights(space, Cors::ForgetPreflight).await?;
        for _ in 0..2 {
            assert_eq!(tag(&page).await?.fulfilled()?.status, 200);
        }
        let counts = space.journal(&settled()).await?.counts;
        assert_eq!(counts.preflights, 2, "{counts:?}");
        Ok(())
    })
    .await
}

async fn is_a_type_error_without_an_answer(fault: Fault) -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        put(space, fault.clone()).await?;
        assert_eq!(page.get(paths::ASSETS).await?, type_error());
        let journal = space.wait_for(&settled(), 1).await?;
        let entry = &journal.entries[0];
        assert!(matches!(entry.end, End::Cut { .. }), "{entry:?}");
        assert_eq!(entry.faults, [fault.name()]);
        Ok(())
    })
    .await
}

async fn with_content(variant: Content) -> Result<Answer> {
    let mut seen = None;
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        put(space, Fault::Content { variant }).await?;
        let answer = page.answer(paths::ASSETS).await?;
        assert_eq!(answer.status, 200);
        seen = Some(answer);
        Ok(())
    })
    .await?;
    Ok(seen.expect("the spec has run"))
}

fn expect_a_head_alone(answer: &Answer) {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body.error(), Some("TypeError"), "{answer:?}");
    assert_eq!(answer.json.error(), Some("TypeError"), "{answer:?}");
}

/// Adds a tag to an asset: a write that a page has to ask permission for.
async fn tag(page: &PlainPage<'_>) -> Result<Outcome<Answer>> {
    let change = json!({ "ids": ["ds-00001"], "add": ["seen"], "remove": [] });
    page.write("POST", paths::ASSET_TAGS, &[], change).await
}

async fn put(space: &SpaceHandle, fault: Fault) -> Result<()> {
    let program = FaultProgram::new(1).with_rule(Rule::new("always", fault));
    space.put_program(&program).await?;
    Ok(())
}

async fn put_on_preflights(space: &SpaceHandle, variant: Cors) -> Result<()> {
    let rule = Rule::new("preflight", Fault::Cors { variant }).on_method("OPTIONS");
    space
        .put_program(&FaultProgram::new(1).with_rule(rule))
        .await?;
    Ok(())
}

fn busy() -> Fault {
    Fault::Status {
        code: 503,
        retry_after: Some(RetryAfter::Seconds(7)),
    }
}

fn type_error<T>() -> Outcome<T> {
    Outcome::Rejected("TypeError".to_owned())
}

fn settled() -> JournalQuery {
    JournalQuery {
        settled: true,
        ..JournalQuery::default()
    }
}
