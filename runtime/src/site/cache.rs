//! The per-thread cache in front of the series of label values known only at run time.
//!
//! Invariant: an entry is used only if site, registry and every byte of every value agree; the hash
//! only picks the place to look. The cache is bounded, so values chosen by an adversary make it slower
//! and nothing else. Its entries hold their cells by references that no other thread counts.

use std::{cell::RefCell, sync::Arc};

use super::labels::LabelValues;

/// Places of one thread's cache. A place is looked up by the hash; a second entry with the same place
/// moves the first to its neighbour.
const PLACES: usize = 512;

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
        let place = place(hash);
        [place, place ^ 1].into_iter().find_map(|place| {
            let entry = places.get(place)?.as_ref()?;
            let found =
                entry.owner == owner && entry.hash == hash && is_equal(&entry.values, values);
            found.then(|| Arc::clone(&entry.cells))
        })
    }

    /// Keeps cells, in the place of what was there before.
    pub(crate) fn put(&self, owner: Owner, hash: u64, values: &impl LabelValues, cells: Arc<C>) {
        let entry = Entry { owner, hash, values: encode(values), cells };
        let evicted = self.places.try_borrow_mut().ok().and_then(|mut places| {
            if places.is_empty() {
                places.resize_with(PLACES, || None);
            }
            let place = place(hash);
            let before = places[place].replace(entry);
            std::mem::replace(&mut places[place ^ 1], before)
        });
        // Outside the borrow: the last reference to a series runs its destructor.
        drop(evicted);
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the upper bits are as good as any")]
const fn place(hash: u64) -> usize {
    (hash >> 32) as usize % PLACES
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

/// The values with their lengths in front.
fn encode(values: &impl LabelValues) -> Box<[u8]> {
    let mut bytes = Vec::new();
    values.each_text(&mut |text| {
        bytes.extend_from_slice(&text.len().to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    });
    bytes.into()
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
