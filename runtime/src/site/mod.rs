//! Call sites: what an attribute leaves behind, and how it finds its cells.
//!
//! # Invariants
//!
//! 1. **A site records where the facade's current recorder records.** Its cached cells belong to the
//!    default registry, and it uses them only while the current recorder *is* that registry's facade
//!    object, whose address only `install` makes known (see [`current`](crate::registry::current)). Anything else is resolved anew.
//! 2. **A cached series is pinned.** Sites are statics and hold their series for ever; series of values
//!    known only at run time are held by the per-thread cache and by each call in flight.
//! 3. **Each call is left exactly once**, through [`leave`] or through the guard's destructor.
//! 4. **Nothing cached depends on a generic parameter**: the statics of a generic function are shared by
//!    all its instances, so label values are compared, and so are the value lists behind dense indexes.
//!
//! The rooms: [`metric`] is one attribute's half of a site, [`behaviour`] what attributes of its kind have in common,
//! [`describe`] what it tells the registry; [`resolve`] how a call finds its cells, [`dense`] a table of them, [`pinned`]
//! and [`recording`] who keeps them; [`instrument`] what each attribute records, [`by_result`] the same with labels that the
//! result gives; [`guard`] one call, [`group`] what it keeps of several metrics; [`site_spec`] what an attribute says;
//! [`input`] what a call is given; [`foreign`] other recorders; [`observe`] and [`stream`] what is
//! polled, [`not_a_future`] what only looks like a value; [`call_end`] how a call ends, [`returned_error`], [`error_name`] and
//! [`type_words`] what its result tells; [`schema`] metrics of schemas; [`link`] and [`catalog`] the list of all sites.

mod behaviour;
mod by_result;
mod call_end;
pub(crate) mod catalog;
mod dense;
mod describe;
mod error_name;
mod foreign;
mod group;
mod guard;
mod input;
mod instrument;
mod link;
mod metric;
mod not_a_future;
mod observe;
mod pinned;
mod recording;
mod resolve;
mod returned_error;
mod schema;
mod site_spec;
mod stream;
mod type_words;

#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
pub use self::link::{SiteEntry, YARDSTICK_SCHEMAS_0_1_0, YARDSTICK_SITES_0_1_0};
pub use self::{
    by_result::ByResult,
    error_name::{Probe, ViaAnything, ViaErrorType, ViaItself, ViaResult, may_be_an_error},
    group::Literal,
    guard::{call, enter, enter_never, leave},
    input::{MaybeLabel, ViaLabelValue, ViaNoLabelValue, input, input_in, kept_in, label},
    instrument::{Active, Calls, Completed, Duration, Errors},
    link::ListedSchema,
    metric::{FourMetrics, Metric, OneMetric, ThreeMetrics, TwoMetrics},
    not_a_future::{Returned, ViaFuture, ViaStream, ViaValue, no_future},
    observe::{observe, observe_block},
    returned_error::{
        MaybeName, ViaName, ViaNoName, error_if, error_name, error_named, named, result_label,
        unnamed, untold, with_labels,
    },
    schema::{
        NoSchema, OfSchema, ViaMetric, ViaWrongKind, assigned, completed_histogram,
        counter_by_error_type, counter_by_outcome, gauge, histogram, is_counter_by_error_type,
        is_counter_by_outcome, is_gauge, is_histogram, is_in_seconds, is_without_unit, unassigned,
        unit_of,
    },
    site_spec::{fixed, given, given_as, returned, site_spec},
    stream::observe_stream,
};
