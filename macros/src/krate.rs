//! Where the runtime crate is, if no attribute says so: under its own name, or the one that the package gives it.

use std::{env, fs, path::PathBuf, sync::OnceLock};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Path;

use crate::errors::{Errors, Message};

const CRATE: &str = "yardstick";

/// What a package's manifest says of the crate.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Dependency {
    /// It has the crate under this name, or nothing is known of it.
    Named(String),
    /// It knows no such crate.
    Missing,
}

/// The crate, unless it cannot be found.
pub(crate) fn find(errors: &mut Errors) -> Path {
    static FOUND: OnceLock<Dependency> = OnceLock::new();
    let name = match FOUND.get_or_init(read) {
        Dependency::Named(name) => name.as_str(),
        Dependency::Missing => {
            let message = Message::new(format!(
                "the crate `{CRATE}` is no dependency of this package"
            ))
            .help("say where it is: `crate = path::to::yardstick`, or add it to the dependencies")
            .note(
                "a crate that another one re-exports has to be named in each attribute and derive",
            );
            errors.without_crate(message);
            CRATE
        }
    };
    let name = Ident::new(name, Span::call_site());
    syn::parse_quote!(::#name)
}

/// The module of a runtime crate for generated code. Its name carries the version, so that macros and a runtime that do
/// not belong together are told apart by the compiler.
pub(crate) fn private(krate: &Path) -> TokenStream {
    const NAME: &str = concat!(
        "__private_",
        env!("CARGO_PKG_VERSION_MAJOR"),
        "_",
        env!("CARGO_PKG_VERSION_MINOR"),
        "_",
        env!("CARGO_PKG_VERSION_PATCH")
    );
    let module = Ident::new(NAME, Span::call_site());
    quote!(#krate::#module)
}

/// Other build systems may have no manifest, and set up names of their own.
fn read() -> Dependency {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let text = manifest.and_then(|folder| fs::read_to_string(folder.join("Cargo.toml")).ok());
    text.map_or_else(|| Dependency::Named(CRATE.to_owned()), |text| dependency(&text))
}

/// Reads as much of a manifest as it takes.
fn dependency(manifest: &str) -> Dependency {
    if !manifest.contains(CRATE) {
        return Dependency::Missing;
    }
    let (mut renamed, mut table) = (None, None);
    for line in manifest.lines().map(|line| line.split('#').next().unwrap_or(line).trim()) {
        if let Some(header) = line.strip_prefix('[') {
            let name = header.trim_end_matches(']').rsplit_once("dependencies.");
            table = name.map(|(_, name)| name.trim_matches('"').to_owned());
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().split('.').next().unwrap_or(key).trim_matches('"');
        let is_this = |value: &str| value.trim().trim_matches('"') == CRATE;
        let is_renamed = match key {
            "package" => is_this(value).then(|| table.clone()).flatten(),
            key => {
                let package = value.split_once("package").map(|(_, rest)| rest.trim_start());
                let package = package.and_then(|rest| rest.strip_prefix('='));
                let package = package.and_then(|rest| rest.split([',', '}']).next());
                package.is_some_and(is_this).then(|| key.to_owned())
            }
        };
        renamed = renamed.or(is_renamed);
        if key == CRATE || table.as_deref() == Some(CRATE) {
            return Dependency::Named(CRATE.to_owned());
        }
    }
    Dependency::Named(renamed.map_or_else(|| CRATE.to_owned(), |name| name.replace('-', "_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_may_give_the_crate_another_name() {
        let named = |name: &str| Dependency::Named(name.to_owned());
        for (manifest, found) in [
            ("[dependencies]\nyardstick = \"1\"", named("yardstick")),
            ("[dependencies]\nyardstick.workspace = true", named("yardstick")),
            ("[dependencies.yardstick]\nversion = \"1\"", named("yardstick")),
            ("[package]\nname = \"yardstick\"", named("yardstick")),
            (
                "[dependencies]\nmy-ys = { package = \"yardstick\", version = \"1\" }",
                named("my_ys"),
            ),
            ("[dependencies]\nys = { version = \"1\", package=\"yardstick\" } # ours", named("ys")),
            ("[dev-dependencies.ys]\nversion = \"1\"\npackage = \"yardstick\"", named("ys")),
            ("[target.'cfg(unix)'.dependencies.ys]\npackage = \"yardstick\"", named("ys")),
            (
                "[dependencies]\nys = { package = \"yardstick\" }\nyardstick = \"1\"",
                named("yardstick"),
            ),
            ("[dependencies]\nframework = \"1\"", Dependency::Missing),
        ] {
            assert_eq!(dependency(manifest), found, "{manifest}");
        }
    }
}
