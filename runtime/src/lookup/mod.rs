//! The look-up of label values known only at run time, in front of every registry.
//!
//! Invariants: what is answered with was found for exactly these values ([`key`]); a thread's table is bounded, grows
//! with what it keeps, and what it occupies is counted ([`near`], [`bytes`]); a hit calls nothing of libc for texts of up
//! to 16 bytes and reads each of them once. What is kept holds its series, so a series that was removed is recorded to
//! and comes back, as with any handle that somebody holds.
//!
//! Whoever looks up makes a [`Key`], asks the thread's [`Near`], and otherwise finds and keeps:
//!
//! ```ignore
//! thread_local! { static NEAR: Near<Cells> = const { Near::new() }; }
//! let key = Key::of(owner, &values);
//! // To record at once: within the borrow, and no reference is counted.
//! let done = NEAR.try_with(|near| near.with(&key, &values, |cells| cells.add(1)));
//! // To record later, also on another thread: a future keeps this.
//! let cells: Option<Arc<Cells>> = NEAR.try_with(|near| near.get(&key, &values)).ok().flatten();
//! NEAR.try_with(|near| near.put(&key, &values, found));
//! ```

mod bytes;
mod key;
mod near;

pub(crate) use self::{
    bytes::occupied as occupied_bytes,
    key::{Key, Owner},
    near::Near,
};
