//! `BuildInfo`: version, commit and compiler of the program (feature `build-info`).

use crate::{
    handle::Info,
    registry::{RegisterError, Registry},
};

/// What a program was built from; [`build_info!`](crate::build_info!) makes one.
///
/// It is exposed as `NAME_build_info`, with the labels `commit`, `rustc` and `version` and the value 1, as Prometheus'
/// own servers do it, so that any metric can be joined with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildInfo {
    package: &'static str,
    version: &'static str,
    commit: &'static str,
}

impl BuildInfo {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        package: &'static str,
        version: &'static str,
        commits: &[Option<&'static str>],
    ) -> Self {
        let mut commit = "";
        let mut index = commits.len();
        // The first one that is known; iterators cannot be used in a constant.
        while index > 0 {
            index -= 1;
            if let Some(known) = commits[index]
                && !known.is_empty()
            {
                commit = known;
            }
        }
        Self { package, version, commit }
    }

    /// The commit, if the environment of the build does not tell it.
    #[must_use]
    pub const fn commit(mut self, commit: &'static str) -> Self {
        self.commit = commit;
        self
    }

    /// Exposes it in a registry.
    ///
    /// # Errors
    ///
    /// When there is something else of that name.
    pub fn register(&self, registry: &Registry) -> Result<Info, RegisterError> {
        let package: String = self
            .package
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() { character } else { '_' })
            .collect();
        let info = registry
            .info(&format!("{package}_build"))
            .help("What the program was built from: always 1.")
            .register()?;
        let facts = [("commit", self.commit), ("rustc", RUSTC_VERSION), ("version", self.version)];
        // What is not known is left out, rather than shown as something that it is not.
        let known: Vec<_> = facts.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        info.set_labels(&known)?;
        Ok(info)
    }
}

/// The compiler of this crate, and so of the program.
const RUSTC_VERSION: &str = env!("YARDSTICK_RUSTC_VERSION");

/// What the crate that calls it was built from, as a [`BuildInfo`]: its version, the compiler's, and the commit that
/// the environment of the build names: `VERGEN_GIT_SHA` (set by a build script with the crate `vergen`), `GITHUB_SHA`,
/// `CI_COMMIT_SHA` or `GIT_COMMIT`. Without any of them, there is no label `commit`.
///
/// # Examples
///
/// ```
/// let registry = yardstick::Registry::new();
/// let info = yardstick::build_info!().commit("4e87335");
/// info.register(&registry)?;
/// assert!(registry.render().contains("_build_info{commit=\"4e87335\",rustc=\""));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[macro_export]
macro_rules! build_info {
    () => {
        $crate::collectors::BuildInfo::new(
            ::core::env!("CARGO_PKG_NAME"),
            ::core::env!("CARGO_PKG_VERSION"),
            &[
                ::core::option_env!("VERGEN_GIT_SHA"),
                ::core::option_env!("GITHUB_SHA"),
                ::core::option_env!("CI_COMMIT_SHA"),
                ::core::option_env!("GIT_COMMIT"),
            ],
        )
    };
}
