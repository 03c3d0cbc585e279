//! What is done to an answer: another body, other headers, another pace.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::stream;
use serde_json::{Map, Value};
use tidegate_contract::{Content, Cors, DrawnSocketFault, Micros, Shape};

use crate::cors::CorsFaults;
use crate::hold::Hold;
use crate::sever::{CutBody, KillIdle};

/// Far above the largest answer of the API.
const MAX_BODY: usize = 16 << 20;
const SIGN_IN: &str = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>\n";

/// What goes wrong on the stream that a request opens, and what happens to its answer.
pub(crate) fn split(shapes: Vec<Shape>) -> (Vec<DrawnSocketFault>, Vec<Shape>) {
    let mut sockets = Vec::new();
    let mut rest = Vec::new();
    for shape in shapes {
        match shape {
            Shape::Socket(fault) => sockets.push(fault),
            other => rest.push(other),
        }
    }
    (sockets, rest)
}

/// Carries out everything, in order.
pub(crate) async fn apply(response: Response, shapes: Vec<Shape>, hold: &Hold) -> Response {
    let mut response = response;
    for shape in shapes {
        response = match shape {
            Shape::Content(variant) => content(response, variant).await,
            Shape::Cors(Cors::RefusePreflight) => refuse_preflight(response),
            Shape::Cors(fault) => {
                CorsFaults::add(&mut response, fault);
                response
            }
            Shape::Cut { after_bytes, reset } => cut(response, CutBody { after_bytes, reset }),
            Shape::Header { name, value } => set(response, &name, value.as_deref()),
            Shape::KillIdle(after) => {
                let hold = hold.clone();
                response.extensions_mut().insert(KillIdle { after, hold });
                response
            }
            // The feed does that, see `split`.
            Shape::Socket(_) => response,
            Shape::SlowBody { chunks, over } => slow(response, chunks, over, hold.clone()).await,
        };
    }
    response
}

async fn content(response: Response, variant: Content) -> Response {
    let (mut head, body) = response.into_parts();
    let body = whole(body).await;
    let body = match variant {
        Content::CutJson => body.slice(..body.len() / 2),
        Content::Html => {
            head.status = StatusCode::OK;
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            head.headers.insert(header::CONTENT_TYPE, html);
            Bytes::from_static(SIGN_IN.as_bytes())
        }
        Content::OldSchema => match serde_json::from_slice(&body) {
            Ok(value) => Bytes::from(snake_case(value).to_string()),
            // Not JSON: it has no schema to be old.
            Err(_) => body,
        },
    };
    // It is of the data that was to be sent.
    head.headers.remove(header::ETAG);
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, Body::from(body))
}

fn snake_case(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(snake_case).collect()),
        Value::Object(members) => {
            let members = members.into_iter();
            let renamed: Map<String, Value> = members
                .map(|(name, value)| (snake_name(&name), snake_case(value)))
                .collect();
            Value::Object(renamed)
        }
        other => other,
    }
}

fn snake_name(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Only a preflight's answer gives permissions; any other stays as it is.
fn refuse_preflight(mut response: Response) -> Response {
    let headers = response.headers_mut();
    if headers
        .remove(header::ACCESS_CONTROL_ALLOW_METHODS)
        .is_none()
    {
        return response;
    }
    headers.remove(header::ACCESS_CONTROL_ALLOW_HEADERS);
    headers.remove(header::ACCESS_CONTROL_MAX_AGE);
    *response.status_mut() = StatusCode::FORBIDDEN;
    CorsFaults::add(&mut response, Cors::NoAllowOrigin);
    response
}

/// The rest of the connection's life belongs to this answer.
fn cut(mut response: Response, cut: CutBody) -> Response {
    response.extensions_mut().insert(cut);
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

/// What cannot be a header was refused with its program.
fn set(mut response: Response, name: &str, value: Option<&str>) -> Response {
    let Ok(name) = HeaderName::try_from(name) else {
        return response;
    };
    match value.map(HeaderValue::from_str) {
        Some(Ok(value)) => {
            response.headers_mut().insert(name, value);
        }
        Some(Err(_)) => {}
        None => {
            response.headers_mut().remove(name);
        }
    }
    response
}

/// The first piece comes at once, the last one at the end; the length is told all the same.
async fn slow(response: Response, chunks: u32, over: Micros, hold: Hold) -> Response {
    let (mut head, body) = response.into_parts();
    let body = whole(body).await;
    head.headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let size = body.len().div_ceil(chunks.max(1) as usize).max(1);
    let pause = Micros(over.0 / u64::from(chunks.saturating_sub(1).max(1)));
    let pieces = stream::unfold((body, false), move |(mut rest, begun)| {
        let mut hold = hold.clone();
        async move {
            if rest.is_empty() {
                return None;
            }
            if begun {
                hold.wait(pause).await;
            }
            let piece = rest.split_to(size.min(rest.len()));
            Some((Ok::<_, std::convert::Infallible>(piece), (rest, true)))
        }
    });
    Response::from_parts(head, Body::from_stream(pieces))
}

/// The API's bodies are in memory already, so there is nothing that could fail.
async fn whole(body: Body) -> Bytes {
    to_bytes(body, MAX_BODY).await.unwrap_or_default()
}
