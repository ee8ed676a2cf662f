//! The hash table of both caches.
//!
//! Invariant: an entry is found only by its own key, and it is the finder who compares the bytes that a key does not
//! tell, because that calls what the caller wrote. Nothing is dropped in here: what had to go is given back, as the last
//! reference to a series may lead to this table again.

use std::{ops::Deref, sync::Arc};

use super::{
    bytes,
    key::{KeptKey, Key, Owner},
};
use crate::labels::{LabelValues, long_value::is_long};

/// Places of one hash: their hashes are one line of the processor's cache. The oldest entry is in the first.
pub(super) const WAYS: usize = 8;

/// Groups of places of a table that keeps its first entry: 64 places.
const GROUPS_MIN: usize = 8;

#[derive(Debug)]
pub(super) struct Table<C> {
    /// The hashes of the entries; zero where there is none.
    hashes: Vec<[u64; WAYS]>,
    entries: Vec<[Option<Kept<C>>; WAYS]>,
    count: usize,
    bytes: bytes::Counted,
}

/// What label values led to, held by a table and by its callers.
#[derive(Debug)]
pub(crate) struct Kept<C>(Arc<Entry<C>>);

#[derive(Debug)]
pub(crate) struct Entry<C> {
    key: KeptKey,
    found: C,
}

impl<C> Kept<C> {
    /// `None` for values so long that they are cut: each would take as much memory as a page of entries.
    pub(super) fn of(key: &Key, values: &impl LabelValues, found: C) -> Result<Self, C> {
        match texts_of(key, values) {
            Some(texts) => Ok(Self(Arc::new(Entry { key: key.kept(texts), found }))),
            None => Err(found),
        }
    }

    /// What no table keeps.
    pub(crate) fn alone(found: C) -> Self {
        Self(Arc::new(Entry { key: KeptKey::NONE, found }))
    }

    /// Whether it was found for these values, of which the key is known to agree.
    #[inline]
    pub(super) fn is_for(&self, key: &Key, values: &impl LabelValues) -> bool {
        key.is_whole() || is_equal(self.0.key.texts(), values)
    }

    /// For those who want a handle that is shared.
    pub(crate) fn into_arc(self) -> Arc<Entry<C>> {
        self.0
    }

    fn heap_bytes(&self) -> usize {
        size_of::<Entry<C>>() + 2 * size_of::<usize>() + self.0.key.heap_bytes()
    }
}

impl<C> Clone for Kept<C> {
    #[inline]
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> Deref for Kept<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.0.found
    }
}

impl<C> Deref for Entry<C> {
    type Target = C;

    #[inline]
    fn deref(&self) -> &C {
        &self.found
    }
}

impl<C> Table<C> {
    pub(super) const fn new() -> Self {
        Self { hashes: Vec::new(), entries: Vec::new(), count: 0, bytes: bytes::Counted::nothing() }
    }

    /// The entry of this key. If the key is not whole, its bytes are still to be compared. Two keys of one hash hinder
    /// each other, which 63 bits make rarer than any other cause of a miss.
    #[inline]
    pub(super) fn get(&self, key: &Key) -> Option<&Kept<C>> {
        let group = group(key.hash(), self.hashes.len());
        let way = self.hashes.get(group)?.iter().position(|hash| *hash == key.hash())?;
        let kept = self.entries.get(group)?.get(way)?.as_ref()?;
        kept.0.key.is(key).then_some(kept)
    }

    /// Twice as many places for as long as an entry would have to go, up to `places_max`. What went, if there can be no
    /// more, or what was kept under this key before.
    pub(super) fn put(&mut self, hash: u64, kept: Kept<C>, places_max: usize) -> Option<Kept<C>> {
        if self.hashes.is_empty() {
            self.resize(GROUPS_MIN);
        }
        if let Some(place) = self.place_of(hash, &kept) {
            return place.replace(kept);
        }
        while self.is_full(hash) && self.hashes.len() * WAYS * 2 <= places_max {
            self.resize(self.hashes.len() * 2);
        }
        self.bytes.add(kept.heap_bytes());
        let evicted = self.place(hash, kept);
        match &evicted {
            Some(evicted) => self.bytes.subtract(evicted.heap_bytes()),
            None => self.count += 1,
        }
        evicted
    }

