//! For tests of programs that use this toolkit (feature `testing`): what a piece of code recorded, what changed, and
//! whether an exposition is the one that was agreed on.
//!
//! Enable the feature for tests only, in `[dev-dependencies]`: with it, durations are timed by the monotonic clock in
//! nanoseconds instead of the processor's counter, and each reading asks whether it happens in a capture.
//!
//! # Examples
//!
//! ```
//! use std::time::Duration;
//! use yardstick::{Counter, MetricSchema, testing::Capture, track_duration};
//!
//! #[derive(MetricSchema)]
//! #[metrics(namespace = "mill")]
//! struct MillMetrics {
//!     /// Bags of flour.
//!     bags: Counter,
//! }
//!
//! #[track_duration("milling", labels(grain = grain))]
//! fn mill(grain: &str, clock: &Capture) {
//!     clock.advance(Duration::from_secs(3));
//!     MillMetrics::global().bags.inc();
//! }
//!
//! let capture = Capture::new();
//! capture.run(|| mill("rye", &capture));
//!
//! let changes = capture.changes();
//! changes.assert("mill_bags_total", &[], 1.0);
//! changes.assert("milling_seconds_sum", &[("grain", "rye")], 3.0);
//! ```

mod capture;
mod changes;
mod explain;
mod golden;

pub use self::{
    capture::{Capture, Captured, Entered},
    changes::{Changes, Expected, Snapshot},
    golden::assert_golden,
};
