//! Exposition: what a registry gathers, as bytes.

mod buckets;
mod lines;
pub(crate) mod openmetrics;
pub(crate) mod protobuf;
pub(crate) mod text;
