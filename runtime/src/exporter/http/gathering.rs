//! The thread that makes expositions, for all clients of an endpoint.
//!
//! Invariants: an exposition is begun after every request that it answers has arrived. Requests that arrive before one
//! is begun share it; one that arrives later begins the next. So sharing changes what answers cost and never what they
//! say. One exposition is made at a time, by a thread that is there as long as there is something to make; so whatever
//! clients ask for, and however often, costs one core, and a request waits for no more expositions than there are
//! kinds of them. Whoever goes away leaves it to others.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use hyper::body::Bytes;
use tokio::sync::watch;

use super::negotiate::Format;

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The exposition.
    Exposition { format: Format, is_zipped: bool },
    /// The page that lists what is exposed.
    Page,
    /// The catalog: in JSON, or as a table of Markdown.
    Catalog { is_markdown: bool },
}

type Render = dyn Fn(Wanted) -> Bytes + Send + Sync;

/// See the module.
#[derive(Clone)]
pub(super) struct Gathering {
    queue: Arc<Mutex<Queue>>,
    render: Arc<Render>,
}

#[derive(Default)]
struct Queue {
    is_working: bool,
    waiting: VecDeque<Order>,
}

struct Order {
    wanted: Wanted,
    made: watch::Sender<Option<Bytes>>,
}

impl std::fmt::Debug for Gathering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gathering").finish_non_exhaustive()
    }
}

impl Gathering {
    pub(super) fn new(render: impl Fn(Wanted) -> Bytes + Send + Sync + 'static) -> Self {
        Self { queue: Arc::default(), render: Arc::new(render) }
    }

    /// What is wanted, as it is made once this request has arrived; `None` if it could not be made.
    pub(super) async fn make(&self, wanted: Wanted) -> Option<Bytes> {
        let mut made = self.order(wanted);
        // Requests that have arrived too, and whose tasks are ready, get to the line above.
        tokio::task::yield_now().await;
        self.begin();
        made.wait_for(Option::is_some).await.ok()?.clone()
    }

    fn order(&self, wanted: Wanted) -> watch::Receiver<Option<Bytes>> {
        let mut queue = lock(&self.queue);
        if let Some(order) = queue.waiting.iter().find(|order| order.wanted == wanted) {
            return order.made.subscribe();
        }
        let (made, receiver) = watch::channel(None);
        queue.waiting.push_back(Order { wanted, made });
        receiver
    }

    /// Starts the thread, unless it is at work.
    fn begin(&self) {
        let mut queue = lock(&self.queue);
        if queue.is_working || queue.waiting.is_empty() {
            return;
        }
        queue.is_working = true;
        drop(queue);
        let thread = std::thread::Builder::new().name("yardstick-gather".to_owned());
        let this = self.clone();
        if thread.spawn(move || this.work()).is_err() {
            // Without a thread, this one has to do it: late is better than never.
            self.work();
        }
    }

    fn work(&self) {
        while let Some(Order { wanted, made }) = self.next() {
            // Whoever waits is told by the sender's end.
            if let Ok(bytes) = catch_unwind(AssertUnwindSafe(|| (self.render)(wanted))) {
                made.send_replace(Some(bytes));
            }
        }
    }

    fn next(&self) -> Option<Order> {
        let mut queue = lock(&self.queue);
        let next = queue.waiting.pop_front();
        queue.is_working = next.is_some();
        next
    }
}

fn lock(queue: &Mutex<Queue>) -> std::sync::MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        atomic::{AtomicU8, Ordering},
        mpsc,
    };

    use super::*;

    const TEXT: Wanted = Wanted::Exposition { format: Format::Text, is_zipped: false };
    const OPENMETRICS: Wanted =
        Wanted::Exposition { format: Format::OpenMetrics, is_zipped: false };

    /// Numbers what it makes.
    fn numbering() -> Gathering {
        let made = AtomicU8::new(0);
        Gathering::new(move |_| Bytes::from(vec![made.fetch_add(1, Ordering::Relaxed) + 1]))
    }

    #[tokio::test]
    async fn requests_at_once_share_one_exposition() {
        let gathering = numbering();
        let (first, second, other) =
            tokio::join!(gathering.make(TEXT), gathering.make(TEXT), gathering.make(OPENMETRICS));
        assert_eq!(
            (first, second),
            (Some(Bytes::from_static(&[1])), Some(Bytes::from_static(&[1])))
        );
        assert_eq!(other, Some(Bytes::from_static(&[2])));
        // What comes later is not answered with something old.
        assert_eq!(gathering.make(TEXT).await, Some(Bytes::from_static(&[3])));
        assert_eq!(gathering.make(Wanted::Page).await, Some(Bytes::from_static(&[4])));
    }

    #[tokio::test]
    async fn requests_that_come_while_one_is_made_share_the_next() {
        let (go_on, may_go_on) = mpsc::channel();
        let (begun, has_begun) = mpsc::channel();
        let may_go_on = Mutex::new(may_go_on);
        let made = AtomicU8::new(0);
        let gathering = Gathering::new(move |_| {
            begun.send(()).expect("somebody waits");
            may_go_on.lock().expect("not poisoned").recv().expect("somebody says so");
            Bytes::from(vec![made.fetch_add(1, Ordering::Relaxed) + 1])
        });
        let make = || {
            let gathering = gathering.clone();
            tokio::spawn(async move { gathering.make(TEXT).await.expect("no panic")[0] })
        };
        let first = make();
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        has_begun.recv().expect("it begins");
        let later = [make(), make(), make()];
        // One that goes away takes nothing with it.
        let gone = make();
        tokio::task::yield_now().await;
        gone.abort();
        go_on.send(()).expect("it waits");
        go_on.send(()).expect("it will wait");
        assert_eq!(first.await.expect("no panic"), 1);
        for later in later {
            assert_eq!(later.await.expect("no panic"), 2);
        }
    }

    #[tokio::test]
    async fn a_panic_is_one_answer_that_is_not_there() {
        let gathering = Gathering::new(|wanted| {
            assert_eq!(wanted, TEXT, "only this is rendered");
            Bytes::new()
        });
        assert_eq!(gathering.make(Wanted::Page).await, None);
        assert_eq!(gathering.make(TEXT).await, Some(Bytes::new()));
    }
}
