//! Calls to the routers without a socket, for the tests of this crate.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tidegate_contract::{FaultProgram, Journal, JournalQuery};
use tower::ServiceExt;

use crate::settings::Settings;
use crate::stub::Stub;
use crate::{Reset, app, control};

/// A small stub whose program can be set.
pub(crate) async fn stub_with(program: FaultProgram) -> Stub {
    let stub = Stub::new(&Settings {
        assets: 300,
        ..Settings::on_free_ports()
    });
    stub.install(program, None).await.unwrap();
    stub
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) reset: bool,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
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

/// Sends a line, headers and a body to the control API.
pub(crate) async fn order(stub: &Stub, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    send(control(stub.clone()), line, headers, body).await
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
        reset: response.extensions().get::<Reset>().is_some(),
        body: response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    }
}
