//! The body of a response, sent in chunks.
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
pub(crate) struct ScrapeBody {
    rest: Rest,
    answering: Option<Answering>,
}

#[derive(Debug)]
enum Rest {
    Bytes(Bytes),
    Scrape(Scrape),
}

impl ScrapeBody {
    pub(super) fn new(bytes: impl Into<Bytes>) -> Self {
        Self { rest: Rest::Bytes(bytes.into()), answering: None }
    }

    /// The pieces of a scrape, which is under way until all are taken.
    pub(super) fn of_scrape(mut scrape: Scrape) -> Self {
        if scrape.rest() == 0 {
            scrape.end();
        }
        Self { rest: Rest::Scrape(scrape), answering: None }
    }

    /// Tells the connection that an answer is under way for as long as there is this body.
    pub(super) fn keep(&mut self, answering: Answering) {
        answering.deliver();
        self.answering = Some(answering);
    }

    /// As the answer to a request that wants the head only.
    pub(super) fn without_bytes(mut self) -> Self {
        self.rest = Rest::Bytes(Bytes::new());
        self
    }

    /// How many bytes are left.
    pub(super) fn rest(&self) -> usize {
        match &self.rest {
            Rest::Bytes(bytes) => bytes.len(),
            Rest::Scrape(scrape) => scrape.rest(),
        }
    }

    /// The next piece; empty at the end.
    pub(super) fn take(&mut self) -> Bytes {
        match &mut self.rest {
            Rest::Bytes(bytes) => {
                let size = bytes.len().min(PIECE_BYTES_MAX);
                bytes.split_to(size)
            }
            Rest::Scrape(scrape) => scrape.take(PIECE_BYTES_MAX),
        }
    }
}

impl Body for ScrapeBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.take();
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest() as u64)
    }
}
