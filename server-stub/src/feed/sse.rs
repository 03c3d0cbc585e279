//! Server-sent events: does what the hub says, as the body of an answer.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Deserialize;
use tidegate_contract::feed::{GOVERNANCE, Position};
use tidegate_contract::{SocketAct, SocketFault};

use crate::arrival::Arrival;
use crate::failure::Failure;
use crate::feed::SocketFaults;
use crate::feed::seat::Seat;
use crate::feed::step::{How, Step};
use crate::feed::stream::Wish;
use crate::feed::wait::wait_until;
use crate::line::Line;
use crate::stub::Stub;

const LAST_EVENT_ID: &str = "last-event-id";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    channel: Option<String>,
    /// `EventSource` sets the header by itself, but only when it comes back by itself.
    last_event_id: Option<String>,
}

/// Opens an event stream.
pub(crate) async fn open(State(stub): State<Stub>, mut request: Request) -> Response {
    let client = Arrival::of(&request).client;
    let line = request.extensions().get::<Line>().cloned();
    let faults: SocketFaults = request.extensions_mut().remove().unwrap_or_default();
    let stop = SocketFault::new(SocketAct::Stop);
    if faults.0.iter().any(|drawn| drawn.fault == stop) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let wanted = match Query::<Wanted>::try_from_uri(request.uri()) {
        Ok(Query(wanted)) => wanted,
        Err(rejection) => return Failure::bad_request(rejection.body_text()).into_response(),
    };
    let header = request.headers().get(LAST_EVENT_ID);
    let header = header.and_then(|value| value.to_str().ok());
    let id = header.or(wanted.last_event_id.as_deref());
    let wish = Wish::Events {
        channel: wanted.channel.unwrap_or_else(|| GOVERNANCE.to_owned()),
        // An id that is none of ours is a position that nobody knows.
        since: id.map(|id| Position::from_event_id(id).unwrap_or_default()),
    };
    let seat = match Seat::take(stub, line, client, faults, wish).await {
        Ok(seat) => seat,
        Err(refusal) => return refusal.into_response(),
    };
    let place = Place {
        seat,
        rest: Bytes::new(),
        torn: false,
    };
    let body = Body::from_stream(stream::unfold(Some(place), next));
    let media_type = HeaderValue::from_static("text/event-stream");
    let store = HeaderValue::from_static("no-store");
    (
        [
            (header::CONTENT_TYPE, media_type),
            (header::CACHE_CONTROL, store),
        ],
        body,
    )
        .into_response()
}

/// A stream, and what is left of the event that is being sent.
struct Place {
    seat: Seat,
    rest: Bytes,
    /// The connection breaks off after this event.
    torn: bool,
}

impl Place {
    /// As much of the event as goes out at a time.
    fn piece(mut self) -> (io::Result<Bytes>, Option<Place>) {
        let most = self.seat.chunk().unwrap_or(usize::MAX);
        let piece = self.rest.split_to(most.min(self.rest.len()));
        (Ok(piece), Some(self))
    }

    /// Ends the body in the middle.
    async fn break_off(self, how: &How) -> (io::Result<Bytes>, Option<Place>) {
        // What was sent before is on its way once hyper has had a turn.
        tokio::task::yield_now().await;
        match how {
            How::Reset => self.seat.line.iter().for_each(Line::reset),
            _ => self.seat.line.iter().for_each(Line::close),
        }
        (Err(io::ErrorKind::ConnectionReset.into()), None)
    }
}

/// The next piece of the body. An error ends it in the middle.
async fn next(place: Option<Place>) -> Option<(io::Result<Bytes>, Option<Place>)> {
    let mut place = place?;
    loop {
        if !place.rest.is_empty() {
            return Some(place.piece());
        }
        if place.torn {
            return Some(place.break_off(&How::Vanish).await);
        }
        match place.seat.poll() {
            Step::End(last) => {
                place.seat.ended(None, last.by);
                match last.how {
                    How::Close(_) => return None,
                    How::Tear(text) => {
                        let event = Bytes::from(format!("data: {text}"));
                        place.rest = event.slice(..event.len() / 2);
                        place.torn = true;
                    }
                    how => return Some(place.break_off(&how).await),
                }
            }
            Step::Send(frame) => {
                place.seat.sent(&frame);
                place.rest = frame.text.into();
            }
            Step::Stall(by) => place.seat.stalled(by),
            Step::Wait(until) => tokio::select! {
                () = place.seat.woken() => {}
                () = wait_until(&place.seat.stub, until) => {}
            },
        }
    }
}
