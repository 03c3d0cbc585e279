//! What clients see on the wire. No test sleeps: they wait for the journal or for the connection itself.

mod answers;
mod faults;
mod raw;
mod reset;
mod same_seed;
mod spaces;
mod wire;

use std::io::ErrorKind;
use std::time::Duration;

use server_stub::{Settings, serve};
use tidegate_contract::{End, Preset, paths};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use wire::{get, order, put, send, start, wait_for};

#[tokio::test]
async fn a_refused_request_sees_a_reset() {
    let server = start().await;
    put(&server, Preset::Refuse).await;
    let error = get(&server, paths::HEALTH, &[]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let journal = wait_for(&server, 1, true).await;
    assert!(matches!(journal.entries[0].end, End::Cut { .. }));
}

#[tokio::test]
async fn an_outage_refuses_connections_and_its_end_reopens_the_same_port() {
    let server = start().await;
    for _ in 0..3 {
        put(&server, Preset::Outage).await;
        let error = get(&server, paths::HEALTH, &[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        put(&server, Preset::Healthy).await;
        assert_eq!(
            get(&server, paths::HEALTH, &[]).await.unwrap().status(),
            200
        );
    }
}

#[tokio::test]
async fn an_outage_cuts_idle_connections_and_requests_under_way() {
    let server = start().await;
    let mut idle = TcpStream::connect(server.api_addr()).await.unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", paths::HEALTH);
    idle.write_all(request.as_bytes()).await.unwrap();
    wait_for(&server, 1, true).await;

    put(&server, Preset::Hang).await;
    let waiting = send(server.api_addr(), "GET /api/assets", &[], "").await;
    wait_for(&server, 2, false).await;

    put(&server, Preset::Outage).await;
    let error = waiting.unwrap().answer().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let error = idle.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);

    let journal = wait_for(&server, 2, true).await;
    assert!(matches!(journal.entries[1].end, End::Cut { .. }));
    assert_eq!(journal.counts.clients_gone, 0);
}

#[tokio::test]
async fn a_stub_can_start_in_an_outage_and_a_reset_leads_back_to_it() {
    let settings = Settings {
        preset: Preset::Outage,
        assets: 10,
        ..Settings::on_free_ports()
    };
    let server = serve(&settings).await.unwrap();
    let error = get(&server, paths::HEALTH, &[]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    put(&server, Preset::Healthy).await;
    assert_eq!(
        get(&server, paths::HEALTH, &[]).await.unwrap().status(),
        200
    );
    order(&server, &format!("POST {}", paths::RESET), "").await;
    let error = get(&server, paths::HEALTH, &[]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_reset_releases_hung_requests() {
    let server = start().await;
    put(&server, Preset::Hang).await;
    let waiting = send(server.api_addr(), "GET /api/assets", &[], "").await;
    let journal = wait_for(&server, 1, false).await;
    assert_eq!(journal.entries[0].end, End::Pending);
    order(&server, &format!("POST {}", paths::RESET), "").await;
    assert_eq!(waiting.unwrap().answer().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_client_that_gives_up_is_written_down() {
    let server = start().await;
    put(&server, Preset::Hang).await;
    let waiting = send(server.api_addr(), "GET /api/assets", &[], "").await;
    wait_for(&server, 1, false).await;
    drop(waiting);
    let journal = wait_for(&server, 1, true).await;
    assert!(journal.entries[0].client_gone());
    assert_eq!(journal.counts.clients_gone, 1);
}

#[tokio::test]
async fn a_second_look_is_answered_with_304_and_a_date() {
    let server = start().await;
    let first = get(&server, paths::ASSETS, &[]).await.unwrap();
    let tag = format!("If-None-Match: {}", first.header("etag").unwrap());
    let second = get(&server, paths::ASSETS, &[&tag]).await.unwrap();
    assert_eq!((second.status(), second.body()), (304, ""));
    assert!(second.header("date").is_some());
}

#[tokio::test]
async fn retry_after_arrives_in_both_forms() {
    let server = start().await;
    for (form, is_date) in [
        (r#"{"seconds":5}"#, false),
        (r#"{"dateInSeconds":5}"#, true),
    ] {
        let rule = format!(
            r#"{{"name":"busy","then":[{{"kind":"status","code":429,"retryAfter":{form}}}]}}"#
        );
        let program = format!(r#"{{"seed":1,"rules":[{rule}]}}"#);
        order(&server, &format!("PUT {}", paths::PROGRAM), &program).await;
        let answer = get(&server, paths::ASSETS, &[]).await.unwrap();
        let value = answer.header("retry-after").unwrap();
        assert_eq!(answer.status(), 429);
        assert_eq!(value.ends_with(" GMT"), is_date, "{value}");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_even_while_everything_hangs() {
    let server = start().await;
    put(&server, Preset::Hang).await;
    let headers = [
        "Origin: http://localhost:8080",
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Headers: x-client",
    ];
    let sent = send(server.api_addr(), "OPTIONS /api/assets", &headers, "").await;
    let answer = sent.unwrap().answer().await.unwrap();
    assert_eq!(answer.status(), 204);
    let origin = answer.header("access-control-allow-origin");
    assert_eq!(origin, Some("http://localhost:8080"));
}

#[tokio::test]
async fn a_port_in_use_is_explained() {
    let server = start().await;
    let settings = Settings {
        port: server.api_addr().port(),
        ..Settings::on_free_ports()
    };
    let error = serve(&settings).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    let text = error.to_string();
    assert!(text.contains("in use") && text.contains("--port"), "{text}");
}

#[tokio::test]
async fn a_stub_that_was_shut_down_leaves_its_port() {
    let server = start().await;
    let port = server.api_addr().port();
    assert_eq!(
        get(&server, paths::HEALTH, &[]).await.unwrap().status(),
        200
    );
    server.shutdown().await;
    let settings = Settings {
        port,
        assets: 10,
        ..Settings::on_free_ports()
    };
    let server = serve(&settings).await.unwrap();
    assert_eq!(
        get(&server, paths::HEALTH, &[]).await.unwrap().status(),
        200
    );
}

#[tokio::test]
async fn a_drained_stub_answers_what_was_asked_and_ends_the_rest() {
    let server = start().await;
    let api = server.api_addr();
    let program = r#"{"seed":1,"backend":{"service":{"fixedMs":300}}}"#;
    order(&server, &format!("PUT {}", paths::PROGRAM), program).await;
    let mut idle = TcpStream::connect(api).await.unwrap();
    let asked = send(api, "GET /api/policies", &[], "").await.unwrap();
    wait_for(&server, 1, false).await;

    server.drain(Duration::from_secs(60)).await;
    assert_eq!(asked.answer().await.unwrap().status(), 200);
    assert_eq!(idle.read_to_end(&mut Vec::new()).await.unwrap(), 0);
    let error = TcpStream::connect(api).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a_drain_does_not_wait_for_ever() {
    let server = start().await;
    put(&server, Preset::Hang).await;
    let asked = send(server.api_addr(), "GET /api/policies", &[], "").await;
    wait_for(&server, 1, false).await;
    server.drain(Duration::ZERO).await;
    let error = asked.unwrap().answer().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}
