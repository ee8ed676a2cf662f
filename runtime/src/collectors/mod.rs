//! Ready-made collectors: the process, tokio, and what a program was built from.

#[cfg(feature = "build-info")]
mod build_info;
#[cfg(feature = "process")]
mod process;
#[cfg(feature = "tokio")]
mod tokio;

#[cfg(feature = "build-info")]
pub use self::build_info::BuildInfo;
#[cfg(feature = "process")]
pub use self::process::ProcessMetrics;
#[cfg(feature = "tokio")]
pub use self::tokio::TokioMetrics;
