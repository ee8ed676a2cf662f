//! Exposition: what a registry gathers, as bytes.

pub(crate) mod text;
