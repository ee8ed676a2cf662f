//! Attributes of others, and what they do to a function.

use syn::{Meta, Token, punctuated::Punctuated};

/// Whether an attribute does not look at the function it stands on. `must_use` does: of an `async fn` it means the
/// value, of a `fn` the future.
pub(crate) fn is_inert(meta: &Meta) -> bool {
    const INERT: &[&str] = &[
        "allow",
        "cfg",
        "clippy",
        "cold",
        "deny",
        "deprecated",
        "diagnostic",
        "doc",
        "expect",
        "export_name",
        "forbid",
        "inline",
        "link_section",
        "no_mangle",
        "rustfmt",
        "target_feature",
        "track_caller",
        "unsafe",
        "warn",
    ];
    if meta.path().is_ident("cfg_attr") {
        // What it stands for is not known yet; it is inert if all that it may become is.
        let attributes = Punctuated::<Meta, Token![,]>::parse_terminated;
        let parsed = meta.require_list().and_then(|list| list.parse_args_with(attributes));
        return parsed.is_ok_and(|metas| metas.iter().skip(1).all(is_inert));
    }
    let first = meta.path().segments.first();
    first.is_some_and(|first| INERT.iter().any(|inert| first.ident == *inert))
}
