//! Every interleaving of the lanes' protocol, as far as loom explores it: a lane changes hands without
//! loss, values never fall, sums and buckets agree, a
//! fork finds nobody inside, calls in flight are never negative.
//!
//! The modules are the runtime's own files.

#![allow(dead_code, reason = "the model uses the protocol, not all that is built on it")]
#![allow(unsafe_code, reason = "these are the files of the runtime's one unsafe module")]
#![allow(unreachable_pub, reason = "visibility is that of the runtime")]

#[path = "../../../runtime/src/cells/arena.rs"]
mod arena;
#[path = "../../../runtime/src/cells/folding.rs"]
mod folding;
#[path = "../../../runtime/src/base/gate.rs"]
mod gate;
#[path = "../../../runtime/src/cells/gather.rs"]
mod gather;
#[path = "../../../runtime/src/cells/lane.rs"]
mod lane;
#[path = "../../../runtime/src/cells/memory.rs"]
mod memory;
#[path = "../../../runtime/src/cells/reading.rs"]
mod reading;
#[path = "../../../runtime/src/cells/sequence.rs"]
mod sequence;
#[path = "../../../runtime/src/base/sync.rs"]
mod sync;

#[cfg(test)]
mod tests;
