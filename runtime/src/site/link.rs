//! The link-time list of all sites: statics that the linker puts side by side.
//!
//! Invariant: the section holds nothing but [`SiteEntry`]s, all of this version of the crate, because only
//! `site!` puts anything there and the section's name carries the version. An ELF linker defines a symbol at
//! each end of a section whose name is an identifier.
//!
//! linkme does the same for more systems, but each of its elements is an attribute macro of its own and a
//! function for the type checker: together they took as long to check as everything else of an annotated
//! function (0.35 s of 0.62 s for 300). It stays where its knowledge of other linkers is needed. Where neither
//! applies, a site is found when it is first called.

use super::catalog::Catalogued;

/// A site in the list.
pub type SiteEntry = &'static dyn Catalogued;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod list {
    use super::SiteEntry;

    /// The section exists even in a program without sites.
    #[used]
    #[allow(unsafe_code, reason = "an empty array adds nothing to the section")]
    #[unsafe(link_section = "yardstick_sites_0_1_0")]
    static NONE: [SiteEntry; 0] = [];

    #[allow(unsafe_code, reason = "only the linker knows where the section begins and ends")]
    pub(in crate::site) fn sites() -> &'static [SiteEntry] {
        unsafe extern "Rust" {
            #[link_name = "__start_yardstick_sites_0_1_0"]
            static START: SiteEntry;
            #[link_name = "__stop_yardstick_sites_0_1_0"]
            static STOP: SiteEntry;
        }
        let (start, stop) = (&raw const START, &raw const STOP);
        // SAFETY: both are ends of one section, which the linker filled with elements of this type and size.
        let count = unsafe { stop.offset_from(start) };
        // SAFETY: as above; the elements are statics that nobody writes.
        unsafe { std::slice::from_raw_parts(start, count.unsigned_abs()) }
    }

    #[test]
    fn the_section_has_the_name_of_this_version() {
        let version = env!("CARGO_PKG_VERSION").replace(['.', '-'], "_");
        assert_eq!(version, "0_1_0", "rename the section here and in `site!`");
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
    use super::SiteEntry;

    #[linkme::distributed_slice]
    #[linkme(crate = linkme)]
    pub static YARDSTICK_SITES_0_1_0: [SiteEntry];

    pub(in crate::site) fn sites() -> &'static [SiteEntry] {
        &YARDSTICK_SITES_0_1_0
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
    pub(in crate::site) const fn sites() -> &'static [super::SiteEntry] {
        &[]
    }
}

pub(super) use list::sites;

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
pub use list::YARDSTICK_SITES_0_1_0;

/// Adds a static to the list.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yardstick_enlist {
    ($site:ident) => {
        const _: () = {
            #[used]
            #[unsafe(link_section = "yardstick_sites_0_1_0")]
            static ENTRY: $crate::__private::SiteEntry = &$site;
        };
    };
}

/// Adds a static to the list.
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
    ($site:ident) => {
        const _: () = {
            #[$crate::__private::linkme::distributed_slice(
                $crate::__private::YARDSTICK_SITES_0_1_0
            )]
            #[linkme(crate = $crate::__private::linkme)]
            static ENTRY: $crate::__private::SiteEntry = &$site;
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
    ($site:ident) => {};
}
