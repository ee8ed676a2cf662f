//! Observes the end of a response body, which ends its request.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Buf as _, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{RequestMetrics, tracking::Tracking};
use crate::labels::Outcome;

pin_project! {
    /// The body of an answer to a request that is tracked.
    #[derive(Debug)]
    pub struct ResponseBody<B, M: RequestMetrics> {
        #[pin]
        inner: B,
        // A server takes no more than was declared, and does not ask for the end then.
        declared_bytes: Option<u64>,
        tracking: Tracking<M>,
    }
}

impl<B: Body, M: RequestMetrics> ResponseBody<B, M> {
    pub(super) fn new(inner: B, tracking: Tracking<M>, is_taken: bool) -> Self {
        let declared_bytes = inner.size_hint().exact();
        let mut body = Self { inner, declared_bytes, tracking };
        if !is_taken || body.inner.is_end_stream() {
            body.tracking.end(Outcome::Ok);
        }
        body
    }
}

impl<B: Body, M: RequestMetrics> Body for ResponseBody<B, M> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let polled = this.inner.as_mut().poll_frame(context);
        match &polled {
            Poll::Ready(None) => this.tracking.end(Outcome::Ok),
            Poll::Ready(Some(Err(_))) => this.tracking.end(Outcome::Error),
            Poll::Ready(Some(Ok(frame))) => {
                let taken =
                    this.tracking.taken(frame.data_ref().map_or(0, |data| data.remaining()));
                let is_all = this.declared_bytes.is_some_and(|declared| taken >= declared);
                if is_all || this.inner.is_end_stream() {
                    this.tracking.end(Outcome::Ok);
                }
            }
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
