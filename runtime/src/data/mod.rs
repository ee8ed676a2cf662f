//! Plain data: what a program declares, and what a registry holds at one moment. Nothing here records.

mod descriptor;
pub(crate) mod exemplar;
mod family;
mod label_text;

pub(crate) use self::label_text::LabelText;
pub use self::{
    descriptor::{Descriptor, FunctionDescriptor, LabelDescriptor, Role, SeriesCount},
    exemplar::Exemplar,
    family::{MetricFamily, Sample, SeriesData, Value},
};
