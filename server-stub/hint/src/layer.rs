//! The middleware: every answer says how much more is welcome.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::header::ACCESS_CONTROL_EXPOSE_HEADERS;
use http::{HeaderName, HeaderValue, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::hint::Hint;
use crate::source::Source;

const HEADER: HeaderName = HeaderName::from_static(Hint::HEADER);

/// Adds a hint to every answer, and lets pages from other origins read it.
///
/// An answer that has a hint already keeps it: whoever gave it was nearer to the bottleneck. The layer belongs outside a CORS layer,
/// which might replace the list of headers that may be read.
#[derive(Clone, Debug)]
pub struct HintLayer<S>(S);

impl<S: Source> HintLayer<S> {
    /// A layer that asks `source` when an answer is ready.
    #[must_use]
    pub fn new(source: S) -> HintLayer<S> {
        HintLayer(source)
    }
}

impl<S: Source, I> Layer<I> for HintLayer<S> {
    type Service = HintService<S, I>;
    fn layer(&self, inner: I) -> HintService<S, I> {
        let source = self.0.clone();
        HintService { source, inner }
    }
}

/// A service whose answers have hints.
#[derive(Clone, Debug)]
pub struct HintService<S, I> {
    source: S,
    inner: I,
}

impl<S: Source, I: Service<Request<A>, Response = Response<B>>, A, B> Service<Request<A>>
    for HintService<S, I>
{
    type Response = Response<B>;
    type Error = I::Error;
    type Future = HintFuture<S, S::Visit, I::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        HintFuture {
            visit: Some(self.source.arrive()),
            source: self.source.clone(),
            inner: self.inner.call(request),
        }
    }
}

pin_project! {
    /// An answer that gets its hint when it is ready.
    #[derive(Debug)]
    pub struct HintFuture<S, V, F> {
        source: S,
        visit: Option<V>,
        #[pin]
        inner: F,
    }
}

impl<S: Source<Visit = V>, V, B, E, F: Future<Output = Result<Response<B>, E>>> Future
    for HintFuture<S, V, F>
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut result = ready!(this.inner.poll(cx));
        let hint = this
            .visit
            .take()
            .and_then(|visit| this.source.answered(visit));
        if let (Ok(answer), Some(hint)) = (&mut result, hint)
            && let Ok(value) = HeaderValue::try_from(hint.to_string())
        {
            let headers = answer.headers_mut();
            headers.entry(HEADER).or_insert(value);
            let exposed = HeaderValue::from_static(Hint::HEADER);
            headers.append(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
        Poll::Ready(result)
    }
}
