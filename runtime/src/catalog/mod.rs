//! What a program can record: the metrics of all attributes and schemas, before anything was recorded.
//!
//! [`catalog()`](crate::catalog()) answers with it.

mod json;
mod markdown;
pub(crate) mod program;

pub use yardstick_model::{Kind, Location};

pub use self::program::Catalog;
pub use crate::{
    data::{Descriptor, LabelDescriptor},
    schema::Descriptors,
};
