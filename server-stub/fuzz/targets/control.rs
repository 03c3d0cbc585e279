//! A few requests to the control API and the API, one after the other: none of them makes the stub itself fail.
//!
//! An input is text. Requests are separated by a line `--`; each has a first line such as `C PUT /_stub/v1/presets/slow` (`A` for the
//! API), header lines, an empty line and a body.

#![no_main]

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::BodyExt;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use server_stub::{Settings, Spaces, app, control};
use tidegate_contract::{Change, FaultProgram, Problem};
use tokio::time::timeout;
use tower::ServiceExt;

/// More would only take longer.
const REQUESTS: usize = 12;
/// Virtual time. Whoever waits longer leaves, which is a path of its own.
const PATIENCE: Duration = Duration::from_millis(400);

fuzz_target!(|input: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime on this thread needs nothing that could be missing");
    runtime.block_on(converse(input));
    // Nothing in the stub may keep it from ending.
    runtime.shutdown_background();
});

async fn converse(input: &[u8]) {
    let spaces = Spaces::new(&Settings {
        assets: 30,
        requested_faults: true,
        ..Settings::on_free_ports()
    });
    let orders = control(spaces.clone());
    let api = app(spaces.default_space().clone());
    let lines: Vec<&[u8]> = input.split(|&byte| byte == b'\n').collect();
    for request in lines.split(|line| *line == b"--").take(REQUESTS) {
        let Some((for_control, request)) = parse(request) else {
            continue;
        };
        let shown = format!("{} {}", request.method(), request.uri());
        let router = if for_control { &orders } else { &api };
        let Ok((status, media_type, body)) = timeout(PATIENCE, send(router, request)).await else {
            continue;
        };
        if for_control {
            check_order(&shown, status, &media_type, &body);
        }
        let text = String::from_utf8_lossy(&body);
        assert!(!text.contains("The stub itself failed"), "{shown}: {text}");
    }
}

fn check_order(shown: &str, status: StatusCode, media_type: &str, body: &[u8]) {
    assert!(!status.is_server_error(), "{shown}: {status}");
    if status.is_client_error() {
        assert_eq!(media_type, Problem::MEDIA_TYPE, "{shown}: {status}");
        // The answer to a HEAD has no body.
        if !body.is_empty() {
            let problem: Problem = serde_json::from_slice(body).expect("a problem is JSON");
            assert_eq!(problem.status, status.as_u16());
        }
    }
}

async fn send(router: &Router, request: Request<Body>) -> (StatusCode, String, Vec<u8>) {
    let response = router.clone().oneshot(request).await;
    let (head, body) = response
        .expect("the router answers everything")
        .into_parts();
    let media_type = head.headers.get(header::CONTENT_TYPE);
    let media_type = media_type.map_or("", |value| value.to_str().unwrap_or("(not text)"));
    // A body may be cut off on purpose.
    let body = body.collect().await.map(|body| body.to_bytes().to_vec());
    (head.status, media_type.to_owned(), body.unwrap_or_default())
}

fn parse(lines: &[&[u8]]) -> Option<(bool, Request<Body>)> {
    let (first, rest) = lines.split_first()?;
    let mut words = first.splitn(3, |&byte| byte == b' ');
    let for_control = match words.next()? {
        b"C" => true,
        b"A" => false,
        _ => return None,
    };
    let method = Method::from_bytes(words.next()?).ok()?;
    let uri = Uri::try_from(words.next()?).ok()?;
    let end = rest.iter().position(|line| line.is_empty());
    let (headers, body) = rest.split_at(end.unwrap_or(rest.len()));
    let body = body.get(1..).unwrap_or_default().join(&b'\n');
    if is_heavy(&body) {
        return None;
    }
    let mut request = Request::builder().method(method).uri(uri);
    for line in headers {
        let colon = line.iter().position(|&byte| byte == b':')?;
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        let name = HeaderName::from_bytes(name).ok()?;
        let value = HeaderValue::from_bytes(value.trim_ascii()).ok()?;
        request = request.header(name, value);
    }
    Some((for_control, request.body(Body::from(body)).ok()?))
}

/// What is allowed and takes its time: hours of a crowd's life, a large catalogue, events every millisecond at a thousand times the speed.
fn is_heavy(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else {
        return false;
    };
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    let long = json["advanceMs"].as_u64().is_some_and(|ms| ms > 10_000);
    let large = json["assets"].as_u64().is_some_and(|count| count > 100);
    let crowded = FaultProgram::from_json(text).is_ok_and(|program| {
        let users = program.script.iter().map(|moment| moment.change);
        users
            .into_iter()
            .any(|change| matches!(change, Change::Users { count } if count > 100))
    });
    long || large || crowded
}
