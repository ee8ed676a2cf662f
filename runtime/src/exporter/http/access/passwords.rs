//! Passwords, compared with bcrypt.
//!
//! Invariants: a wrong password takes as long as one for a user that there is not. bcrypt is slow by design, so at most
//! [`AT_ONCE`] comparisons run, in threads of their own, and what was right is remembered: a scraper waits once. What
//! is remembered is a keyed digest of user, hash and password with their lengths, so that no other three are taken for
//! them (CVE-2022-46146), and a changed hash forgets it.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use ring::hmac;
use tokio::sync::Semaphore;

use super::credentials::random_key;

/// Comparisons that run at once: those who guess get one of the machine's cores at most.
const AT_ONCE: usize = 1;

/// Users and the bcrypt hashes of their passwords.
#[derive(Clone, Default)]
pub(super) struct Users(BTreeMap<String, String>);

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Users({})", self.0.len())
    }
}

impl Users {
    /// `Err` with the first user whose hash is not one.
    pub(super) fn new(hashes: BTreeMap<String, String>) -> Result<Self, String> {
        let wrong = hashes.iter().find(|(_, hash)| hash.parse::<bcrypt::HashParts>().is_err());
        match wrong {
            Some((user, _)) => Err(user.clone()),
            None => Ok(Self(hashes)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Compares passwords, and remembers those that were right.
pub(super) struct Passwords {
    places: Arc<Semaphore>,
    key: hmac::Key,
    /// By user, so that there are no more than users.
    right: Mutex<BTreeMap<String, hmac::Tag>>,
}

impl Passwords {
    pub(super) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            key: random_key(),
            right: Mutex::default(),
        }
    }

    /// Whether the user's password is this one.
    pub(super) async fn are_right(&self, users: &Users, user: &str, password: &[u8]) -> bool {
        let known = users.0.get(user);
        // For a user that there is not, somebody else's hash is compared, and the answer is not used.
        let Some(hash) = known.or_else(|| users.0.values().next()) else { return false };
        let digest = self.digest(user, hash, password);
        let is_remembered = || {
            let right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
            right.get(user).is_some_and(|tag| {
                hmac::verify(&self.key, &framed(user, hash, password), tag.as_ref()).is_ok()
            })
        };
        if known.is_some() && is_remembered() {
            return true;
        }
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return false };
        if known.is_some() && is_remembered() {
            // Somebody else has asked the same while this one waited.
            return true;
        }
        let (password, hash) = (password.to_vec(), hash.clone());
        let compare = move || {
            let is_equal = bcrypt::verify(password, &hash);
            // A client that goes away does not end the comparison, so it must not give its place away either.
            drop(place);
            is_equal
        };
        let compared = tokio::task::spawn_blocking(compare);
        let is_equal = matches!(compared.await, Ok(Ok(true)));
        let is_right = is_equal && known.is_some();
        if is_right {
            let mut right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
            right.retain(|user, _| users.0.contains_key(user));
            right.insert(user.to_owned(), digest);
        }
        is_right
    }

    fn digest(&self, user: &str, hash: &str, password: &[u8]) -> hmac::Tag {
        hmac::sign(&self.key, &framed(user, hash, password))
    }
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

    #[tokio::test]
    async fn only_right_passwords_of_known_users_are_right() {
        let (users, passwords) = (users(&["a", "a:b"]), Passwords::new());
        for _ in 0..2 {
            assert!(passwords.are_right(&users, "a", b"secret").await);
            assert!(passwords.are_right(&users, "a:b", b"secret").await);
            for (user, password) in
                [("a", "b:secret"), ("a", "secre"), ("a", ""), ("", "secret"), ("b", "secret")]
            {
                let is_right = passwords.are_right(&users, user, password.as_bytes()).await;
                assert!(!is_right, "{user} {password}");
            }
        }
        assert_eq!(passwords.right.lock().expect("not poisoned").len(), 2);
    }

    #[tokio::test]
    async fn a_changed_hash_forgets_what_was_right() {
        let passwords = Passwords::new();
        assert!(passwords.are_right(&users(&["a"]), "a", b"secret").await);
        let other = bcrypt::hash("other", 4).expect("a password");
        let changed = Users::new([("a".to_owned(), other)].into()).expect("a hash");
        assert!(!passwords.are_right(&changed, "a", b"secret").await);
        assert!(passwords.are_right(&changed, "a", b"other").await);
    }

    #[test]
    fn hashes_are_checked_and_not_shown() {
        assert_eq!(Users::new([("a".to_owned(), "secret".to_owned())].into()).unwrap_err(), "a");
        assert_eq!(format!("{:?}", users(&["a"])), "Users(1)");
    }
}
