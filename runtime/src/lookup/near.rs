//! One thread's table of what label values led to.
//!
//! Invariant: an entry is answered with only for its own key and bytes. Nothing of the caller's runs while the table is
//! being changed, and what is thrown out is dropped after that: a value that records while it is compared, or the last
//! reference to a series, may come back to this table.

use std::{cell::RefCell, sync::Arc};

use super::{
    bytes,
    key::{KeptKey, Key},
};
use crate::{registry::is_long, site::LabelValues};

/// Places of one hash: their hashes are one line of the processor's cache. The latest entry is in the first.
const WAYS: usize = 8;

/// Groups of places of a table that keeps its first entry: 64 places.
const GROUPS_MIN: usize = 8;

/// Groups of places that a table may have: 8,192 places, which are four times the series that a family may have unless
/// its limit says otherwise. Beyond it, the oldest of a group makes room.
const GROUPS_MAX: usize = 1_024;

/// What one thread was answered with before, of one kind.
#[derive(Debug)]
pub(crate) struct Near<C> {
    table: RefCell<Table<C>>,
}

#[derive(Debug)]
struct Table<C> {
    /// The hashes of the entries; zero where there is none.
    hashes: Vec<[u64; WAYS]>,
    entries: Vec<[Option<Entry<C>>; WAYS]>,
    bytes: bytes::Counted,
}

#[derive(Debug)]
struct Entry<C> {
    key: KeptKey,
    /// All texts with their lengths in front, if the key is not whole.
    texts: Box<[u8]>,
    found: Arc<C>,
}

impl<C> Near<C> {
    pub(crate) const fn new() -> Self {
        let table =
            Table { hashes: Vec::new(), entries: Vec::new(), bytes: bytes::Counted::nothing() };
        Self { table: RefCell::new(table) }
    }

    /// What was kept for these values.
    #[inline]
    pub(crate) fn get(&self, key: &Key, values: &impl LabelValues) -> Option<Arc<C>> {
        self.with(key, values, Arc::clone)
    }

    /// Calls `read` with what was kept for these values. What it leads to here is not kept meanwhile.
    #[inline]
    pub(crate) fn with<R>(
        &self,
        key: &Key,
        values: &impl LabelValues,
        read: impl FnOnce(&Arc<C>) -> R,
    ) -> Option<R> {
        let table = self.table.try_borrow().ok()?;
        let group = group(key.hash(), table.hashes.len());
        let hashes = table.hashes.get(group)?;
        let entries = table.entries.get(group)?;
        let way = hashes.iter().position(|hash| *hash == key.hash())?;
        // Two keys of one hash hinder each other, which 63 bits make rarer than any other cause of a miss.
        let entry = entries.get(way)?.as_ref()?;
        entry.is(key, values).then(|| read(&entry.found))
    }

    /// Keeps what these values led to. Values so long that they are cut are not kept: each would take as much memory as
    /// a page of entries.
    #[cold]
    #[inline(never)]
    pub(crate) fn put(&self, key: &Key, values: &impl LabelValues, found: Arc<C>) {
        let Some(texts) = texts_of(key, values) else { return };
        let entry = Entry { key: key.kept(), texts, found };
        let evicted =
            self.table.try_borrow_mut().ok().and_then(|mut table| table.put(key.hash(), entry));
        drop(evicted);
    }
}

impl<C> Table<C> {
    /// Twice as many places for as long as an entry would have to go. Which one went, if there can be no more.
    fn put(&mut self, hash: u64, entry: Entry<C>) -> Option<Entry<C>> {
        if self.hashes.is_empty() {
            self.resize(GROUPS_MIN);
        }
        while self.is_full(hash) && self.hashes.len() < GROUPS_MAX {
            self.resize(self.hashes.len() * 2);
        }
        self.bytes.add(entry.heap_bytes());
        let evicted = self.place(hash, entry);
        self.bytes.subtract(evicted.as_ref().map_or(0, Entry::heap_bytes));
        evicted
    }

    fn is_full(&self, hash: u64) -> bool {
        let group = self.hashes.get(group(hash, self.hashes.len()));
        group.is_some_and(|group| group.iter().all(|hash| *hash != 0))
    }

    fn place(&mut self, hash: u64, entry: Entry<C>) -> Option<Entry<C>> {
        let group = group(hash, self.hashes.len());
        let (hashes, entries) = (self.hashes.get_mut(group)?, self.entries.get_mut(group)?);
        // Up to the first free place, so that none is lost behind it.
        let end = hashes.iter().position(|hash| *hash == 0).map_or(WAYS, |free| free + 1);
        hashes.get_mut(..end)?.rotate_right(1);
        entries.get_mut(..end)?.rotate_right(1);
        hashes[0] = hash;
        entries[0].replace(entry)
    }

    fn resize(&mut self, groups: usize) {
        let hashes = std::mem::replace(&mut self.hashes, vec![[0; WAYS]; groups]);
        let entries = std::mem::take(&mut self.entries);
        self.entries.resize_with(groups, || [const { None }; WAYS]);
        let group_bytes = size_of::<[u64; WAYS]>() + size_of::<[Option<Entry<C>>; WAYS]>();
        self.bytes.add((groups - hashes.len()) * group_bytes);
        // The oldest first, so that the latest is first again. A group divides into two, so all have room.
        for (hashes, entries) in hashes.into_iter().zip(entries) {
            for (hash, entry) in hashes.into_iter().zip(entries).rev() {
                if let Some(entry) = entry {
                    self.place(hash, entry);
                }
            }
        }
    }
}

impl<C> Entry<C> {
    #[inline]
    fn is(&self, key: &Key, values: &impl LabelValues) -> bool {
        self.key.is(key) && (key.is_whole() || is_equal(&self.texts, values))
    }

    fn heap_bytes(&self) -> usize {
        self.key.heap_bytes() + self.texts.len() + size_of::<C>() + 2 * size_of::<usize>()
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation, reason = "the upper bits are as good as any")]
const fn group(hash: u64, groups: usize) -> usize {
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

#[cfg(test)]
mod tests;