    /// Keeps only what `stays`, in as few places as that needs; what went.
    pub(super) fn retain(&mut self, stays: impl Fn(Owner, &C) -> bool) -> Vec<Kept<C>> {
        let mut gone = Vec::new();
        let (hashes, entries) =
            (std::mem::take(&mut self.hashes), std::mem::take(&mut self.entries));
        (self.count, self.bytes) = (0, bytes::Counted::nothing());
        for (hash, kept) in all_of(hashes, entries) {
            if stays(kept.0.key.owner(), &kept) {
                // More places than there were are never needed.
                gone.extend(self.put(hash, kept, usize::MAX));
            } else {
                gone.push(kept);
            }
        }
        gone
    }

    pub(super) const fn len(&self) -> usize {
        self.count
    }

    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.hashes.len() * WAYS
    }

    #[cfg(test)]
    pub(super) const fn bytes(&self) -> usize {
        self.bytes.get()
    }

    /// Where the same key is kept already: two threads may have found it at once.
    fn place_of(&mut self, hash: u64, kept: &Kept<C>) -> Option<&mut Option<Kept<C>>> {
        let group = group(hash, self.hashes.len());
        let way = self.hashes.get(group)?.iter().position(|known| *known == hash)?;
        let place = self.entries.get_mut(group)?.get_mut(way)?;
        place.as_ref().is_some_and(|known| known.0.key == kept.0.key).then_some(place)
    }

    fn is_full(&self, hash: u64) -> bool {
        let group = self.hashes.get(group(hash, self.hashes.len()));
        group.is_some_and(|group| group.iter().all(|hash| *hash != 0))
    }

    fn place(&mut self, hash: u64, kept: Kept<C>) -> Option<Kept<C>> {
        let group = group(hash, self.hashes.len());
        let (hashes, entries) = (self.hashes.get_mut(group)?, self.entries.get_mut(group)?);
        let free = hashes.iter().position(|hash| *hash == 0);
        if free.is_none() {
            // The oldest goes, and becomes the latest.
            hashes.rotate_left(1);
            entries.rotate_left(1);
        }
        let way = free.unwrap_or(WAYS - 1);
        *hashes.get_mut(way)? = hash;
        entries.get_mut(way)?.replace(kept)
    }

    fn resize(&mut self, groups: usize) {
        let hashes = std::mem::replace(&mut self.hashes, vec![[0; WAYS]; groups]);
        let entries = std::mem::take(&mut self.entries);
        self.entries.resize_with(groups, || [const { None }; WAYS]);
        let group_bytes = size_of::<[u64; WAYS]>() + size_of::<[Option<Kept<C>>; WAYS]>();
        self.bytes.add((groups - hashes.len()) * group_bytes);
        // A group divides into two, so all have room.
        for (hash, kept) in all_of(hashes, entries) {
            self.place(hash, kept);
        }
    }
}

/// All entries, of each group the oldest first.
fn all_of<C>(
    hashes: Vec<[u64; WAYS]>,
    entries: Vec<[Option<Kept<C>>; WAYS]>,
) -> impl Iterator<Item = (u64, Kept<C>)> {
    let places = hashes.into_iter().flatten().zip(entries.into_iter().flatten());
    places.filter_map(|(hash, kept)| kept.map(|kept| (hash, kept)))
}

#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the upper bits are as good as any")]
pub(super) const fn group(hash: u64, groups: usize) -> usize {
    (hash >> 32) as usize & groups.wrapping_sub(1)
}

/// The texts with their lengths in front, if the key does not tell them; `None` if one is longer than a label value
/// may be.
fn texts_of(key: &Key, values: &impl LabelValues) -> Option<Box<[u8]>> {
    let mut bytes = Vec::new();
    let mut is_any_long = false;
    if !key.is_whole() {
        values.each_text(&mut |text| {
            is_any_long |= is_long(text);
            if !is_any_long {
                bytes.extend_from_slice(&text.len().to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
        });
    }
    (!is_any_long).then(|| bytes.into())
}

#[inline(never)]
fn is_equal(texts: &[u8], values: &impl LabelValues) -> bool {
    let mut rest = Some(texts);
    values.each_text(&mut |text| {
        rest = rest
            .and_then(|rest| rest.strip_prefix(&text.len().to_le_bytes()))
            .and_then(|rest| rest.strip_prefix(text.as_bytes()));
    });
    rest.is_some_and(<[u8]>::is_empty)
}
