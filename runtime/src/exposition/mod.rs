//! Exposition: what a registry gathers, as bytes.

mod lines;
pub(crate) mod openmetrics;
pub(crate) mod text;
