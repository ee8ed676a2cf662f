//! Every shape of function under every attribute. What the build script writes here must compile without a warning,
//! under lints that few users turn on, and must measure what it says.
#![deny(warnings, clippy::all, clippy::pedantic, future_incompatible, nonstandard_style)]
#![deny(elided_lifetimes_in_paths, let_underscore_drop, missing_docs, single_use_lifetimes)]
#![deny(
    clippy::shadow_same,
    trivial_casts,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications
)]
// What these find is in the shapes as they are written, because they are small.
#![allow(clippy::boxed_local, clippy::elidable_lifetime_names, clippy::needless_pass_by_value)]
#![allow(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps)]
#![forbid(unsafe_code)]

pub mod support;

use support::Shape;

include!(concat!(env!("OUT_DIR"), "/safe.rs"));
