//! Whatever is asked in whatever order, the stub itself does not fail, and the control API explains every refusal.
//!
//! `cargo xtask fuzz control` looks for the same with coverage as its guide; this is the part that runs with every test.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use proptest::prelude::*;
use server_stub::{Settings, Spaces, app, control};
use tidegate_contract::{Preset, Problem, paths};
use tokio::time::timeout;
use tower::ServiceExt;

/// Virtual time. Whoever waits longer leaves.
const PATIENCE: Duration = Duration::from_millis(400);

const CONTROL: [&str; 13] = [
    paths::CLOCK,
    paths::EFFECTS,
    paths::EVENTS,
    paths::HISTORY,
    paths::JOURNAL,
    paths::METRICS,
    paths::PRESETS,
    paths::PROGRAM,
    paths::PROMETHEUS,
    paths::RESET,
    paths::SPACE,
    paths::SPACES,
    paths::STREAMS,
];

const BODIES: [&str; 12] = [
    "",
    "{}",
    "[]",
    r#"{"act":"vanish"}"#,
    r#"{"act":{"keep":0}}"#,
    r#"{"act":{"send":"x"}}"#,
    r#"{"advanceMs":1000}"#,
    r#"{"channel":"a","data":1}"#,
    r#"{"description":"x","tags":["a"]}"#,
    r#"{"seed":1,"rules":[{"name":"a","then":[{"kind":"effect"},{"kind":"reset"}]}]}"#,
    r#"{"seed":1,"backend":{"connections":1,"queue":0,"service":{"fixedMs":50}},"script":["at 0 s slow x3"]}"#,
    r#"{"assetId":"ds-00001","reason":"r","check":"x","action":"a","target":"t","note":"n"}"#,
];

#[derive(Clone, Debug)]
struct Call {
    control: bool,
    method: &'static str,
    target: String,
    body: String,
}

fn call() -> impl Strategy<Value = Call> {
    let method = prop::sample::select(vec!["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"]);
    let preset = prop::sample::select(Preset::all().to_vec());
    let control = prop_oneof![
        prop::sample::select(CONTROL.to_vec()).prop_map(str::to_owned),
        preset.prop_map(|preset| paths::preset(&preset.to_string())),
        "/[a-z_%/]{0,12}",
    ];
    let api = prop::sample::select(paths::API_ROUTES.to_vec()).prop_map(str::to_owned);
    let path = prop_oneof![
        control.prop_map(|path| (true, path)),
        api.prop_map(|path| (false, path)),
    ];
    let name = prop::sample::select(vec!["ds-00001", "default", "none", "%zz"]);
    let query = prop_oneof![
        Just(String::new()),
        "\\?(page|size|since|wait_for|timeout_ms|status|x)=[0-9a-z%]{0,8}",
    ];
    let body = prop_oneof![
        3 => prop::sample::select(BODIES.to_vec()).prop_map(str::to_owned),
        1 => ".{0,20}",
    ];
    (method, path, name, query, body).prop_map(|(method, (control, path), name, query, body)| {
        let filled: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { name } else { part })
            .collect();
        Call {
            control,
            method,
            target: filled.join("/") + &query,
            body,
        }
    })
}

async fn make(calls: &[Call]) {
    let spaces = Spaces::new(&Settings {
        assets: 30,
        ..Settings::on_free_ports()
    });
    let orders = control(spaces.clone());
    let api = app(spaces.default_space().clone());
    for call in calls {
        let router = if call.control { &orders } else { &api };
        let request = Request::builder()
            .method(call.method)
            .uri(&call.target)
            .header("content-type", "application/json")
            .body(Body::from(call.body.clone()));
        // A target that is no target reaches nobody.
        let Ok(request) = request else {
            continue;
        };
        let Ok((status, media_type, body)) = timeout(PATIENCE, send(router, request)).await else {
            continue;
        };
        assert!(!body.contains("The stub itself failed"), "{call:?}: {body}");
        if call.control {
            assert!(!status.is_server_error(), "{call:?}: {status}");
            let is_explained = media_type == Problem::MEDIA_TYPE;
            assert!(
                !status.is_client_error() || is_explained,
                "{call:?}: {status}"
            );
        }
    }
}

async fn send(router: &Router, request: Request<Body>) -> (StatusCode, String, String) {
    let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let media_type = head.headers.get(header::CONTENT_TYPE);
    let media_type = media_type.map_or("", |value| value.to_str().expect("a media type is text"));
    // A body may be cut off on purpose.
    let body = body.collect().await.map(|body| body.to_bytes());
    let text = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    (head.status, media_type.to_owned(), text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_that_is_asked_makes_the_stub_fail(calls in prop::collection::vec(call(), 1..12)) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(make(&calls));
    }
}
