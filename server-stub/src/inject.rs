//! The fault program at work on real requests.
//!
//! Each request is decided and written down first; then its steps are carried out one after the other, its work among them (see
//! `work.rs`), and what there is to be done to its answer (see `shape.rs`). A new program, or a reset, releases everything the old one
//! holds: delays are over at once and hung requests get their answer late, as from a backend that came back.

use std::time::{Duration, SystemTime};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tidegate_contract::{Ending, Fault, Quota, RetryAfter, Standing, Step, paths};
use tidegate_hint::Hint;

use crate::arrival::{self, Arrival};
use crate::failure::Failure;
use crate::feed::SocketFaults;
use crate::hold::Hold;
use crate::line::Line;
use crate::record::Record;
use crate::sever::Severed;
use crate::stub::Stub;
use crate::work::Work;
use crate::{health, shape, world};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const HINT: HeaderName = HeaderName::from_static(Hint::HEADER);
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Decides the request's fate and lets it happen.
pub(crate) async fn inject(State(stub): State<Stub>, request: Request, next: Next) -> Response {
    let requested = match requested_faults(&stub, &request) {
        Ok(faults) => faults,
        Err(failure) => return failure.into_response(),
    };
    let arrival = Arrival::of(&request);
    let line = request.extensions().get::<Line>().cloned();
    let now = stub.now();
    // Watching begins under the lock under which programs change: none can slip through in between.
    let (admitted, mut hold) = stub.change_journal(|world| {
        let hold = Hold::of(&stub);
        let headers = arrival::headers(&request);
        let admitted = world.admit(now, arrival.clone(), &headers, &requested);
        (admitted, hold)
    });
    let world::LetIn {
        decision,
        ticket,
        quota,
    } = admitted;
    let record = Record::new(stub.clone(), ticket, line);

    let (sockets, shapes) = shape::split(decision.shapes);
    let mut request = request;
    if !sockets.is_empty() {
        request.extensions_mut().insert(SocketFaults(sockets));
    }
    let mut work = match quota {
        Some((_, standing)) if !standing.granted => {
            stub.world().over_quota();
            Work::refused(standing)
        }
        _ => Work::new(stub.clone(), arrival, ticket, hold.clone(), request, next),
    };
    for step in decision.steps {
        match step {
            Step::Delay(delay) => hold.wait(delay).await,
            Step::Effect => work.perform().await,
            Step::Hang => hold.until_released().await,
            Step::End(ending) => match end(&stub, ending) {
                Ok(answer) => work.replace(answer),
                Err(severed) => {
                    record.cut();
                    return severed.response();
                }
            },
        }
    }
    let mut response = work.answer().await;
    if let Some(severed) = Severed::of(response.extensions()) {
        record.cut();
        return severed.response();
    }
    if let Some((quota, standing)) = quota {
        tell_quota(&mut response, quota, standing);
    }
    if let Some(hint) = health::hint(&stub) {
        tell(&mut response, HINT, &hint.to_string());
    }
    let timing = format!("total;dur={}", record.age_ms());
    // What the work took stands there already; this adds how long everything took.
    response.headers_mut().append(SERVER_TIMING, value(&timing));
    let response = shape::apply(response, shapes, &hold).await;
    record.answered(response.status().as_u16());
    response
}

/// The faults that the request asks for, where that is allowed.
fn requested_faults(stub: &Stub, request: &Request) -> Result<Vec<Fault>, Failure> {
    let Some(value) = request.headers().get(paths::FAULT_HEADER) else {
        return Ok(Vec::new());
    };
    if !stub.takes_requested_faults() {
        return Ok(Vec::new());
    }
    let text = value.to_str().unwrap_or_default();
    Ok(Fault::list_from_json(text)?)
}

/// The answer with which a request ends, or what ends its connection.
fn end(stub: &Stub, ending: Ending) -> Result<Response, Severed> {
    match ending {
        Ending::Close => Err(Severed::Close),
        Ending::Garble(variant) => Err(Severed::Garble(variant)),
        Ending::Reset => Err(Severed::Reset),
        Ending::Status {
            code,
            retry_after,
            rule,
        } => {
            let mut response = Failure::injected(code, &rule).into_response();
            if let Some(value) = retry_after.and_then(|form| retry_after_value(stub, form)) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            Ok(response)
        }
    }
}

fn retry_after_value(stub: &Stub, form: RetryAfter) -> Option<HeaderValue> {
    let truth = || {
        let wait = stub.world().backend().estimated_wait(stub.now());
        wait.as_secs_up().max(1)
    };
    match form {
        RetryAfter::Seconds(seconds) => Some(HeaderValue::from(seconds)),
        RetryAfter::DateInSeconds(seconds) => date_in(seconds.into()),
        RetryAfter::Truth => Some(HeaderValue::from(truth())),
        RetryAfter::TruthAsDate => date_in(truth()),
    }
}

fn date_in(seconds: u64) -> Option<HeaderValue> {
    let date = SystemTime::now() + Duration::from_secs(seconds);
    HeaderValue::try_from(httpdate::fmt_http_date(date)).ok()
}

fn tell_quota(response: &mut Response, quota: Quota, standing: Standing) {
    tell(response, RATE_LIMIT_POLICY, &quota.policy());
    tell(response, RATE_LIMIT, &standing.rate_limit());
}

fn tell(response: &mut Response, name: HeaderName, text: &str) {
    response.headers_mut().insert(name, value(text));
}

/// Our own words, which are ASCII.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
#[path = "inject_tests.rs"]
mod tests;
