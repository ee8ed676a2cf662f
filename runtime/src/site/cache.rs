//! The per-thread cache in front of the series of label values known only at run time.
//!
//! Invariant: an entry is used only if site, registry and every byte of every value agree; the hash
//! only picks the places to look. The cache is bounded, so values chosen by an adversary make it slower
//! and nothing else. Its entries hold their cells by references that no other thread counts.

use std::{cell::RefCell, sync::Arc};

use super::labels::LabelValues;
use crate::registry::is_long;

/// Places of one thread's cache.
const PLACES: usize = 512;

/// Places that one hash may be in: the latest entry is in the first of them, and those before it follow. With eight,
/// a hundred entries in use at once have a chance of one in five hundred that some of them evict each other for ever;
/// with two they do so as a rule. A hit in the first place costs what it does without the others.
const WAYS: usize = 8;

/// One thread's cells of one kind.
#[derive(Debug)]
pub struct Cache<C> {
    places: RefCell<Vec<Option<Entry<C>>>>,
}

#[derive(Debug)]
struct Entry<C> {
    owner: Owner,
    hash: u64,
    values: Box<[u8]>,
    cells: Arc<C>,
}

/// The metric of a site, in a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The address of the metric's static, or the id of what waits for a result.
    pub(super) metric: u64,
    pub(super) registry: u64,
}

impl<C> Cache<C> {
    pub(crate) const fn new() -> Self {
        Self { places: RefCell::new(Vec::new()) }
    }

    /// The cells that were kept for these values. `None` also if a value's text asks for a label of its
    /// own while it is read.
    pub(crate) fn get(&self, owner: Owner, hash: u64, values: &impl LabelValues) -> Option<Arc<C>> {
        let places = self.places.try_borrow().ok()?;
        let first = first_place(hash);
        let known = places.get(first..first + WAYS)?.iter().flatten().find(|entry| {
            entry.hash == hash && entry.owner == owner && is_equal(&entry.values, values)
        });
        known.map(|entry| Arc::clone(&entry.cells))
    }

    /// Keeps cells, in the place of what was used before all others there. Values so long that they are cut are not
    /// kept: each would take as much memory as a page of entries.
    pub(crate) fn put(&self, owner: Owner, hash: u64, values: &impl LabelValues, cells: Arc<C>) {
        let Some(values) = encode(values) else { return };
        let entry = Entry { owner, hash, values, cells };
        let evicted = self.places.try_borrow_mut().ok().and_then(|mut places| {
            if places.is_empty() {
                places.resize_with(PLACES, || None);
            }
            let ways = places.get_mut(first_place(hash)..)?.get_mut(..WAYS)?;
            ways.rotate_right(1);
            ways[0].replace(entry)
        });
        // Outside the borrow: the last reference to a series runs its destructor.
        drop(evicted);
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the upper bits are as good as any")]
const fn first_place(hash: u64) -> usize {
    (hash >> 32) as usize % (PLACES / WAYS) * WAYS
}

/// A hash of all values; each is followed by its length, so that borders between values count.
pub(crate) fn hash(owner: Owner, values: &impl LabelValues) -> u64 {
    /// An odd number with well-spread bits: 2^64 divided by the golden ratio.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    let mut hash = mix(owner.metric, owner.registry);
    values.each_text(&mut |text| {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        for word in words {
            hash = mix(hash, u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        hash = mix(mix(hash, u64::from_le_bytes(last)), text.len() as u64);
    });
    hash ^ (hash >> 29)
}

/// The values with their lengths in front; `None` if one of them is longer than a label value may be.
fn encode(values: &impl LabelValues) -> Option<Box<[u8]>> {
    let mut bytes = Vec::new();
    let mut is_any_long = false;
    values.each_text(&mut |text| {
        is_any_long |= is_long(text);
        if !is_any_long {
            bytes.extend_from_slice(&text.len().to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
    });
    (!is_any_long).then(|| bytes.into())
}

fn is_equal(encoded: &[u8], values: &impl LabelValues) -> bool {
    let mut rest = Some(encoded);
    values.each_text(&mut |text| {
        rest = rest
            .and_then(|rest| rest.strip_prefix(&text.len().to_le_bytes()))
            .and_then(|rest| rest.strip_prefix(text.as_bytes()));
    });
    rest.is_some_and(<[u8]>::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::long_value::LABEL_VALUE_BYTES_MAX;

    const OWNER: Owner = Owner { metric: 1, registry: u64::MAX };

    fn put(cache: &Cache<usize>, text: &str, cells: usize) {
        cache.put(OWNER, hash(OWNER, &(text, ())), &(text, ()), Arc::new(cells));
    }

    fn get(cache: &Cache<usize>, text: &str) -> Option<usize> {
        cache.get(OWNER, hash(OWNER, &(text, ())), &(text, ())).map(|cells| *cells)
    }

    /// Texts that share their places, as many as asked for.
    fn neighbours(count: usize) -> Vec<String> {
        let place = |text: &str| first_place(hash(OWNER, &(text, ())));
        let texts = (0..).map(|index| format!("value-{index}"));
        texts.filter(|text| place(text) == place("value-0")).take(count).collect()
    }

    #[test]
    fn values_whose_places_are_the_same_stay_side_by_side() {
        let cache = Cache::new();
        let texts = neighbours(WAYS);
        for (cells, text) in texts.iter().enumerate() {
            put(&cache, text, cells);
        }
        for (cells, text) in texts.iter().enumerate() {
            assert_eq!(get(&cache, text), Some(cells), "{text}");
        }
    }

    #[test]
    fn the_oldest_of_too_many_makes_room() {
        let cache = Cache::new();
        let texts = neighbours(WAYS + 1);
        for (cells, text) in texts.iter().enumerate() {
            put(&cache, text, cells);
        }
        assert_eq!(get(&cache, &texts[0]), None);
        assert_eq!(get(&cache, &texts[1]), Some(1));
        assert_eq!(get(&cache, &texts[WAYS]), Some(WAYS));
    }

    #[test]
    fn a_hundred_values_in_use_at_once_all_stay() {
        let cache = Cache::new();
        let texts: Vec<_> = (0..100).map(|index| format!("/path/{index}")).collect();
        for (cells, text) in texts.iter().enumerate() {
            put(&cache, text, cells);
        }
        let found = texts.iter().filter(|text| get(&cache, text).is_some()).count();
        assert_eq!(found, texts.len());
    }

    #[test]
    fn values_that_are_cut_are_not_kept() {
        let cache = Cache::new();
        let long = "x".repeat(LABEL_VALUE_BYTES_MAX + 1);
        put(&cache, &long, 1);
        put(&cache, &long[1..], 2);
        assert_eq!((get(&cache, &long), get(&cache, &long[1..])), (None, Some(2)));
    }
}
