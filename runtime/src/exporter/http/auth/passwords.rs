//! Passwords, compared with bcrypt.
//!
//! Invariants: a wrong password takes as long as one for a user that there is not, whatever the hashes cost: as long as
//! the most expensive of them. What was right is remembered, and found before anything is compared or waited for: a
//! scraper waits once, and never for those who guess. What is remembered is a keyed digest of user, hash and password
//! with their lengths, so that no other three are taken for them (CVE-2022-46146), and a changed hash forgets it.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use ring::hmac;

use super::{Peer, credentials::random_key, guesses::Guesses};
use crate::exporter::Limits;

/// Users and the bcrypt hashes of their passwords.
#[derive(Clone, Default)]
pub(super) struct Users {
    hashes: BTreeMap<String, String>,
    /// The highest cost among them, and a hash that has it.
    costly: Option<(u32, String)>,
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Users({})", self.hashes.len())
    }
}

impl Users {
    /// `None` if one of them is no hash.
    pub(super) fn new(hashes: BTreeMap<String, String>) -> Option<Self> {
        let costs = hashes.values().map(|hash| Some((cost_of(hash)?, hash.clone())));
        let costly = costs.collect::<Option<Vec<_>>>()?.into_iter().max();
        Some(Self { hashes, costly })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

/// What a bcrypt hash costs, as a power of two; `None` if it is none.
pub(super) fn cost_of(hash: &str) -> Option<u32> {
    hash.parse::<bcrypt::HashParts>().ok().map(|parts| parts.get_cost())
}

/// What a comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    Wrong,
    /// Too many wait to be compared.
    Busy,
}

/// Compares passwords, and remembers those that were right.
pub(super) struct Passwords {
    guesses: Arc<Guesses>,
    key: hmac::Key,
    right: Arc<Right>,
}

/// What was right, by user, so that there is no more of it than users.
type Right = Mutex<BTreeMap<String, hmac::Tag>>;

impl Passwords {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { guesses: Guesses::new(limits), key: random_key(), right: Arc::default() }
    }

    /// Whether the user's password is this one, which a client at `peer` sent.
    pub(super) async fn compare(
        &self,
        users: &Users,
        user: &str,
        password: &[u8],
        peer: Peer,
    ) -> Verdict {
        // For an unknown user, another user's hash is compared, and the answer is not used.
        let Some((cost_max, costly)) = users.costly.clone() else { return Verdict::Wrong };
        let known = users.hashes.get(user).cloned();
        let hash = known.clone().unwrap_or(costly);
        let frame = framed(user, &hash, password);
        if known.is_some() && self.is_remembered(user, &frame) {
            return Verdict::Right;
        }
        let digest = hmac::sign(&self.key, &frame);
        let compare = {
            let (right, users, user) = (Arc::clone(&self.right), users.clone(), user.to_owned());
            let password = password.to_vec();
            move || {
                let is_right = is_equal(&password, &hash, cost_max) && known.is_some();
                if is_right {
                    // Also if the client has gone meanwhile: it will ask again.
                    let mut right = right.lock().unwrap_or_else(PoisonError::into_inner);
                    right.retain(|user, _| users.hashes.contains_key(user));
                    right.insert(user, digest);
                }
                is_right
            }
        };
        match self.guesses.compare(peer, digest, compare).await {
            Some(true) => Verdict::Right,
            Some(false) => Verdict::Wrong,
            None => Verdict::Busy,
        }
    }

    fn is_remembered(&self, user: &str, frame: &[u8]) -> bool {
        let right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        right.get(user).is_some_and(|tag| hmac::verify(&self.key, frame, tag.as_ref()).is_ok())
    }
}

/// Whether this is the password. If not, it has taken as long as for a hash of the highest cost.
fn is_equal(password: &[u8], hash: &str, cost_max: u32) -> bool {
    if bcrypt::verify(password, hash).unwrap_or(false) {
        return true;
    }
    for cost in missing_costs(hash, cost_max) {
        let _ = std::hint::black_box(bcrypt::hash_with_salt_bytes(password, cost, [0; 16]));
    }
    false
}

/// What to compute after this hash, to have computed as much as for one of the highest cost: each cost is twice the one
/// before, so one of each from that of the hash up to the highest, which is left out, makes up what is missing.
fn missing_costs(hash: &str, cost_max: u32) -> std::ops::Range<u32> {
    cost_of(hash).unwrap_or(cost_max)..cost_max
}

/// The three with their lengths, so that no two triples give the same bytes.
fn framed(user: &str, hash: &str, password: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in [user.as_bytes(), hash.as_bytes(), password] {
        bytes.extend((part.len() as u64).to_le_bytes());
        bytes.extend(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `secret`, at the lowest cost.
    fn hash() -> String {
        bcrypt::hash("secret", 4).expect("a password")
    }

    fn users(names: &[&str]) -> Users {
        let hashes = names.iter().map(|name| ((*name).to_owned(), hash())).collect();
        Users::new(hashes).expect("hashes")
    }

    fn passwords() -> Passwords {
        Passwords::new(&Limits::default())
    }

    async fn is_right(passwords: &Passwords, users: &Users, user: &str, password: &str) -> bool {
        let peer = Peer::of([127, 0, 0, 1].into());
        passwords.compare(users, user, password.as_bytes(), peer).await == Verdict::Right
    }

    #[tokio::test]
    async fn only_right_passwords_of_known_users_are_right() {
        let (users, passwords) = (users(&["a", "a:b"]), passwords());
        for _ in 0..2 {
            assert!(is_right(&passwords, &users, "a", "secret").await);
            assert!(is_right(&passwords, &users, "a:b", "secret").await);
            for (user, password) in
                [("a", "b:secret"), ("a", "secre"), ("a", ""), ("", "secret"), ("b", "secret")]
            {
                let is_right = is_right(&passwords, &users, user, password).await;
                assert!(!is_right, "{user} {password}");
            }
        }
        assert_eq!(passwords.right.lock().expect("not poisoned").len(), 2);
    }

    #[tokio::test]
    async fn a_changed_hash_forgets_what_was_right() {
        let passwords = passwords();
        assert!(is_right(&passwords, &users(&["a"]), "a", "secret").await);
        let other = bcrypt::hash("other", 4).expect("a password");
        let changed = Users::new([("a".to_owned(), other)].into()).expect("a hash");
        assert!(!is_right(&passwords, &changed, "a", "secret").await);
        assert!(is_right(&passwords, &changed, "a", "other").await);
    }

    #[test]
    fn hashes_are_checked_and_not_shown() {
        assert!(Users::new([("a".to_owned(), "secret".to_owned())].into()).is_none());
        assert_eq!(format!("{:?}", users(&["a"])), "Users(1)");
    }

    #[test]
    fn the_cost_of_a_hash_does_not_tell_that_there_is_a_user() {
        // bcrypt goes 2^cost times over its state; the hash of an unknown user is one of the highest cost.
        let rounds = |hash: &str, cost_max| {
            let own = cost_of(hash).expect("a hash");
            let costs = std::iter::once(own).chain(missing_costs(hash, cost_max));
            costs.map(|cost| 1_u64 << cost).sum::<u64>()
        };
        let costly = bcrypt::hash("other", 7).expect("a password");
        assert_eq!(rounds(&hash(), 7), rounds(&costly, 7));
        assert_eq!(rounds(&hash(), 4), 1 << 4);
        assert!(!is_equal(b"wrong", &hash(), 7) && !is_equal(b"wrong", &costly, 7));
        assert!(is_equal(b"other", &costly, 7));
    }
}
