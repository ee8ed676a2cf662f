//! What a connection is doing, and how long it may.
//!
//! Invariant: a connection is in one phase at a time, each phase has a longest time, and only progress of the *client's*
//! request or of the *whole* answer ends a phase. A client that sends or reads a byte now and then stays in its phase,
//! so it is cut off when the time is over, however busy it looks.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
    time::Instant,
};

use super::super::Limits;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The head of a request is on its way, or who sends it is being found out; the first one is from the moment of
    /// connecting.
    Reading,
    /// A request is being answered, until the last byte of the answer is taken.
    Answering,
    /// Nothing since the last answer.
    Idle,
}

impl Phase {
    fn longest(self, limits: &Limits) -> Duration {
        match self {
            Self::Reading => limits.header_read_timeout,
            Self::Answering => limits.response_timeout,
            Self::Idle => limits.idle_timeout,
        }
    }
}

/// The phase of one connection, and since when.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    now: watch::Sender<(Phase, Instant)>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self { now: watch::Sender::new((Phase::Reading, Instant::now())) }
    }

    pub(super) fn phase(&self) -> Phase {
        self.now.borrow().0
    }

    pub(super) fn since(&self) -> (Phase, Instant) {
        *self.now.borrow()
    }

    /// Enters `to` if the connection is in one of `from`.
    fn enter(&self, to: Phase, from: &[Phase]) {
        self.now.send_if_modified(|now| {
            let is_entered = from.contains(&now.0);
            if is_entered {
                *now = (to, Instant::now());
            }
            is_entered
        });
    }

    /// From now until the answer is dropped, which is when it was taken or its connection has ended.
    pub(super) fn answering(&self) -> Answering {
        self.enter(Phase::Answering, &[Phase::Reading, Phase::Idle]);
        Answering { progress: self.clone() }
    }

    /// Ends when a phase has lasted too long, and says which.
    pub(super) async fn overdue(&self, limits: &Limits) -> Phase {
        let mut changes = self.now.subscribe();
        loop {
            let (phase, since) = *changes.borrow_and_update();
            tokio::select! {
                () = tokio::time::sleep_until(since + phase.longest(limits)) => return phase,
                // The sender lives in `self`, so there is always a next change to wait for.
                _ = changes.changed() => {}
            }
        }
    }
}

/// An answer under way.
#[derive(Debug)]
pub(crate) struct Answering {
    progress: Progress,
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.progress.enter(Phase::Idle, &[Phase::Answering]);
    }
}

/// A stream that tells when the next request begins to arrive.
#[derive(Debug)]
pub(super) struct Watched<S> {
    stream: S,
    progress: Progress,
}

impl<S> Watched<S> {
    pub(super) const fn new(stream: S, progress: Progress) -> Self {
        Self { stream, progress }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.progress.enter(Phase::Reading, &[Phase::Idle]);
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_phase_has_its_time() {
        let limits = Limits::default();
        let progress = Progress::new();
        let start = Instant::now();
        assert_eq!(progress.overdue(&limits).await, Phase::Reading);
        assert_eq!(start.elapsed(), limits.header_read_timeout);

        let answering = progress.answering();
        let start = Instant::now();
        assert_eq!(progress.overdue(&limits).await, Phase::Answering);
        assert_eq!(start.elapsed(), limits.response_timeout);

        let start = Instant::now();
        drop(answering);
        assert_eq!(progress.overdue(&limits).await, Phase::Idle);
        assert_eq!(start.elapsed(), limits.idle_timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_in_time_do_not_make_a_phase_longer() {
        let limits = Limits::default();
        let (client, server) = tokio::io::duplex(64);
        let progress = Progress::new();
        let mut watched = Watched::new(server, progress.clone());
        drop(progress.answering());
        assert_eq!(progress.phase(), Phase::Idle);
        let drip = async {
            let mut client = client;
            loop {
                tokio::io::AsyncWriteExt::write_all(&mut client, b"G").await.expect("a pipe");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        let read = async {
            let mut byte = [0];
            loop {
                tokio::io::AsyncReadExt::read_exact(&mut watched, &mut byte).await.expect("a pipe");
            }
        };
        let start = Instant::now();
        let phase = tokio::select! {
            phase = progress.overdue(&limits) => phase,
            () = drip => unreachable!("it never ends"),
            () = read => unreachable!("it never ends"),
        };
        assert_eq!((phase, start.elapsed()), (Phase::Reading, limits.header_read_timeout));
    }
}
