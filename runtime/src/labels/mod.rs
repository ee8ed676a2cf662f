//! Labels: what a value may be, what it reads, and how values known only at run time are looked up.

pub(crate) mod error_type;
pub(crate) mod long_value;
pub(crate) mod lookup;
mod outcome;
mod owned;
mod value;
mod values;

pub use self::{error_type::ErrorType, outcome::Outcome, value::LabelValue};
pub(crate) use self::{
    owned::KeptLabel,
    values::{LabelValues, Lists, Texts, combinations},
};
