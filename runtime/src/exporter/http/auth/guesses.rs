//! The queue of passwords that wait for bcrypt.
//!
//! Invariants: bcrypt is slow by design, so one comparison runs at a time, in a thread that is there as long as there
//! is something to compare; and there is room for so many and no more. Addresses take turns, and within one the first
//! comes first: an address that guesses a lot waits for its own guesses. Where there is no room, the address that waits for most makes
//! room for one that waits for fewer. What a client that has gone away had guessed is not compared.

use std::{
    collections::{BTreeMap, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ring::hmac;
use tokio::sync::oneshot;

use super::Peer;
use crate::exporter::Limits;

/// See the module.
pub(super) struct Guesses {
    max: usize,
    per_peer_max: usize,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    is_working: bool,
    waiting: BTreeMap<Peer, VecDeque<Guess>>,
    /// Those of whom something waits, in the order of their turns.
    turns: VecDeque<Peer>,
}

struct Guess {
    /// Of the credentials; who shows the same has the same answer.
    digest: hmac::Tag,
    compare: Box<dyn FnOnce() -> bool + Send>,
    answers: Vec<oneshot::Sender<bool>>,
}

impl Guesses {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            max: limits.guesses_max,
            per_peer_max: limits.guesses_per_address_max,
            queue: Mutex::default(),
        })
    }

    /// What `compare` says, of credentials with this digest; `None` if there is no room.
    pub(super) async fn compare(
        self: &Arc<Self>,
        peer: Peer,
        digest: hmac::Tag,
        compare: impl FnOnce() -> bool + Send + 'static,
    ) -> Option<bool> {
        let (answer, answered) = oneshot::channel();
        let guess = Guess { digest, compare: Box::new(compare), answers: vec![answer] };
        let must_begin = {
            let mut queue = self.lock();
            if !queue.push(peer, guess, self.max, self.per_peer_max) {
                return None;
            }
            !std::mem::replace(&mut queue.is_working, true)
        };
        if must_begin {
            let this = Arc::clone(self);
            tokio::task::spawn_blocking(move || this.work());
        }
        answered.await.ok()
    }

    fn work(&self) {
        while let Some(Guess { digest, compare, answers }) = self.next() {
            // A panic counts as a wrong password, and costs no other client anything.
            let is_right = catch_unwind(AssertUnwindSafe(compare)).unwrap_or(false);
            let same = self.lock().take(&digest);
            for answer in answers.into_iter().chain(same) {
                // Whoever has gone needs no answer.
                let _ = answer.send(is_right);
            }
        }
    }

    fn next(&self) -> Option<Guess> {
        let mut queue = self.lock();
        let next = queue.pop();
        queue.is_working = next.is_some();
        next
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guess {
    fn is_wanted(&self) -> bool {
        self.answers.iter().any(|answer| !answer.is_closed())
    }
}

impl Queue {
    /// `false` if there is no room.
    fn push(&mut self, peer: Peer, guess: Guess, max: usize, per_peer_max: usize) -> bool {
        for waiting in self.waiting.values_mut() {
            waiting.retain(Guess::is_wanted);
        }
        let of_peer = self.waiting.get(&peer).map_or(0, VecDeque::len);
        if of_peer >= per_peer_max {
            return false;
        }
        if self.waiting.values().map(VecDeque::len).sum::<usize>() >= max {
            let most = self.waiting.values_mut().max_by_key(|waiting| waiting.len());
            match most.filter(|waiting| waiting.len() > of_peer + 1) {
                // Whoever waits for it is told when it is dropped.
                Some(waiting) => drop(waiting.pop_back()),
                None => return false,
            }
        }
        if !self.turns.contains(&peer) {
            self.turns.push_back(peer);
        }
        self.waiting.entry(peer).or_default().push_back(guess);
        true
    }

    fn pop(&mut self) -> Option<Guess> {
        while let Some(peer) = self.turns.pop_front() {
            let Some(mut waiting) = self.waiting.remove(&peer) else { continue };
            waiting.retain(Guess::is_wanted);
            let next = waiting.pop_front();
            if !waiting.is_empty() {
                self.waiting.insert(peer, waiting);
                self.turns.push_back(peer);
            }
            if next.is_some() {
                return next;
            }
        }
        None
    }

    /// Those who wait with the same credentials.
    fn take(&mut self, digest: &hmac::Tag) -> Vec<oneshot::Sender<bool>> {
        let mut answers = Vec::new();
        for waiting in self.waiting.values_mut() {
            waiting.retain_mut(|guess| {
                let is_same = guess.digest.as_ref() == digest.as_ref();
                if is_same {
                    answers.append(&mut guess.answers);
                }
                !is_same
            });
        }
        answers
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::{super::credentials::random_key, *};

    fn peer(number: u8) -> Peer {
        Peer::of([10, 0, 0, number].into())
    }

    fn guesses(guesses_max: usize, guesses_per_address_max: usize) -> Arc<Guesses> {
        Guesses::new(&Limits { guesses_max, guesses_per_address_max, ..Limits::default() })
    }

    /// Lets all tasks run until they wait.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    /// Queues `names` by the addresses they begin with, behind a comparison that is under way, and says in which order
    /// they were compared and how many of each address had no room.
    async fn order_of(guesses: &Arc<Guesses>, names: &[(u8, u8)]) -> (Vec<(u8, u8)>, Vec<u8>) {
        let key = random_key();
        let (compared, order) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let tag = |name: (u8, u8)| hmac::sign(&key, &[name.0, name.1]);
        let first = {
            let (guesses, tag) = (Arc::clone(guesses), tag((0, 0)));
            let wait = move || may_go_on.recv().is_ok();
            tokio::spawn(async move { guesses.compare(peer(0), tag, wait).await })
        };
        while guesses.lock().waiting.contains_key(&peer(0)) || !guesses.lock().is_working {
            tokio::task::yield_now().await;
        }
        let mut tasks = Vec::new();
        for name in names {
            let (guesses, tag, compared, name) =
                (Arc::clone(guesses), tag(*name), compared.clone(), *name);
            let compare = move || compared.send(name).is_ok();
            tasks.push((
                name.0,
                tokio::spawn(async move { guesses.compare(peer(name.0), tag, compare).await }),
            ));
            settle().await;
        }
        go_on.send(()).expect("it waits");
        assert_eq!(first.await.expect("no panic"), Some(true));
        let mut refused = Vec::new();
        for (address, task) in tasks {
            if task.await.expect("no panic").is_none() {
                refused.push(address);
            }
        }
        drop(compared);
        (order.into_iter().collect(), refused)
    }

    #[tokio::test]
    async fn addresses_take_turns() {
        let names = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1)];
        let (order, refused) = order_of(&guesses(10, 10), &names).await;
        assert_eq!(order, [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (1, 3)]);
        assert!(refused.is_empty());
    }

    #[tokio::test]
    async fn who_waits_for_most_makes_room() {
        let names = [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (3, 1), (4, 1), (5, 1)];
        let (order, refused) = order_of(&guesses(4, 3), &names).await;
        assert_eq!(order, [(1, 1), (2, 1), (3, 1), (4, 1)]);
        assert_eq!(refused, [1, 1, 1, 5]);
    }

    #[tokio::test]
    async fn the_same_credentials_are_compared_once() {
        let names = [(1, 1), (1, 1), (1, 1), (1, 2)];
        let (order, refused) = order_of(&guesses(10, 10), &names).await;
        assert_eq!((order, refused), (vec![(1, 1), (1, 2)], vec![]));
    }
}
