//! Calls to the routers without a socket, for the tests of this crate.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tidegate_contract::metrics::{Memory, Metrics};
use tidegate_contract::{ClockSetting, FaultProgram, Journal, JournalQuery, paths};
use tokio::task::JoinHandle;
use tokio::time::Duration;
use tower::ServiceExt;

use crate::settings::Settings;
use crate::stub::Stub;
use crate::{Effect, Severed, Spaces, app, control};

/// A small stub whose program can be set.
pub(crate) async fn stub_with(program: FaultProgram) -> Stub {
    let stub = Stub::new(&Settings {
        assets: 300,
        ..Settings::on_free_ports()
    });
    stub.install(program, None).await.unwrap();
    stub
}

/// A small stub whose time goes by when it is told, see [`pass`].
pub(crate) async fn stub_by_hand(program: FaultProgram) -> Stub {
    let stub = Stub::new(&Settings {
        assets: 300,
        clock: ClockSetting::Manual,
        ..Settings::on_free_ports()
    });
    stub.install(program, None).await.unwrap();
    stub
}

/// A program from JSON, given without its seed.
pub(crate) fn program(parts: &str) -> FaultProgram {
    FaultProgram::from_json(&format!(r#"{{"seed":1,{parts}}}"#)).unwrap()
}

/// Lets everything happen that happens at this moment. Tokio's clock is paused: it goes on when nobody has anything left to do.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// Lets so many milliseconds go by on a manual clock, and everything happen that is due.
pub(crate) async fn pass(stub: &Stub, ms: u64) {
    settle().await;
    let body = format!(r#"{{"advanceMs":{ms}}}"#);
    let line = format!("POST {}", paths::CLOCK);
    assert_eq!(order(stub, &line, &[], &body).await.status, 200);
    settle().await;
}

/// Calls that run beside the test, until they are over or given up.
pub(crate) fn spawn_call(stub: &Stub, line: &str, headers: &[(&str, &str)]) -> JoinHandle<Answer> {
    spawn_call_with_body(stub, line, headers, "")
}

/// The same with a body.
pub(crate) fn spawn_call_with_body(
    stub: &Stub,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> JoinHandle<Answer> {
    let (stub, line, body) = (stub.clone(), line.to_owned(), body.to_owned());
    let headers: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    tokio::spawn(async move {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (&**n, &**v)).collect();
        call_with_body(&stub, &line, &headers, &body).await
    })
}

/// What the stub measures of itself.
pub(crate) fn metrics(stub: &Stub) -> Metrics {
    let now = stub.now();
    stub.world().metrics(now, "default", 0, Memory::default())
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) severed: Option<Severed>,
    pub(crate) effect: Option<Effect>,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends `"GET /path"` with headers to the API.
pub(crate) async fn call(stub: &Stub, line: &str, headers: &[(&str, &str)]) -> Answer {
    send(app(stub.clone()), line, headers, "").await
}

/// Sends a line, headers and a body to the API.
pub(crate) async fn call_with_body(
    stub: &Stub,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    send(app(stub.clone()), line, headers, body).await
}

/// Sends a line, headers and a body to the control API.
pub(crate) async fn order(stub: &Stub, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    order_to(&Spaces::around(stub.clone()), line, headers, body).await
}

/// The same to the control API of many spaces.
pub(crate) async fn order_to(
    spaces: &Spaces,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    send(control(spaces.clone()), line, headers, body).await
}

/// The journal as it stands.
pub(crate) fn journal(stub: &Stub) -> Journal {
    stub.world().book.answer(&JournalQuery::default())
}

async fn send(router: Router, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = router.oneshot(request).await.unwrap();
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        severed: Severed::of(response.extensions()),
        effect: response.extensions().get::<Effect>().cloned(),
        body: response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    }
}
