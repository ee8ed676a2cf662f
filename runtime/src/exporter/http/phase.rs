//! The phase of a connection, and the timeout of each.
//!
//! Invariant: a connection is in one phase at a time, each phase has a longest time, and only progress of the *client's*
//! request or of the *whole* answer ends a phase. A client that sends or reads a byte now and then stays in its phase,
//! so it is cut off when the time is over, however busy it looks; and while it is given an answer, it has to take some
//! of it all the time. Time while the process was stopped does not count ([`Awake`]).

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::watch,
};

use super::{
    super::Limits,
    awake::{Awake, TICK},
};

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The head of a request is on its way; the first one is from the moment of connecting.
    Reading,
    /// Who has sent the request is being found out.
    Checking,
    /// The answer is being made.
    Answering,
    /// The answer is on its way, until its last byte is taken.
    Delivering,
    /// Nothing since the last answer.
    Idle,
}

impl Phase {
    fn longest(self, limits: &Limits) -> Duration {
        match self {
            Self::Reading => limits.header_read_timeout,
            Self::Checking | Self::Answering | Self::Delivering => limits.response_timeout,
            Self::Idle => limits.idle_timeout,
        }
    }
}

/// The phase of one connection, and since when.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    awake: Arc<Awake>,
    now: watch::Sender<(Phase, Duration)>,
    written: Arc<Mutex<Written>>,
}

/// What the client has taken.
#[derive(Clone, Copy, Debug)]
struct Written {
    bytes: usize,
    /// When there was last something.
    last: Duration,
}

