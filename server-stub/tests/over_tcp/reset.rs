//! A reset, as those see it who are connected.

use futures::StreamExt;
use server_stub::Server;
use tidegate_contract::{Preset, paths};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::raw::Raw;
use crate::wire::{effects, order, pass, put, put_rule, start, start_by_hand, wait_for, write};

async fn reset(server: &Server) {
    order(server, &format!("POST {}", paths::RESET), "").await;
}

async fn total(server: &Server) -> u64 {
    wait_for(server, 0, false).await.total
}

async fn open(server: &Server) -> WebSocketStream<TcpStream> {
    let to = server.api_addr();
    let stream = TcpStream::connect(to).await.expect("it listens");
    let url = format!("ws://{to}{}", paths::FEED);
    let opened = tokio_tungstenite::client_async(url, stream).await;
    opened.expect("it opens").0
}

#[tokio::test]
async fn streams_are_closed_and_leave_no_line() {
    let server = start().await;
    let mut socket = open(&server).await;
    let line = format!("GET {}", paths::FEED_EVENTS);
    let mut events = Raw::send(server.api_addr(), &line).await;
    events.head().await;
    wait_for(&server, 2, true).await;
    reset(&server).await;
    let Some(Ok(Message::Close(Some(frame)))) = socket.next().await else {
        panic!("no close frame");
    };
    assert_eq!(u16::from(frame.code), 1_012);
    // Answers, and waits for the end of the connection.
    while socket.next().await.is_some() {}
    // The event stream has a proper end as well.
    events.chunks().await;
    assert_eq!(total(&server).await, 0);
    let streams = order(&server, &format!("GET {}", paths::STREAMS), "").await;
    assert!(streams.body().contains(r#""streams":[]"#));
}

#[tokio::test]
async fn hung_requests_are_answered_and_leave_no_line() {
    let server = start().await;
    put(&server, Preset::Hang).await;
    let mut hung = Raw::send(server.api_addr(), "GET /api/assets").await;
    let lost = write(&server, "k1").await.unwrap();
    wait_for(&server, 2, false).await;
    reset(&server).await;
    assert_eq!(hung.answer().await, 200);
    // A write from before would change the data of after; released a moment earlier, it has changed that of before.
    let status = lost.answer().await.unwrap().status();
    assert!([201, 503].contains(&status), "{status}");
    assert_eq!((effects(&server).await, total(&server).await), (0, 0));
    let again = write(&server, "k1").await.unwrap().answer().await.unwrap();
    assert_eq!(again.header("idempotency-replayed"), None);
    assert_eq!((again.status(), effects(&server).await), (201, 1));
}

#[tokio::test]
async fn no_timer_of_before_ends_a_connection() {
    let server = start_by_hand().await;
    put_rule(&server, "{}", r#"[{"kind":"killIdle","afterMs":1000}]"#).await;
    let mut raw = Raw::send(server.api_addr(), "GET /api/health").await;
    assert_eq!(raw.answer().await, 200);
    reset(&server).await;
    pass(&server, 2_000).await;
    raw.ask("GET /api/health").await;
    assert_eq!(raw.answer().await, 200);
}
