//! What a program can record: the metrics of all attributes and schemas, before anything was recorded.
//!
//! [`catalog()`](crate::catalog()) answers with it, and [`catalog_test!`](crate::catalog_test) compares it with a file.

mod agreed;
mod json;
mod markdown;
pub(crate) mod program;

pub use yardstick_model::{Kind, Location};

pub use self::{agreed::assert_agreed, program::Catalog};
pub use crate::{
    data::{Descriptor, FunctionDescriptor, LabelDescriptor, Role, SeriesCount},
    schema::Descriptors,
};

/// A test that fails when the program's catalog is not the one in a file beside its `Cargo.toml`: metrics are a contract
/// with the alerts and dashboards that query them. Its message says what changed, and whether that breaks queries;
/// `YARDSTICK_BLESS=1 cargo test` writes the file. Lines of the source may move without a change.
///
/// Place it in the test module of the program, once.
///
/// # Examples
///
/// ```
/// #[cfg(test)]
/// mod tests {
///     yardstick::catalog_test!("metrics.json");
/// }
/// ```
#[macro_export]
macro_rules! catalog_test {
    ($path:literal) => {
        #[test]
        fn the_catalog_is_the_one_that_was_agreed_on() {
            $crate::catalog::assert_agreed(
                ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $path),
                ::core::env!("CARGO_PKG_NAME"),
                ::core::env!("CARGO_PKG_VERSION"),
            );
        }
    };
}
