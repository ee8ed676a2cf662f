//! Gathering within a deadline: collectors that do not answer in time are left out.
//!
//! Invariant: a collector is asked by one thread of ours at a time. What it answers too late is not waited for, and it
//! is not asked again before it has answered; so a collector that never ends costs one thread, once, and its families.

use std::{
    cell::Cell,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, sync_channel},
    },
    thread,
    time::Instant,
};

use super::collect::{Answer, CollectError, Collector, ask, ask_for, asking};

thread_local! {
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// What `gather` says, which waits for no collector beyond `deadline`.
#[cfg(feature = "http")]
pub(crate) fn gather_until<R>(deadline: Instant, gather: impl FnOnce() -> R) -> R {
    let _end = Before(DEADLINE.replace(Some(deadline)));
    gather()
}

/// Puts back what was before, also when a panic passes.
#[cfg(feature = "http")]
struct Before(Option<Instant>);

#[cfg(feature = "http")]
impl Drop for Before {
    fn drop(&mut self) {
        DEADLINE.set(self.0);
    }
}

/// A collector, and whether it is being asked.
pub(super) struct Punctual {
    collector: Arc<dyn Collector>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    Asked,
    /// Asked, and not waited for any more.
    Late,
}

impl Punctual {
    pub(super) fn new(collector: impl Collector) -> Self {
        Self {
            collector: Arc::new(collector),
            state: Mutex::new(State::Idle),
            changed: Condvar::new(),
        }
    }

    /// What all of them answer, in their order: on this thread, or each on its own where there is a deadline.
    pub(super) fn ask_all(all: &[Arc<Self>]) -> Vec<Result<Answer, CollectError>> {
        let Some(deadline) = DEADLINE.get() else {
            return all.iter().map(|punctual| ask(&*punctual.collector)).collect();
        };
        let asked: Vec<_> = all.iter().map(|punctual| punctual.begin(deadline)).collect();
        let answers = asked
            .into_iter()
            .zip(all)
            .map(|(answer, punctual)| punctual.end(&answer.ok_or(CollectError::Late)?, deadline));
        answers.collect()
    }

    /// Asks on a thread of its own; `None` if it is late from another time, or there is no thread.
    fn begin(
        self: &Arc<Self>,
        deadline: Instant,
    ) -> Option<Receiver<Result<Answer, CollectError>>> {
        // Somebody else may be asking right now, and has the same patience.
        let mut state = self.lock();
        while *state == State::Asked {
            let left = deadline.checked_duration_since(Instant::now())?;
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if *state == State::Late {
            return None;
        }
        *state = State::Asked;
        drop(state);
        let (sender, receiver) = sync_channel(1);
        let asking = asking();
        let this = Arc::clone(self);
        let run = move || {
            // Nobody listens any more if it is late.
            let _ = sender.send(ask_for(asking, &*this.collector));
            this.become_idle();
        };
        match thread::Builder::new().name("yardstick-collect".to_owned()).spawn(run) {
            Ok(_) => Some(receiver),
            Err(_) => {
                self.become_idle();
                None
            }
        }
    }

    fn end(
        &self,
        answer: &Receiver<Result<Answer, CollectError>>,
        deadline: Instant,
    ) -> Result<Answer, CollectError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if let Ok(answer) = answer.recv_timeout(left) {
            return answer;
        }
        let mut state = self.lock();
        if let Ok(answer) = answer.try_recv() {
            return answer;
        }
        *state = State::Late;
        self.changed.notify_all();
        Err(CollectError::Late)
    }

    fn become_idle(&self) {
        *self.lock() = State::Idle;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        time::Duration,
    };

    use super::{super::collect::Dropped, *};
    use crate::{
        data::{MetricFamily, Value},
        registry::Registry,
    };

    fn family(name: &str) -> Vec<MetricFamily> {
        vec![MetricFamily::gauge(name, "A value.").with_series(&[], Value::Gauge(1.0))]
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(50)
    }

    fn dropped(registry: &Registry) -> u64 {
        registry.inner.dropped.get(Dropped::Late)
    }

    #[test]
    fn what_is_late_is_left_out_and_not_asked_again() {
        let (registry, asked) = (Registry::new(), Arc::new(AtomicUsize::new(0)));
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let (count, may_go_on) = (Arc::clone(&asked), Mutex::new(may_go_on));
        registry.register_collector(move || {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = may_go_on.lock().expect("not poisoned").recv();
            family("slow")
        });
        registry.register_collector(|| family("quick"));
        registry.register_collector(|| -> Vec<MetricFamily> { panic!("on purpose") });
        for late in 1..=3 {
            let text = gather_until(soon(), || registry.render());
            assert!(text.contains("quick 1\n") && !text.contains("slow"), "{text}");
            assert_eq!((asked.load(Ordering::SeqCst), dropped(&registry)), (1, late));
        }
        // Once it has ended it is asked again.
        go_on.send(()).expect("it waits");
        drop(go_on);
        let start = Instant::now();
        while !gather_until(soon(), || registry.render()).contains("slow 1\n") {
            assert!(start.elapsed() < Duration::from_secs(30), "it is not asked");
        }
    }

    #[test]
    fn gatherings_at_once_all_get_an_answer() {
        let registry = Registry::new();
        registry.register_collector(|| family("value"));
        let barrier = Barrier::new(8);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    barrier.wait();
                    let deadline = Instant::now() + Duration::from_secs(30);
                    let text = gather_until(deadline, || registry.render());
                    assert!(text.contains("value 1\n"), "{text}");
                });
            }
        });
        assert_eq!(dropped(&registry), 0);
    }

    #[test]
    fn without_a_deadline_the_thread_that_gathers_asks() {
        let registry = Registry::new();
        let here = thread::current().id();
        registry.register_collector(move || {
            assert_eq!(thread::current().id(), here);
            family("value")
        });
        assert!(registry.render().contains("value 1\n"));
    }
}
