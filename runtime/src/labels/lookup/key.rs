//! Cache keys: hashes and texts of label values.
//!
//! Invariant: two keys are equal only if owner and every byte of every text agree. Of up to [`TEXTS`] texts of up to
//! [`WHOLE_BYTES_MAX`] bytes the words of a key are the texts; of others the words are their ends, the key says so, and
//! a comparison of keys compares the bytes too.
//!
//! Strangers may choose label values. The seed differs from one process to the next and nothing shows it, so texts that
//! share their places cannot be prepared; were they found by chance, a look-up still compares no more than the places of
//! one hash and then asks the registry, which orders its series and hashes nothing.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::labels::LabelValues;

/// Texts of which a key holds both ends: by name, these are name, unit, and two labels with their names.
const TEXTS: usize = 6;

/// Words that stand in a kept key itself: those of two texts.
const FIRST: usize = 4;

/// Longest text that two words hold, in bytes.
const WHOLE_BYTES_MAX: usize = 16;

/// Bits of a length of a text that is held whole.
const LENGTH_BITS: u32 = 5;

/// In the lengths of a key whose words do not tell every byte. Lengths of [`TEXTS`] whole texts end below it.
const IN_PART: u64 = 1 << 63;

/// Odd, with well-spread bits: 2^64 divided by the golden ratio, and the multiplier of Vigna's `SplitMix64`.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
const SPREAD_TOO: u64 = 0xbf58_476d_1ce4_e5b9;

/// The metric of a site, in a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The address of the metric's static, or the id of what waits for a result.
    pub(crate) metric: u64,
    pub(crate) registry: u64,
}

/// Label values as they are looked up, read once.
#[derive(Debug)]
pub(crate) struct Key {
    owner: Owner,
    hash: u64,
    lengths: u64,
    words: [u64; 2 * TEXTS],
    used: usize,
}

/// A key that is kept, without its hash.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct KeptKey {
    owner: Owner,
    lengths: u64,
    /// Of most keys, all words.
    first: [u64; FIRST],
    more: Option<Box<More>>,
}

#[derive(Debug, PartialEq, Eq)]
struct More {
    /// The words after the first ones.
    words: Box<[u64]>,
    /// All texts with their lengths in front, if the words do not tell them.
    texts: Box<[u8]>,
}

impl Key {
    /// The key of these values. Reads each text once, and neither allocates nor holds anything meanwhile: a value may
    /// record or panic while it is read.
    #[inline]
    pub(crate) fn of(owner: Owner, values: &impl LabelValues) -> Self {
        let hash = fold(owner.metric ^ seed(), owner.registry ^ SPREAD_TOO);
        let mut key = Self { owner, hash, lengths: 0, words: [0; 2 * TEXTS], used: 0 };
        key.read(values);
        key
    }

    /// In place: a function that is not inlined would have its key copied.
    #[inline]
    fn read(&mut self, values: &impl LabelValues) {
        let key = self;
        let mut is_whole = true;
        values.each_text(&mut |text| {
            let text = text.as_bytes();
            let (first, last) = ends(text);
            let length = text.len() as u64;
            if text.len() > WHOLE_BYTES_MAX {
                key.hash = fold_middle(key.hash, text);
                is_whole = false;
            }
            let hash = key.hash;
            key.hash = fold(hash ^ first, hash.rotate_left(29) ^ last ^ length ^ SPREAD);
            // One more than the length, so that an empty text is not none.
            key.lengths = (key.lengths << LENGTH_BITS) ^ (length + 1);
            if let Some([one, two]) =
                key.words.get_mut(key.used..).and_then(<[u64]>::first_chunk_mut)
            {
                (*one, *two) = (first, last);
                key.used += 2;
            } else {
                is_whole = false;
            }
        });
        if !is_whole {
            key.lengths |= IN_PART;
        }
        // Zero stands for a free place.
        key.hash |= 1;
    }

    /// Never zero.
    #[inline]
    pub(super) const fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether the words are the texts, so that nothing else needs to be compared.
    #[inline]
    pub(super) const fn is_whole(&self) -> bool {
        self.lengths & IN_PART == 0
    }

    pub(super) const fn owner(&self) -> Owner {
        self.owner
    }

    /// The words after the first ones.
    #[inline]
    fn more(&self) -> &[u64] {
        self.words.get(FIRST..self.used).unwrap_or_default()
    }

    /// To be kept, with the texts if the words do not tell them.
    pub(super) fn kept(&self, texts: Box<[u8]>) -> KeptKey {
        let words = self.more();
        let more = || Box::new(More { words: words.into(), texts });
        KeptKey {
            owner: self.owner,
            lengths: self.lengths,
            first: self.words.first_chunk().copied().unwrap_or_default(),
            more: (!words.is_empty() || !self.is_whole()).then(more),
        }
    }
}

impl KeptKey {
    /// That of nothing that is looked up.
    pub(super) const NONE: Self = Self {
        owner: Owner { metric: 0, registry: 0 },
        lengths: IN_PART,
        first: [0; FIRST],
        more: None,
    };

    pub(super) const fn owner(&self) -> Owner {
        self.owner
    }

    pub(super) fn texts(&self) -> &[u8] {
        self.more.as_ref().map_or(&[], |more| &more.texts)
    }

