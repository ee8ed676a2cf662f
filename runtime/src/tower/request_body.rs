//! Counts the bytes of a request body.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use hyper::body::{Body, Buf as _, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::tracking::RequestSize;

pin_project! {
    /// The body of a request that is tracked.
    #[derive(Debug)]
    pub struct RequestBody<B> {
        #[pin]
        inner: B,
        // `None` where the head declares the size.
        bytes: Option<Arc<AtomicU64>>,
    }
}

impl<B: Body> RequestBody<B> {
    pub(super) fn new(inner: B) -> (Self, RequestSize) {
        if let Some(bytes) = inner.size_hint().exact() {
            return (Self { inner, bytes: None }, RequestSize::Declared(bytes));
        }
        let bytes = Arc::new(AtomicU64::new(0));
        (Self { inner, bytes: Some(Arc::clone(&bytes)) }, RequestSize::Counted(bytes))
    }
}

impl<B: Body> Body for RequestBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let polled = this.inner.poll_frame(context);
        if let (Some(bytes), Poll::Ready(Some(Ok(frame)))) = (this.bytes, &polled) {
            let size = frame.data_ref().map_or(0, |data| data.remaining());
            bytes.fetch_add(size as u64, Ordering::Relaxed);
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
