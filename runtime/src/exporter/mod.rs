//! The exporter: makes the default registry the global recorder and serves its exposition, or only serves another one.
//!
//! [`exporter()`](crate::exporter()) begins the configuration, and [`ExporterBuilder::install`] starts what it says.
//!
//! # Examples
//!
//! ```
//! use yardstick::exporter::Limits;
//!
//! let exporter = yardstick::exporter()
//!     .listen("127.0.0.1:0")
//!     .global_label("service", "shop")
//!     .limits(Limits::default().scrapes_max(2))
//!     .install()?;
//! println!("{exporter}");
//! exporter.shutdown_blocking()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "http")]
mod address;
pub(crate) mod builder;
mod environment;
mod error;
#[cfg(feature = "http")]
pub(crate) mod http;
#[cfg(feature = "http")]
mod limits;
pub(crate) mod recorder;
mod rendering;
mod running;

#[cfg(feature = "tls")]
pub use self::http::WebConfigError;
#[cfg(feature = "http")]
pub use self::{
    address::IntoListenAddress, builder::DEFAULT_ADDRESS, http::ShutdownError, limits::Limits,
};
pub use self::{builder::ExporterBuilder, error::InstallError, running::Exporter};
