//! Exposition: what a registry gathers, as bytes.

pub(crate) mod openmetrics;
pub(crate) mod text;
