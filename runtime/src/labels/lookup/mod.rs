//! The look-up of label values known only at run time, in front of every registry.
//!
//! Invariants: what is answered with was found for exactly these values ([`key`]); tables are bounded, grow with what
//! they keep, and what they occupy is counted ([`table`], [`bytes`]); a hit in a thread's own table calls nothing of libc
//! for texts of up to 16 bytes, reads each of them once, and writes nothing that another thread reads. What is kept holds
//! its series, so a series that was removed is recorded to and comes back, as with any handle that is still held.
//!
//! Two tables stand before a registry. A thread's own ([`near`]) is asked first. Behind it, each metric has one that all
//! threads share ([`common`]): it is read under a lock that readers share, and spares a new thread the way through the
//! registry. Whoever looks up makes a [`Key`], asks both, and otherwise finds and keeps:
//!
//! ```ignore
//! thread_local! { static NEAR: Near<Cells> = const { Near::new() }; }
//! let key = Key::of(owner, &values);
//! let kept: Option<Kept<Cells>> =
//!     lookup::get(&NEAR, &key, &values).or_else(|| lookup::fetch(&NEAR, &common, &key, &values));
//! let kept = lookup::share(&NEAR, &common, &key, &values, found, series_max);
//! ```

mod answer;
mod bytes;
mod common;
mod id;
mod key;
mod near;
mod table;

pub(crate) use self::{
    answer::Lookup,
    bytes::occupied as occupied_bytes,
    common::{Common, Removable, fetch, share},
    id::LookupId,
    key::{Key, Owner},
    near::{Near, get, keep},
    table::{Entry, Kept},
};
