//! The faults of a request, as they look on the wire.

use tidegate_contract::{End, Garble, JournalQuery, paths};

use crate::raw::{Ended, Raw, length};
use crate::wire::{
    effects, get, order, pass, passing, put_program, put_rule, start, start_by_hand, wait_for,
    write,
};

const ALL: &str = "{}";
const GET_HEALTH: &str = "GET /api/health";
const GET_ASSETS: &str = "GET /api/assets";

/// What arrives of an answer under these faults.
async fn bytes_under(then: &str) -> (Vec<u8>, Ended) {
    let server = start().await;
    put_rule(&server, ALL, then).await;
    Raw::send(server.api_addr(), GET_ASSETS).await.rest().await
}

/// The promised length of a body, the body itself, and the end.
async fn body_under(then: &str) -> (usize, Vec<u8>, Ended) {
    let (bytes, ended) = bytes_under(then).await;
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = bytes.split_at(end.expect("the head is whole") + 4);
    let head = String::from_utf8(head.to_vec()).expect("a head is text");
    (length(&head), body.to_vec(), ended)
}

#[tokio::test]
async fn a_reset_comes_before_the_head() {
    let nothing = (Vec::new(), Ended::Reset);
    assert_eq!(bytes_under(r#"[{"kind":"reset"}]"#).await, nothing);
}

#[tokio::test]
async fn a_close_is_an_end_without_a_byte() {
    let nothing = (Vec::new(), Ended::Eof);
    assert_eq!(bytes_under(r#"[{"kind":"close"}]"#).await, nothing);
}

#[tokio::test]
async fn noise_is_not_http() {
    let (bytes, ended) = bytes_under(r#"[{"kind":"garble","variant":"noise"}]"#).await;
    assert_eq!((&*bytes, ended), (Garble::Noise.bytes(), Ended::Eof));
    assert!(!bytes.starts_with(b"HTTP/"));
}

#[tokio::test]
async fn a_bad_chunk_comes_after_a_good_head() {
    let (bytes, ended) = bytes_under(r#"[{"kind":"garble","variant":"badChunk"}]"#).await;
    assert_eq!((&*bytes, ended), (Garble::BadChunk.bytes(), Ended::Eof));
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn a_cut_body_is_shorter_than_was_promised() {
    let (promised, body, ended) = body_under(r#"[{"kind":"cut","afterBytes":100}]"#).await;
    assert!(promised > 100, "{promised}");
    assert_eq!((body.len(), ended), (100, Ended::Eof));
}

#[tokio::test]
async fn a_cut_may_leave_nothing_but_the_head() {
    let (promised, body, ended) = body_under(r#"[{"kind":"cut","afterBytes":0}]"#).await;
    assert!(promised > 0);
    assert_eq!((body.len(), ended), (0, Ended::Eof));
}

#[tokio::test]
async fn a_cut_beyond_the_body_is_none() {
    for reset in [false, true] {
        let cut = format!(r#"[{{"kind":"cut","afterBytes":1000000,"reset":{reset}}}]"#);
        let (promised, body, ended) = body_under(&cut).await;
        assert_eq!((body.len(), ended), (promised, Ended::Eof), "{reset}");
    }
}

#[tokio::test]
async fn a_cut_may_end_with_a_reset() {
    let cut = r#"[{"kind":"cut","afterBytes":100,"reset":true}]"#;
    let (bytes, ended) = bytes_under(cut).await;
    assert_eq!(ended, Ended::Reset);
    // A reset may overtake what was sent before it, but nothing comes after it.
    assert!(!bytes.ends_with(b"}"));
}

#[tokio::test]
async fn a_chunked_body_is_cut_before_its_last_chunk() {
    let server = start().await;
    put_rule(&server, ALL, r#"[{"kind":"cut","afterBytes":12}]"#).await;
    let line = format!("GET {}", paths::FEED_EVENTS);
    let mut raw = Raw::send(server.api_addr(), &line).await;
    let head = raw.head().await.to_ascii_lowercase();
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    order(
        &server,
        &format!("POST {}", paths::EVENTS),
        r#"{"data":"some text"}"#,
    )
    .await;
    let (body, ended) = raw.rest().await;
    assert_eq!((body.len(), ended), (12, Ended::Eof));
}

#[tokio::test]
async fn a_slow_body_arrives_in_pieces() {
    let server = start_by_hand().await;
    let slow = r#"[{"kind":"slowBody","chunks":4,"overMs":3000}]"#;
    put_rule(&server, ALL, slow).await;
    let mut raw = Raw::send(server.api_addr(), GET_ASSETS).await;
    let promised = length(&raw.head().await);
    let piece = promised.div_ceil(4);
    raw.bytes(piece).await;
    for left in [piece, piece, promised - 3 * piece] {
        assert!(raw.is_silent());
        pass(&server, 1_000).await;
        raw.bytes(left).await;
    }
}

#[tokio::test]
async fn a_delay_before_the_end_loses_a_request_that_did_nothing() {
    let server = start_by_hand().await;
    let then = r#"[{"kind":"delay","time":{"fixedMs":300}},{"kind":"reset"}]"#;
    put_rule(&server, ALL, then).await;
    let sent = write(&server, "k1").await.unwrap();
    assert!(passing(&server, sent.answer()).await.is_err());
    let journal = wait_for(&server, 1, true).await;
    assert_eq!(journal.entries[0].work, None);
    assert_eq!(effects(&server).await, 0);
}

#[tokio::test]
async fn an_effect_before_the_end_loses_the_answer_to_a_request_that_did_something() {
    let server = start().await;
    let then = r#"[{"kind":"effect"},{"kind":"reset"}]"#;
    put_rule(&server, r#"{"count":{"first":1}}"#, then).await;
    let lost = write(&server, "k1").await.unwrap().answer().await;
    assert!(lost.is_err());
    let entry = wait_for(&server, 1, true).await.entries.remove(0);
    assert!(entry.work.is_some_and(|work| work.effect), "{entry:?}");
    assert!(matches!(entry.end, End::Cut { .. }));

    let again = write(&server, "k1").await.unwrap().answer().await.unwrap();
    assert_eq!(again.status(), 201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(effects(&server).await, 1);
}

#[tokio::test]
async fn an_effect_before_a_delay_is_there_before_the_answer() {
    let server = start_by_hand().await;
    let then = r#"[{"kind":"effect"},{"kind":"delay","time":{"fixedMs":5000}}]"#;
    put_rule(&server, r#"{"method":"POST"}"#, then).await;
    let sent = write(&server, "k1").await.unwrap();
    let query = JournalQuery {
        worked: true,
        wait_for: 1,
        ..JournalQuery::default()
    };
    let answer = order(&server, &format!("GET {}", query.to_path()), "").await;
    assert!(
        answer.body().contains(r#""kind":"pending""#),
        "{}",
        answer.body()
    );
    assert_eq!(effects(&server).await, 1);
    let answer = passing(&server, sent.answer()).await.unwrap();
    assert_eq!(answer.status(), 201);
    let journal = wait_for(&server, 1, true).await;
    assert!(journal.entries[0].took_ms().unwrap() >= 5_000);
}

#[tokio::test]
async fn an_idle_connection_is_killed_and_a_busy_one_is_not() {
    let server = start_by_hand().await;
    put_rule(&server, ALL, r#"[{"kind":"killIdle","afterMs":1000}]"#).await;
    let mut raw = Raw::open(server.api_addr()).await;
    for _ in 0..4 {
        raw.ask(GET_HEALTH).await;
        assert_eq!(raw.answer().await, 200);
        pass(&server, 600).await;
    }
    let killed = passing(&server, raw.rest()).await;
    assert_eq!(killed, (Vec::new(), Ended::Reset));
}

#[tokio::test]
async fn a_script_closes_the_listener_cuts_what_is_idle_and_opens_it_again() {
    let server = start_by_hand().await;
    put_program(&server, r#""script":["at 1 s close","at 2 s open"]"#).await;
    let mut idle = Raw::send(server.api_addr(), GET_HEALTH).await;
    assert_eq!(idle.answer().await, 200);
    pass(&server, 1_000).await;
    assert_eq!(idle.rest().await, (Vec::new(), Ended::Reset));
    let refused = get(&server, paths::HEALTH, &[]).await.unwrap_err();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    pass(&server, 1_000).await;
    let answer = get(&server, paths::HEALTH, &[]).await.unwrap();
    assert_eq!(answer.status(), 200);
}
