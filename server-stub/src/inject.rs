//! The fault program at work on real requests.
//!
//! Each request is decided and written down first, then held for its delay, then given its end. A new program, or a reset, releases
//! everything the old one holds: delays are over at once and hung requests get their answer late, as from a backend that came back.

use std::time::{Duration, SystemTime};

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tidegate_contract::{Fate, RetryAfter};
use tidegate_core::Millis;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::arrival::Arrival;
use crate::connection::{Line, Reset};
use crate::failure::Failure;
use crate::record::Record;
use crate::stub::Stub;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Decides the request's fate and lets it happen.
pub(crate) async fn inject(State(stub): State<Stub>, request: Request, next: Next) -> Response {
    let arrival = Arrival::of(&request);
    let line = request.extensions().get::<Line>().cloned();
    let now = stub.now();
    // Watching begins under the lock under which programs change: none can slip through in between.
    let (decision, ticket, mut hold) = stub.change_journal(|world| {
        let hold = Hold::new(stub.watch_programs());
        let (decision, ticket) = world.admit(now, arrival);
        (decision, ticket, hold)
    });
    let record = Record::new(stub, ticket, line);

    hold.at_most(decision.delay).await;
    if decision.fate == Fate::Hung {
        hold.until_released().await;
    }
    let held_ms = record.age_ms();
    let mut response = match decision.fate {
        Fate::Hung | Fate::Served => next.run(request).await,
        Fate::Refused => {
            record.cut();
            return Reset::response();
        }
        Fate::Status {
            code,
            retry_after,
            rule,
        } => with_retry_after(Failure::injected(code, &rule).into_response(), retry_after),
    };
    let app_ms = record.age_ms().saturating_sub(held_ms);
    let timing = format!("hold;dur={held_ms}, app;dur={app_ms}");
    if let Ok(timing) = HeaderValue::try_from(timing) {
        response.headers_mut().insert(SERVER_TIMING, timing);
    }
    record.answered(response.status().as_u16());
    response
}

fn with_retry_after(mut response: Response, retry_after: Option<RetryAfter>) -> Response {
    let value = match retry_after {
        None => return response,
        Some(RetryAfter::Seconds(seconds)) => HeaderValue::from(seconds),
        Some(RetryAfter::DateInSeconds(seconds)) => {
            let date = SystemTime::now() + Duration::from_secs(seconds.into());
            match HeaderValue::try_from(httpdate::fmt_http_date(date)) {
                Ok(date) => date,
                Err(_) => return response,
            }
        }
    };
    response.headers_mut().insert(header::RETRY_AFTER, value);
    response
}

/// Holds a request for as long as its program is in force.
#[derive(Debug)]
struct Hold {
    programs: watch::Receiver<u64>,
    current: u64,
}

impl Hold {
    fn new(programs: watch::Receiver<u64>) -> Hold {
        let current = *programs.borrow();
        Hold { programs, current }
    }

    async fn at_most(&mut self, delay: Millis) {
        if delay > Millis::ZERO {
            // Either end is a release; which one it was does not matter.
            let _ = timeout(Duration::from_millis(delay.0), self.until_released()).await;
        }
    }

    async fn until_released(&mut self) {
        let current = self.current;
        // An error would mean that the stub is gone, and with it any reason to wait.
        let _ = self.programs.wait_for(|&count| count != current).await;
    }
}

#[cfg(test)]
#[path = "inject_tests.rs"]
mod tests;
