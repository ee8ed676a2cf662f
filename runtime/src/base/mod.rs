//! What everything stands on: the gate that a fork closes, the locks inside it, what keeps slow paths from coming back to
//! themselves, and what is said and counted of what was turned away. Nothing here knows a metric.

pub(crate) mod causes;
#[cfg(unix)]
pub(crate) mod fork;
pub(crate) mod gate;
pub(crate) mod lock;
pub(crate) mod reentry;
pub(crate) mod refusals;
pub(crate) mod sync;
