//! The rules that Yardstick's macros and its runtime share: names, units, labels, bucket bounds,
//! and the text of the exposition formats.
//!
//! The macros apply a rule when a program is compiled and the registry applies the same rule when
//! it runs, so every rule is one function here. Checks are `const fn` where the language permits,
//! and what they find is data: a violation that prints the first line of its message and offers
//! the `help` and the `note` that complete it. The crate has no dependencies, performs no input or
//! output, and keeps no state.
//!
//! | module | rule |
//! |---|---|
//! | [`name`] | which names are valid, and what to write instead |
//! | [`clean`] | names made of any text, and which of them mean one metric |
//! | [`mod@unit`] | the suffixes that a unit and a kind add to a name |
//! | [`unit_claim`] | the unit that a name says its values have |
//! | [`family`] | the sample names that a family occupies |
//! | [`bucket`] | bucket bounds and the usual sequences of them |
//! | [`native`] | the buckets of native histograms |
//! | [`escape`] | free text in the exposition formats |
//! | [`mod@nearest`] | the word that was probably meant |
//! | [`number`] | numbers in the exposition formats |
//! | [`label`] | the text that identifies a label set |
//! | [`kind`], [`location`] | the kinds of families; places in the user's source |

pub mod bucket;
pub mod clean;
pub mod escape;
pub mod family;
pub mod kind;
pub mod label;
pub mod location;
pub mod name;
pub mod native;
pub mod nearest;
pub mod number;
mod text;
pub mod unit;
pub mod unit_claim;

pub use bucket::{
    BOUNDS_MAX, BoundsViolation, DEFAULT_SECONDS, check_bounds, check_duration_bounds,
    default_bounds, exponential, linear, steps,
};
pub use clean::{clean_label_name, clean_library_label_name, clean_metric_name, is_one_metric};
pub use escape::{escape_help, escape_label_value, unescape_label_value};
pub use family::{family_name, sample_names, shared_sample};
pub use kind::Kind;
pub use label::{NONE_VALUE, OVERFLOW_VALUE, label_pairs, parse_label_set, render_label_set};
pub use location::Location;
pub use name::{
    NAME_LENGTH_MAX, NameFault, NameSubject, NameViolation, check_label_name, check_metric_name,
    reserved_label, reserved_label_message, reserved_label_note, sanitise_label_name,
    sanitise_metric_name,
};
pub use native::{NativeBuckets, NativeBucketsError};
pub use nearest::nearest;
pub use number::{write_bound, write_value};
pub use unit::{Unit, exposed_name};
pub use unit_claim::{
    UnitViolation, check_unit_suffix, foreign_unit_suffix, says_duration, unit_in_name,
    with_base_unit,
};
