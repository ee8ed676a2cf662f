//! The link-time lists of all sites and of all schemas: statics that the linker puts side by side.
//!
//! Invariant: a section holds nothing but [`Metric`]s, or nothing but [`ListedSchema`]s, all of this version of the
//! crate, because only `site!` and `enlist!` put anything there and the section's name carries the version. Arrays of
//! metrics stand side by side without a gap, since a metric is as long as its alignment has it. An ELF linker defines a
//! symbol at each end of a section whose name is an identifier.
//!
//! linkme does the same for more systems, but each of its elements is an attribute macro of its own and a
//! function for the type checker: together they took as long to check as everything else of an annotated
//! function (0.35 s of 0.62 s for 300). It stays where its knowledge of other linkers is needed. Where neither
//! applies, a site is found when it is first called.

use super::metric::Metric;
use crate::schema::CataloguedSchema;

/// A schema in the list.
pub type ListedSchema = &'static dyn CataloguedSchema;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod list {
    use super::{ListedSchema, Metric};

    /// The section exists even in a program without sites.
    #[used]
    #[allow(unsafe_code, reason = "an empty array adds nothing to the section")]
    #[unsafe(link_section = "yardstick_sites_0_1_0")]
    static NO_SITE: [Metric; 0] = [];

    #[used]
    #[allow(unsafe_code, reason = "as above")]
    #[unsafe(link_section = "yardstick_schemas_0_1_0")]
    static NO_SCHEMA: [ListedSchema; 0] = [];

    #[allow(unsafe_code, reason = "only the linker knows where the section begins and ends")]
    fn metrics() -> &'static [Metric] {
        unsafe extern "Rust" {
            #[link_name = "__start_yardstick_sites_0_1_0"]
            static START: Metric;
            #[link_name = "__stop_yardstick_sites_0_1_0"]
            static STOP: Metric;
        }
        let (start, stop) = (&raw const START, &raw const STOP);
        // SAFETY: both are ends of one section, which the linker filled with elements of this type and size.
        let count = unsafe { stop.offset_from(start) };
        // SAFETY: as above; what changes in an element are its atomics.
        unsafe { std::slice::from_raw_parts(start, count.unsigned_abs()) }
    }

    pub(in crate::site) fn sites() -> impl Iterator<Item = &'static Metric> {
        metrics().iter()
    }

    #[allow(unsafe_code, reason = "only the linker knows where the section begins and ends")]
    pub(in crate::site) fn schemas() -> &'static [ListedSchema] {
        unsafe extern "Rust" {
            #[link_name = "__start_yardstick_schemas_0_1_0"]
            static START: ListedSchema;
            #[link_name = "__stop_yardstick_schemas_0_1_0"]
            static STOP: ListedSchema;
        }
        let (start, stop) = (&raw const START, &raw const STOP);
        // SAFETY: both are ends of one section, which the linker filled with elements of this type and size.
        let count = unsafe { stop.offset_from(start) };
        // SAFETY: as above; the elements are statics that are never written.
        unsafe { std::slice::from_raw_parts(start, count.unsigned_abs()) }
    }

    #[test]
    fn the_sections_have_the_name_of_this_version() {
        let version = env!("CARGO_PKG_VERSION").replace(['.', '-'], "_");
        assert_eq!(version, "0_1_0", "rename the sections here, in `site!` and in `enlist!`");
    }
}

#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
mod list {
    use super::{ListedSchema, Metric};

    /// The metrics of one function.
    pub type SiteEntry = &'static [Metric];

    #[linkme::distributed_slice]
    #[linkme(crate = linkme)]
    pub static YARDSTICK_SITES_0_1_0: [SiteEntry];

    #[linkme::distributed_slice]
    #[linkme(crate = linkme)]
    pub static YARDSTICK_SCHEMAS_0_1_0: [ListedSchema];

    pub(in crate::site) fn sites() -> impl Iterator<Item = &'static Metric> {
        YARDSTICK_SITES_0_1_0.iter().copied().flatten()
    }

    pub(in crate::site) fn schemas() -> &'static [ListedSchema] {
        &YARDSTICK_SCHEMAS_0_1_0
    }
}

#[cfg(not(any(
    target_os = "android",
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "linux",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
)))]
mod list {
    use super::{ListedSchema, Metric};

    pub(in crate::site) fn sites() -> impl Iterator<Item = &'static Metric> {
        std::iter::empty()
    }

    pub(in crate::site) const fn schemas() -> &'static [ListedSchema] {
        &[]
    }
}

pub(super) use list::{schemas, sites};

#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
pub use list::{SiteEntry, YARDSTICK_SCHEMAS_0_1_0, YARDSTICK_SITES_0_1_0};

/// Declares the static of one annotated function, `site!(STATIC: ARRAY = [METRIC, ..])`, in the list of all.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_site {
    ($site:ident: $array:ty = $metrics:expr) => {
        #[used]
        #[unsafe(link_section = "yardstick_sites_0_1_0")]
        static $site: $array = $metrics;
    };
}

/// Declares the static of one annotated function, `site!(STATIC: ARRAY = [METRIC, ..])`, and adds it to the list of all.
#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_site {
    ($site:ident: $array:ty = $metrics:expr) => {
        static $site: $array = $metrics;
        const _: () = {
            #[$crate::__private_0_1_0::linkme::distributed_slice(
                $crate::__private_0_1_0::YARDSTICK_SITES_0_1_0
            )]
            #[linkme(crate = $crate::__private_0_1_0::linkme)]
            static ENTRY: $crate::__private_0_1_0::SiteEntry = &$site;
        };
    };
}

/// Declares the static of one annotated function, `site!(STATIC: ARRAY = [METRIC, ..])`. There is no list.
#[cfg(not(any(
    target_os = "android",
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "linux",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_site {
    ($site:ident: $array:ty = $metrics:expr) => {
        static $site: $array = $metrics;
    };
}

/// Adds a schema to the list of all.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_enlist {
    ($schema:ident) => {
        const _: () = {
            #[used]
            #[unsafe(link_section = "yardstick_schemas_0_1_0")]
            static ENTRY: $crate::__private_0_1_0::ListedSchema = &$schema;
        };
    };
}

/// Adds a schema to the list of all.
#[cfg(any(
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_enlist {
    ($schema:ident) => {
        const _: () = {
            #[$crate::__private_0_1_0::linkme::distributed_slice(
                $crate::__private_0_1_0::YARDSTICK_SCHEMAS_0_1_0
            )]
            #[linkme(crate = $crate::__private_0_1_0::linkme)]
            static ENTRY: $crate::__private_0_1_0::ListedSchema = &$schema;
        };
    };
}

/// There is no list.
#[cfg(not(any(
    target_os = "android",
    target_os = "freebsd",
    target_os = "fuchsia",
    target_os = "illumos",
    target_os = "ios",
    target_os = "linux",
    target_os = "macos",
    target_os = "openbsd",
    target_os = "tvos",
    target_os = "windows"
)))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_enlist {
    ($schema:ident) => {};
}
