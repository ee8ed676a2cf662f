//! A clock that stops while the process is stopped or the machine sleeps.
//!
//! Invariant: a measurement asks at least every [`TICK`]. So two questions that lie further apart than
//! [`PAUSE`] mean that no thread ran meanwhile: the process was stopped, or the machine slept. What a client could not
//! be served in is not counted against it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// The longest time between two questions of a waiting task.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// From here on a silence is a pause: twice the tick, so that a busy machine is not taken for a stopped one.
const PAUSE: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug)]
pub(super) struct Awake(Mutex<State>);

#[derive(Debug)]
struct State {
    asked: Instant,
    awake: Duration,
}

impl Awake {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State { asked: Instant::now(), awake: Duration::ZERO }))
    }

    /// How long this process has run, since some moment.
    pub(super) fn now(&self) -> Duration {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let silence = now.saturating_duration_since(state.asked);
        state.asked = now;
        if silence < PAUSE {
            state.awake += silence;
        }
        state.awake
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_do_not_count() {
        let awake = Awake::new();
        let start = awake.now();
        for _ in 0..10 {
            tokio::time::advance(TICK).await;
            awake.now();
        }
        assert_eq!(awake.now() - start, TICK * 10);
        tokio::time::advance(Duration::from_secs(3_600)).await;
        assert_eq!(awake.now() - start, TICK * 10);
    }
}
