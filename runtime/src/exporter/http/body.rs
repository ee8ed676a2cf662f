//! The body of an answer, in pieces.
//!
//! Invariant: the place of a scrape is given back when its last piece was taken, which happens as fast as the client
//! reads; or when the connection ends, whatever the client does.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

/// The largest piece: enough for a system call to be worth it, and little beside what the sockets buffer.
const PIECE_BYTES_MAX: usize = 64 * 1_024;

/// Bytes that are given out piece by piece.
#[derive(Debug)]
pub(crate) struct Pieces {
    rest: Bytes,
    place: Option<OwnedSemaphorePermit>,
}

impl Pieces {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { rest: Bytes::from(bytes), place: None }
    }

    /// Holds the place of a scrape until all is taken.
    pub(super) fn hold(&mut self, place: OwnedSemaphorePermit) {
        self.place = Some(place);
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let size = self.rest.len().min(PIECE_BYTES_MAX);
        let piece = self.rest.split_to(size);
        if self.rest.is_empty() {
            self.place = None;
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
