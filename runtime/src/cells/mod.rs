//! Per-thread lanes: where every number of a program's metrics lives.
//!
//! # The idea
//!
//! A locked add costs several times a plain one and far more when two cores want the same word. So
//! each thread leases a **lane** of its own, and a series owns the same word offset in every lane, as
//! per-CPU variables do in a kernel. Recording is a load, an add and a store to a word that only this
//! thread writes. Reading sums the word over the lanes whose threads have touched it.
//!
//! # Invariants
//!
//! 1. **One writer per word.** A word of a lane is stored to only by the thread that leases the lane,
//!    by a gather that leases it for a moment, or after the last reference to its series is gone, when no
//!    writer can exist. Words of the *shared* lane are the exception: they take atomic read-modify-
//!    writes from any thread.
//! 2. **A lane changes hands without loss.** Returning a lane stores `leased = false` with Release,
//!    leasing it swaps in `true` with Acquire. That alone makes the successor's relaxed load see the
//!    predecessor's last store.
//! 3. **Who has a reference to a word leases its lane or holds the gather lock.** Chunks of counters in lanes that
//!    no thread leases are folded into the shared lane and freed by a gather, which has both. Lanes, and chunks of
//!    anything else, are never freed; their number is bounded by the peak number of threads and by
//!    [`set_lane_memory_limit`].
//! 4. **A value never falls from one read to the next.** Every read takes the gather lock
//!    ([`Gathering`]), which orders the readers; writers never take it.
//! 5. **Whatever the fast path cannot serve goes to the shared lane**: recording inside a destructor
//!    of another thread-local, inside the lease or the allocation of a chunk (a global allocator may
//!    record), and beyond the memory limit. A series' shared chunk exists before its offset does, so
//!    this path neither allocates nor locks.
//!
//! The rooms: [`memory`], [`lane`], [`arena`], [`reading`], [`folding`], [`gather`], [`gate`] and [`sequence`] hold the protocol, and are model-checked; [`local`] is the
//! thread-local fast path; [`space`] hands out word offsets; [`gather`] is the readers' lock, [`sums`] what one gather has summed; [`gate`] is
//! what a fork closes; [`extreme`] keeps sums finite; [`scale`] finds the bucket of an observation;
//! [`counter`], [`gauge`], [`in_flight`] and [`histogram`] are what a series is made of; [`clock`]
//! and [`fork`] are the two places that ask the machine. All unsafe code of the crate is in here.

// The one module of the crate that may: each block below says why it is sound.
#![allow(unsafe_code, reason = "the lanes are built on raw chunks, see the invariants above")]

mod arena;
pub(crate) mod clock;
mod counter;
mod extreme;
mod folding;
mod gather;
mod gauge;
mod histogram;
mod in_flight;
mod lane;
mod local;
mod memory;
mod reading;
mod scale;
mod sequence;
mod space;
mod sums;

#[cfg(unix)]
use crate::base::fork;
use crate::base::{gate, sync};

pub(crate) use counter::{CounterCell, FractionCell};
pub(crate) use gather::{Gathering, gathering, gathering_on};
pub(crate) use gauge::GaugeCell;
pub(crate) use histogram::{Bounds, HistogramCell, HistogramTotals, unsettled_reads};
pub(crate) use in_flight::InFlightCell;
pub(crate) use local::{SHARED_RECORDS, lane_memory_bytes, lanes, set_lane_memory_limit};
pub(crate) use space::Words;
pub(crate) use sums::{Gather, void_sums};
