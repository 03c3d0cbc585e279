//! One HTTP/1.1 connection, which can be ended at any moment, also after it has become a WebSocket.
//!
//! A server that closes politely is not what an outage looks like. Three things cut a connection, each through its [`Line`]: an answer
//! that carries a mark (see `sever.rs`), whoever holds the `Line` (it is in the request's extensions), and the end of all connections
//! when the listener closes.

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use axum::http::Extensions;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::accept::Course;
use crate::line::{Ending, Line};
use crate::sever::{CutBody, KillIdle, Severed};
use crate::wire::Wire;

/// Serves a connection until either side ends it, or its `course` says so.
pub(crate) async fn converse(stream: TcpStream, router: Router, course: watch::Receiver<Course>) {
    // Small answers in many segments would wait for each other's acknowledgements. Failing to switch that off is harmless.
    let _ = stream.set_nodelay(true);
    let wire = Wire::new(stream);
    let line = wire.line().clone();
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (router, line) = (router.clone(), line.clone());
        async move {
            line.begin_request();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(line.clone());
            let Ok(response) = router.oneshot(request).await;
            if let Some(severed) = Severed::of(response.extensions()) {
                sever(&line, severed);
                return pending().await;
            }
            prepare(&line, response.extensions());
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    let mut connection = Box::pin(connection);
    // Declared last, so that it is dropped before the requests under way: they learn that it was the stub who ended them.
    let _guard = Guard(&line);
    let mut cut = pin!(reached(course.clone(), Course::Cut));
    let mut finish = pin!(reached(course, Course::Finish));
    let mut finishing = false;
    loop {
        tokio::select! {
            // Errors are the client's: it left, or it does not speak HTTP.
            _ = &mut connection => break,
            () = &mut cut => return,
            () = &mut finish, if !finishing => {
                finishing = true;
                connection.as_mut().graceful_shutdown();
            }
            () = line.ended() => return,
        }
    }
    // Gone with this is the wire, unless an upgrade took it along and somebody else serves it now.
    drop(connection);
    tokio::select! {
        () = cut => {}
        () = line.ended() => {}
    }
}

/// Returns when this is the course, or when whoever set it has gone.
async fn reached(mut course: watch::Receiver<Course>, wanted: Course) {
    let _ = course.wait_for(|course| *course == wanted).await;
}

fn sever(line: &Line, severed: Severed) {
    match severed {
        Severed::Close => line.close(),
        Severed::Garble(variant) => line.garble(variant.bytes()),
        Severed::Reset => line.reset(),
    }
}

/// What is to happen to the connection while the answer is sent, or after it.
fn prepare(line: &Line, marks: &Extensions) {
    if let Some(cut) = marks.get::<CutBody>() {
        let ending = if cut.reset {
            Ending::Reset
        } else {
            Ending::Close
        };
        line.end_after_body(cut.after_bytes, ending);
    }
    if let Some(KillIdle { after, mut hold }) = marks.get().cloned() {
        let line = line.clone();
        let requests = line.requests();
        tokio::spawn(async move {
            tokio::select! {
                () = hold.wait(after) => {}
                () = line.ended() => return,
            }
            if line.requests() == requests && !hold.is_released() {
                line.reset();
            }
        });
    }
}

/// Cuts the connection when its task ends, even if that is because it was aborted.
#[derive(Debug)]
struct Guard<'a>(&'a Line);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.reset();
    }
}
