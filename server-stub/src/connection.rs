//! One HTTP/1.1 connection, which can be reset.
//!
//! A server that closes politely is not what an outage looks like. Cutting here means: no answer, `SO_LINGER` zero and close, which
//! sends a TCP reset (RFC 9293, 3.10.4). Two things cut: an answer that carries [`Reset`], and the end of all connections when the
//! listener closes.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tower::ServiceExt;

/// Marks an answer that must not be given: its connection is reset instead.
#[derive(Clone, Copy, Debug)]
pub struct Reset;

impl Reset {
    pub(crate) fn response() -> Response {
        let mut response = Response::new(Body::empty());
        response.extensions_mut().insert(Reset);
        response
    }
}

/// The connection a request came by: tells a client that left from one that was cut off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<AtomicBool>);

impl Line {
    /// Whether it was the stub that ended the connection.
    pub(crate) fn is_cut(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Serves a connection until either side ends it, or `ended` changes.
pub(crate) async fn converse(stream: TcpStream, router: Router, mut ended: watch::Receiver<()>) {
    // Small answers in many segments would wait for each other's acknowledgements. Failing to switch that off is harmless.
    let _ = stream.set_nodelay(true);
    let line = Line::default();
    let reset = Arc::new(Notify::new());
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (router, line, reset) = (router.clone(), line.clone(), reset.clone());
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(line);
            let Ok(response) = router.oneshot(request).await;
            if response.extensions().get::<Reset>().is_some() {
                reset.notify_one();
                return pending().await;
            }
            Ok::<_, Infallible>(response)
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // Errors are the client's: it left, or it does not speak HTTP.
        _ = &mut connection => return,
        _ = ended.changed() => {}
        () = reset.notified() => {}
    }
    line.cut();
    let stream = connection.into_parts().io.into_inner();
    // If this fails the client sees an orderly close, which is the next best thing.
    let _ = stream.set_zero_linger();
}