    /// Whether it is this key, of which the hash agrees; the bytes are to be compared if that is not whole.
    #[inline]
    pub(super) fn is(&self, key: &Key) -> bool {
        // One by one: for so few words, comparing several at once takes more to set up than it saves.
        self.lengths == key.lengths
            && self.owner == key.owner
            && self.first.iter().zip(&key.words).all(|(kept, asked)| kept == asked)
            && (key.used <= FIRST || self.has_more_of(key))
    }

    #[inline]
    fn has_more_of(&self, key: &Key) -> bool {
        let (kept, asked) = (self.more.as_ref().map_or(&[][..], |more| &more.words), key.more());
        kept.len() == asked.len() && kept.iter().zip(asked).all(|(kept, asked)| kept == asked)
    }

    /// What it occupies on the heap beside itself.
    pub(super) fn heap_bytes(&self) -> usize {
        let more = |more: &More| size_of::<More>() + size_of_val(&*more.words) + more.texts.len();
        self.more.as_deref().map_or(0, more)
    }
}

/// The number that hashes of this process begin with.
#[inline]
fn seed() -> u64 {
    static SEED: AtomicU64 = AtomicU64::new(0);

    #[cold]
    #[inline(never)]
    fn choose() -> u64 {
        // Of several threads that come first, one decides.
        let chosen = RandomState::new().hash_one(SPREAD) | 1;
        match SEED.compare_exchange(0, chosen, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => chosen,
            Err(before) => before,
        }
    }

    match SEED.load(Ordering::Relaxed) {
        0 => choose(),
        seed => seed,
    }
}

/// Both words, multiplied and folded to one.
#[inline]
#[allow(clippy::cast_possible_truncation, reason = "both halves are taken")]
const fn fold(a: u64, b: u64) -> u64 {
    let product = (a as u128) * (b as u128);
    (product as u64) ^ ((product >> 64) as u64)
}

/// The first and the last bytes of a text; up to sixteen of them are all there are. They may overlap.
#[inline]
fn ends(text: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
    } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
    } else {
        match text {
            [] => (0, 0),
            [first] => (u64::from(*first), 0),
            [first, middle @ .., last] => {
                let middle = middle.first().copied().unwrap_or_default();
                (u64::from(*first) | u64::from(middle) << 8, u64::from(*last))
            }
        }
    }
}

/// What is in a long text beyond its ends.
#[inline(never)]
fn fold_middle(hash: u64, text: &[u8]) -> u64 {
    let (words, _) = text.as_chunks::<8>();
    words.iter().fold(hash, |hash, word| {
        fold(hash ^ u64::from_le_bytes(*word), hash.rotate_left(29) ^ SPREAD)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Owner = Owner { metric: 1, registry: u64::MAX };

    struct Texts(Vec<String>);

    impl LabelValues for Texts {
        const COMBINATIONS: usize = 0;

        fn dense_index(&self) -> usize {
            usize::MAX
        }

        fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

        fn each_text(&self, read: &mut dyn FnMut(&str)) {
            self.0.iter().for_each(|text| read(text));
        }
    }

    fn key(texts: &[&str]) -> Key {
        Key::of(OWNER, &Texts(texts.iter().map(|text| (*text).to_owned()).collect()))
    }

    fn is_same(a: &[&str], b: &[&str]) -> bool {
        let (a, b) = (key(a), key(b));
        a.hash() == b.hash() && a.kept(Box::default()).is(&b)
    }

    #[test]
    fn texts_of_every_length_differ_from_those_that_differ_in_one_byte() {
        for length in 0..40 {
            let text = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"[..length].to_owned();
            assert!(is_same(&[&text, "x"], &[&text, "x"]), "{length}");
            assert_eq!(key(&[&text]).is_whole(), length <= WHOLE_BYTES_MAX);
            for changed in 0..length {
                let mut other = text.clone();
                other.replace_range(changed..=changed, "_");
                assert!(!is_same(&[&text, "x"], &[&other, "x"]), "{length} {changed}");
                assert!(!is_same(&["x", &text], &["x", &other]), "{length} {changed}");
            }
            assert!(!is_same(&[&text], &[&(text.clone() + "\0")]), "{length}");
            assert!(!is_same(&[&text], &[&text, ""]), "{length}");
        }
    }

    #[test]
    fn borders_between_texts_count() {
        assert!(!is_same(&["ab", "c"], &["a", "bc"]));
        assert!(!is_same(&["", "a"], &["a", ""]));
        assert!(!is_same(&[], &[""]));
        assert!(!is_same(&["", ""], &[""]));
        assert!(!is_same(&["a", "b"], &["b", "a"]));
    }

    #[test]
    fn more_texts_than_words_are_not_whole() {
        assert!(key(&["a"; TEXTS]).is_whole());
        assert!(!key(&["a"; TEXTS + 1]).is_whole());
        assert!(!is_same(&["a"; TEXTS], &["a"; TEXTS + 1]));
    }

    #[test]
    fn keys_of_another_owner_differ() {
        let other = Owner { metric: 2, ..OWNER };
        assert!(!Key::of(OWNER, &("a", ())).kept(Box::default()).is(&Key::of(other, &("a", ()))));
    }
}
