//! The body of an answer, in pieces.
//!
//! Invariant: a scrape is under way until its last piece was taken, which happens as fast as the client reads; or until
//! the connection ends, whatever the client does.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::{phase::Answering, scrapes::Scrape};

/// The largest piece: enough for a system call to be worth it, and little beside what the sockets buffer.
const PIECE_BYTES_MAX: usize = 64 * 1_024;

/// Bytes that are given out piece by piece.
#[derive(Debug)]
pub(crate) struct Pieces {
    rest: Bytes,
    scrape: Option<Scrape>,
    answering: Option<Answering>,
}

impl Pieces {
    pub(super) fn new(bytes: impl Into<Bytes>) -> Self {
        Self { rest: bytes.into(), scrape: None, answering: None }
    }

    /// The pieces of a scrape, which is under way until all are taken.
    pub(super) fn of_scrape(bytes: Bytes, scrape: Scrape) -> Self {
        let scrape = if bytes.is_empty() {
            scrape.end();
            None
        } else {
            Some(scrape)
        };
        Self { rest: bytes, scrape, answering: None }
    }

    /// Tells the connection that an answer is under way for as long as there is this body.
    pub(super) fn keep(&mut self, answering: Answering) {
        self.answering = Some(answering);
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
        if self.rest.is_empty()
            && let Some(scrape) = self.scrape.take()
        {
            scrape.end();
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
