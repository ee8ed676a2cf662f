//! What most files that use this crate need, for `use yardstick::prelude::*`: the attributes, the derives with their
//! traits, and the handles.
//!
//! The crate itself has modules called `axum` and `tower` where these features are on.
//! `use yardstick::*` therefore makes `axum::Router` ambiguous beside that crate, and the compiler asks for
//! `::axum::Router`; this module has no names of other crates.
//!
//! # Examples
//!
//! ```
//! use yardstick::prelude::*;
//!
//! #[derive(Clone, Copy, LabelValue)]
//! enum Method {
//!     Get,
//!     Post,
//! }
//!
//! #[track_calls("requests", labels(method = method))]
//! fn answer(method: Method) {}
//! ```

#[doc(no_inline)]
pub use crate::{
    ByErrorType, ByOutcome, Counter, ErrorType, Gauge, Histogram, Info, LabelSet, LabelValue,
    MetricSchema, Outcome, Registry, StateSet, Summary, Unit, default_registry, dynamic,
    dynamic::Dynamic, exporter, track, track_active, track_calls, track_duration, track_errors,
};
