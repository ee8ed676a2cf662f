//! Rendering a registry in each format, into memory that is used again.
//!
//! Invariant: an exposition is written into memory that a former one has left behind, so that a scrape asks the system for
//! none. It comes back when the last reader has the last byte.

use std::{
    io::Write as _,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use flate2::{Compression, write::GzEncoder};
use hyper::body::Bytes;

use super::{gathering::Wanted, negotiate::Format, page, scrapes::Scrapes};
use crate::{
    catalog::Catalog,
    exporter::Limits,
    registry::{Registry, gather_until},
};

/// The most memory that is kept between two scrapes, in bytes, for each of the two forms: plain and zipped. A larger
/// exposition is given back to the system.
const ROOM_MAX: usize = 8 << 20;

/// Memory for one exposition, while no answer uses it.
#[derive(Clone, Debug, Default)]
struct Room(Arc<Mutex<Vec<u8>>>);

/// An exposition in such memory.
struct Lent {
    bytes: Vec<u8>,
    room: Room,
}

impl Room {
    /// Empty memory, as large as what was there before.
    fn take(&self) -> Vec<u8> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put_back(&self, mut bytes: Vec<u8>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes.capacity() <= ROOM_MAX && bytes.capacity() > kept.capacity() {
            bytes.clear();
            *kept = bytes;
        }
    }

    /// What was made in it, for as long as an answer reads it.
    fn lend(&self, bytes: Vec<u8>) -> Bytes {
        Bytes::from_owner(Lent { bytes, room: self.clone() })
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.room.put_back(mem::take(&mut self.bytes));
    }
}

/// The scrapes of one endpoint of this registry, within these limits.
pub(crate) fn scrapes(limits: &Limits, registry: &Registry) -> Scrapes {
    let (timeout, shown) = (limits.gather_timeout, registry.clone());
    let rooms = (Room::default(), Room::default());
    Scrapes::new(limits, registry, move |wanted| {
        gather_until(Instant::now() + timeout, || render(&shown, wanted, &rooms))
    })
}

/// What is wanted, and its size before it was zipped.
fn render(registry: &Registry, wanted: Wanted, (plain, zipped): &(Room, Room)) -> (Bytes, usize) {
    let document = |text: String| {
        let bytes = text.len();
        (Bytes::from(text), bytes)
    };
    let (format, is_zipped) = match wanted {
        Wanted::Exposition { format, is_zipped } => (format, is_zipped),
        Wanted::Page => return document(page::render(&registry.notices(), &registry.gather())),
        Wanted::Catalog { is_markdown: true } => {
            return document(Catalog::of(registry).to_markdown());
        }
        Wanted::Catalog { is_markdown: false } => return document(Catalog::of(registry).to_json()),
    };
    let exposition = exposition(registry, format, plain.take());
    let bytes = exposition.len();
    if !is_zipped {
        return (plain.lend(exposition), bytes);
    }
    let body = gzip(&exposition, zipped.take());
    plain.put_back(exposition);
    (zipped.lend(body), bytes)
}

fn exposition(registry: &Registry, format: Format, room: Vec<u8>) -> Vec<u8> {
    if format == Format::Protobuf {
        let mut exposition = room;
        registry.render_protobuf_into(&mut exposition);
        return exposition;
    }
    let mut text = String::from_utf8(room).unwrap_or_default();
    match format {
        Format::OpenMetrics => registry.render_openmetrics_into(&mut text),
        Format::Text | Format::Protobuf => registry.render_into(&mut text),
    }
    text.into_bytes()
}

/// The bytes in gzip's format.
fn gzip(bytes: &[u8], room: Vec<u8>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(room, Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to memory cannot fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_with_the_last_reader() {
        let room = Room::default();
        let first = room.lend(Vec::with_capacity(1_000));
        let second = first.clone();
        drop(first);
        assert_eq!(room.0.lock().map(|kept| kept.capacity()).ok(), Some(0));
        drop(second);
        assert_eq!(room.take().capacity(), 1_000);
        drop(room.lend(Vec::with_capacity(ROOM_MAX + 1)));
        assert_eq!(room.take().capacity(), 0);
    }

    #[test]
    fn every_form_is_the_same_in_used_memory() {
        let registry = Registry::new();
        let jobs = registry.counter("jobs").help("Jobs.").register().expect("a new name");
        registry.expose_created(false);
        let rooms = (Room::default(), Room::default());
        for format in [Format::Text, Format::OpenMetrics, Format::Protobuf] {
            for is_zipped in [false, true, false, true] {
                jobs.inc();
                let (shown, bytes) =
                    render(&registry, Wanted::Exposition { format, is_zipped }, &rooms);
                let plain = exposition(&registry, format, Vec::new());
                assert_eq!(bytes, plain.len());
                let expected = if is_zipped { gzip(&plain, Vec::new()) } else { plain };
                assert_eq!(&*shown, &*expected);
            }
        }
    }
}
