//! The WebSocket: does what the hub says, on a real connection.

use axum::RequestExt;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tidegate_contract::SocketClose;
use tidegate_contract::feed::{EndedBy, PROTOCOL, close_code};
use tidegate_core::{Instant, Millis};

use crate::arrival::Arrival;
use crate::failure::Failure;
use crate::feed::seat::Seat;
use crate::feed::step::{How, Last, Step};
use crate::feed::stream::{Frame, Wish};
use crate::feed::wait::wait_until;
use crate::line::{Ending, Line};
use crate::stub::Stub;

/// Centrifugo's `websocket.message_size_limit`; a larger message is answered with code 1009.
const MAX_MESSAGE: usize = 64 << 10;
/// A message so large is not even read, and its connection dropped.
const MAX_READ: usize = 1 << 20;
/// Commands are short. The default of 128 KiB is kept by every WebSocket, and there may be thousands.
const READ_BUFFER: usize = 4 << 10;
/// How long a client may take to read and answer a close frame.
const FAREWELL: Millis = Millis::from_secs(5);

/// Accepts a WebSocket.
pub(crate) async fn open(State(stub): State<Stub>, mut request: Request) -> Response {
    let client = Arrival::of(&request).client;
    // The same-origin policy does not cover WebSockets: a page that is not welcome has to be told here.
    let origin = request.headers().get(header::ORIGIN);
    let welcome = origin.is_none_or(|origin| {
        origin
            .to_str()
            .is_ok_and(|origin| stub.origins().allows(origin))
    });
    if !welcome {
        return Failure::foreign("this page may not open a WebSocket").into_response();
    }
    let line = request.extensions().get::<Line>().cloned();
    let faults = request.extensions_mut().remove().unwrap_or_default();
    let upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection> = request.extract().await;
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade
            .max_message_size(MAX_READ)
            .read_buffer_size(READ_BUFFER)
            .protocols([PROTOCOL]),
        Err(rejection) => return rejection.into_response(),
    };
    let extended = upgrade.selected_protocol().is_some();
    match Seat::take(stub, line, client, faults, Wish::Socket { extended }).await {
        Ok(seat) => upgrade.on_upgrade(|socket| talk(seat, socket)),
        Err(refusal) => refusal.into_response(),
    }
}

/// Serves a WebSocket to its end.
async fn talk(mut seat: Seat, mut socket: WebSocket) {
    let mut silent = false;
    // Whoever reads slowly does not even look before this.
    let mut reads_at = Instant::START;
    loop {
        match seat.poll() {
            Step::End(last) => return part(seat, socket, last).await,
            Step::Send(frame) => {
                if !send(&seat, &mut socket, &frame).await {
                    return;
                }
            }
            Step::Stall(by) => {
                seat.stalled(by);
                silent = true;
            }
            Step::Wait(until) if reads_at > seat.stub.now() => tokio::select! {
                () = seat.woken() => {}
                () = wait_until(&seat.stub, until.min(reads_at)) => {}
            },
            Step::Wait(until) => tokio::select! {
                () = seat.woken() => {}
                () = wait_until(&seat.stub, until) => {}
                heard = hear(&mut socket, seat.line.as_ref(), silent) => match heard {
                    Some(Message::Binary(bytes)) => seat.received_nonsense(bytes.len()),
                    Some(Message::Close(frame)) => {
                        seat.ended(frame.map(|frame| frame.code), EndedBy::Client);
                        let until = seat.stub.now() + FAREWELL;
                        return say_goodbye(&seat, &mut socket, until).await;
                    }
                    Some(Message::Ping(_) | Message::Pong(_)) => {}
                    Some(Message::Text(text)) if text.len() > MAX_MESSAGE => {
                        let last = Last::closed_by_protocol(close_code::TOO_LARGE, "too large");
                        return part(seat, socket, last).await;
                    }
                    Some(Message::Text(text)) => {
                        seat.received(&text);
                        reads_at = seat.stub.now() + taking(text.len(), seat.read_rate());
                    }
                    None => return,
                }
            },
        }
    }
}

/// How long it takes to read so many bytes.
fn taking(bytes: usize, per_second: Option<u64>) -> Millis {
    let millis = per_second.map(|rate| 1_000 * bytes as u64 / rate.max(1));
    Millis(millis.unwrap_or(0))
}

/// The next message; `None` when the connection is gone. In silence everything is thrown away below the WebSocket, where nothing
/// answers pings or close frames, yet a client that leaves is noticed.
async fn hear(socket: &mut WebSocket, line: Option<&Line>, silent: bool) -> Option<Message> {
    if !silent {
        return socket.recv().await?.ok();
    }
    match line {
        Some(line) => line.drain().await,
        None => std::future::pending().await,
    }
    None
}

/// Sends a frame, unless the stream is ended over it. Returns whether the connection is still there.
async fn send(seat: &Seat, socket: &mut WebSocket, frame: &Frame) -> bool {
    let hurried = seat.is_cut();
    let until = if hurried {
        seat.stub.now() + FAREWELL
    } else {
        Instant::NEVER
    };
    let sending = socket.send(Message::text(frame.text.as_str()));
    tokio::pin!(sending);
    loop {
        tokio::select! {
            biased;
            result = &mut sending => {
                if result.is_ok() {
                    seat.sent(frame);
                }
                return result.is_ok();
            }
            // Whoever does not read would keep us here for ever.
            () = seat.woken(), if !hurried => if seat.is_cut() {
                return true;
            },
            () = wait_until(&seat.stub, until) => return false,
        }
    }
}

/// Ends a WebSocket.
async fn part(mut seat: Seat, mut socket: WebSocket, last: Last) {
    let Last { how, by } = last;
    match how {
        How::Close(SocketClose { code, reason, .. }) => {
            seat.ended(Some(code), by);
            let until = seat.stub.now() + FAREWELL;
            let frame = CloseFrame {
                code,
                reason: reason.into(),
            };
            let sent = tokio::select! {
                sent = socket.send(Message::Close(Some(frame))) => sent.is_ok(),
                () = wait_until(&seat.stub, until) => false,
            };
            if sent {
                say_goodbye(&seat, &mut socket, until).await;
            }
        }
        How::Reset => {
            seat.ended(None, by);
            seat.line.iter().for_each(Line::reset);
        }
        How::Tear(text) => {
            seat.ended(None, by);
            if let Some(line) = &seat.line {
                // Enough of the frame to say how long it would have been.
                line.end_after(4 + text.len() as u64 / 2, Ending::Close);
            }
            // It fails in the middle, as it is meant to.
            let _ = socket.send(Message::text(text)).await;
            seat.line.iter().for_each(Line::close);
        }
        // A stall is no end and does not come here.
        How::Stall | How::Vanish => {
            seat.ended(None, by);
            seat.line.iter().for_each(Line::close);
        }
    }
}

/// Lets both close frames through. What the client says until then is not heard.
async fn say_goodbye(seat: &Seat, socket: &mut WebSocket, until: Instant) {
    let both_closed = async { while let Some(Ok(_)) = socket.recv().await {} };
    tokio::select! {
        () = both_closed => {}
        () = wait_until(&seat.stub, until) => {}
    }
}