impl Progress {
    pub(super) fn new(awake: &Arc<Awake>) -> Self {
        let start = awake.now();
        Self {
            awake: Arc::clone(awake),
            now: watch::Sender::new((Phase::Reading, start)),
            written: Arc::new(Mutex::new(Written { bytes: 0, last: start })),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        self.now.borrow().0
    }

    /// The phase, and since when.
    pub(super) fn since(&self) -> (Phase, Duration) {
        *self.now.borrow()
    }

    /// Since when the client has taken nothing of its answer.
    pub(super) fn stalled_since(&self) -> Duration {
        self.written().last.max(self.since().1)
    }

    fn written(&self) -> Written {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wrote(&self, bytes: usize) {
        let last = self.awake.now();
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.bytes = written.bytes.wrapping_add(bytes);
        written.last = last;
    }

    /// Enters `to` if the connection is in one of `from`.
    fn enter(&self, to: Phase, from: &[Phase]) {
        self.now.send_if_modified(|now| {
            let is_entered = from.contains(&now.0);
            if is_entered {
                *now = (to, self.awake.now());
            }
            is_entered
        });
    }

    /// From now until [`answering`](Self::answering).
    pub(super) fn checking(&self) {
        self.enter(Phase::Checking, &[Phase::Reading, Phase::Idle]);
    }

    /// From now until the answer is dropped, which is when it was taken or its connection has ended.
    pub(super) fn answering(&self) -> Answering {
        self.enter(Phase::Answering, &[Phase::Reading, Phase::Checking, Phase::Idle]);
        Answering { progress: self.clone() }
    }

    /// Ends when a phase has lasted too long, or too little of an answer was taken, and says in which phase.
    pub(super) async fn overdue(&self, limits: &Limits) -> Phase {
        let mut changes = self.now.subscribe();
        let mut stretch = Stretch { since: Duration::ZERO, bytes: 0 };
        loop {
            let (phase, since) = *changes.borrow_and_update();
            let now = self.awake.now();
            let mut end = since + phase.longest(limits);
            if phase == Phase::Delivering {
                stretch.go_on(since, now, self.written().bytes, limits.stall_bytes_min);
                end = end.min(stretch.since + limits.stall_timeout);
            }
            if now >= end {
                return phase;
            }
            tokio::select! {
                () = tokio::time::sleep((end - now).min(TICK)) => {}
                // The sender lives in `self`, so there is always a next change to wait for.
                _ = changes.changed() => {}
            }
        }
    }
}

/// The stretch of time in which a client has to take something.
struct Stretch {
    since: Duration,
    bytes: usize,
}

impl Stretch {
    /// Begins anew if enough was taken, or another answer has begun.
    fn go_on(&mut self, delivery: Duration, now: Duration, bytes: usize, bytes_min: usize) {
        if self.since < delivery {
            *self = Self { since: delivery, bytes };
        } else if bytes.wrapping_sub(self.bytes) >= bytes_min {
            *self = Self { since: now, bytes };
        }
    }
}

/// An answer under way.
#[derive(Debug)]
pub(crate) struct Answering {
    progress: Progress,
}

impl Answering {
    /// The answer is made, and given to the client from now on.
    pub(super) fn deliver(&self) {
        self.progress.enter(Phase::Delivering, &[Phase::Answering]);
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.progress.enter(Phase::Idle, &[Phase::Answering, Phase::Delivering]);
    }
}

/// A stream that tells when the next request begins to arrive, and what is taken of an answer.
#[derive(Debug)]
pub(super) struct TimedStream<S> {
    stream: S,
    progress: Progress,
}

impl<S> TimedStream<S> {
    pub(super) const fn new(stream: S, progress: Progress) -> Self {
        Self { stream, progress }
    }

    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.progress.wrote(bytes);
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedStream<S> {
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

impl<S: AsyncWrite + Unpin> AsyncWrite for TimedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.noted(written)
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
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        time::Instant,
    };

    use super::*;

    fn progress() -> Progress {
        Progress::new(&Arc::new(Awake::new()))
    }

    #[tokio::test(start_paused = true)]
    async fn each_phase_has_its_time() {
        let limits = Limits::default();
        let progress = progress();
        let start = Instant::now();
        assert_eq!(progress.overdue(&limits).await, Phase::Reading);
        assert_eq!(start.elapsed(), limits.header_read_timeout);

        let answering = progress.answering();
        let start = Instant::now();
        assert_eq!(progress.overdue(&limits).await, Phase::Answering);
        assert_eq!(start.elapsed(), limits.response_timeout);

        let start = Instant::now();
        answering.deliver();
        assert_eq!(progress.overdue(&limits).await, Phase::Delivering);
        assert_eq!(start.elapsed(), limits.stall_timeout);

        let start = Instant::now();
        drop(answering);
        assert_eq!(progress.overdue(&limits).await, Phase::Idle);
        assert_eq!(start.elapsed(), limits.idle_timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_in_time_do_not_make_a_phase_longer() {
        let limits = Limits::default();
        let (mut client, server) = tokio::io::duplex(64);
        let progress = progress();
        let mut watched = TimedStream::new(server, progress.clone());
        drop(progress.answering());
        assert_eq!(progress.phase(), Phase::Idle);
        let drip = async {
            loop {
                client.write_all(b"G").await.expect("a pipe");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        let read = async {
            let mut byte = [0];
            loop {
                watched.read_exact(&mut byte).await.expect("a pipe");
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

    /// When a client that takes this much every second is cut off.
    async fn cut_off_after(bytes_per_second: usize) -> Duration {
        let limits = Limits::default();
        let (mut client, server) = tokio::io::duplex(64);
        let progress = progress();
        let mut watched = TimedStream::new(server, progress.clone());
        let answering = progress.answering();
        answering.deliver();
        let read = async {
            let mut taken = vec![0; bytes_per_second];
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                client.read_exact(&mut taken).await.expect("a pipe");
            }
        };
        let write = async {
            loop {
                watched.write_all(&[0; 64]).await.expect("a pipe");
            }
        };
        let start = Instant::now();
        tokio::select! {
            phase = progress.overdue(&limits) => assert_eq!(phase, Phase::Delivering),
            () = read => unreachable!("it never ends"),
            () = write => unreachable!("it never ends"),
        }
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn slow_readers_have_less_time_than_steady_ones() {
        let limits = Limits::default();
        assert_eq!(cut_off_after(1).await, limits.stall_timeout);
        assert_eq!(cut_off_after(limits.stall_bytes_min).await, limits.response_timeout);
    }

    #[tokio::test(start_paused = true)]
    async fn time_that_nobody_ran_is_given_back() {
        let limits = Limits::default();
        let progress = progress();
        let mut overdue = std::pin::pin!(progress.overdue(&limits));
        let stopped = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            tokio::time::advance(Duration::from_secs(3_600)).await;
        };
        tokio::select! {
            biased;
            _ = &mut overdue => unreachable!("the process was stopped"),
            () = stopped => {}
        }
        let start = Instant::now();
        assert_eq!(overdue.await, Phase::Reading);
        assert!(start.elapsed() >= Duration::from_secs(8), "{:?}", start.elapsed());
    }
}
