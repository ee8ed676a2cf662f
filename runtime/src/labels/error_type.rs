//! `ErrorType`: the value of the label `error_type`.

use std::{error::Error, io, rc::Rc, sync::Arc};

/// An error that has a name for the label `error_type`.
///
/// Derive it on the enum of a service's errors, and each variant counts by its own name. An error that does not
/// implement it is called by its type:
///
/// | type | name |
/// |---|---|
/// | `shop::QueryError`, `shop::Failed<T>` | `QueryError`, `Failed` |
/// | `sqlx::error::Error`, `anyhow::Error`, `eyre::Report` | `sqlx::Error`, `anyhow::Error`, `eyre::Report` |
/// | `Box<E>`, `Arc<E>`, `Rc<E>`, `Cow<E>`, `&E` | that of `E` |
/// | `Box<dyn Error + Send>` | `dyn_error` |
/// | `(http::StatusCode, String)` | `(StatusCode, String)` |
/// | `[E]`, `[E; 2]` | `[E]`, `[E; 2]` |
///
/// What a boxed error or one of `anyhow` is inside, only the program knows; it says so in the attribute:
///
/// ```
/// use std::{error::Error, io};
/// use yardstick::{ErrorType, track_errors};
///
/// fn root(error: &Box<dyn Error>) -> &'static str {
///     error.downcast_ref::<io::Error>().map_or("other", ErrorType::error_type)
/// }
///
/// #[track_errors("loads", error_type = root)]
/// fn load(path: &str) -> Result<String, Box<dyn Error>> {
///     Ok(std::fs::read_to_string(path)?)
/// }
///
/// let registry = yardstick::Registry::new();
/// let _ = metrics::with_local_recorder(&registry, || load("/nowhere/at/all"));
/// assert!(registry.render().contains("loads_total{error_type=\"not_found\"} 1\n"));
/// ```
///
/// | option | where | meaning | default |
/// |---|---|---|---|
/// | `#[error_type(transparent)]` | variant or struct with one field | its name is that of the error inside, which must have one | |
/// | `#[error_type(rename = "..")]` | variant or struct | its name | its identifier |
/// | `#[error_type(rename_all = "..")]` | enum | how variants are written, as in [`LabelValue`](trait@crate::LabelValue) | `snake_case` |
/// | `#[error_type(crate = path)]` | enum or struct | where this crate is, if re-exported | `::yardstick` |
///
/// # Examples
///
/// ```
/// use yardstick::ErrorType;
///
/// #[derive(ErrorType)]
/// enum QueryError {
///     Empty,
///     #[error_type(rename = "timeout")]
///     TimedOut { seconds: u32 },
///     #[error_type(transparent)]
///     Db(std::io::Error),
/// }
///
/// assert_eq!(QueryError::Empty.error_type(), "empty");
/// assert_eq!(QueryError::TimedOut { seconds: 3 }.error_type(), "timeout");
/// let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
/// assert_eq!(QueryError::Db(missing).error_type(), "not_found");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no name for the label `error_type`",
    label = "not an `ErrorType`",
    note = "derive `ErrorType` for it, or remove `transparent` to count by the name of the variant"
)]
pub trait ErrorType {
    /// The name: one of a small set, in `snake_case`.
    fn error_type(&self) -> &'static str;
}

#[diagnostic::do_not_recommend]
impl<E: ErrorType + ?Sized> ErrorType for &E {
    fn error_type(&self) -> &'static str {
        (**self).error_type()
    }
}

#[diagnostic::do_not_recommend]
impl<E: ErrorType> ErrorType for Box<E> {
    fn error_type(&self) -> &'static str {
        (**self).error_type()
    }
}

#[diagnostic::do_not_recommend]
impl<E: ErrorType> ErrorType for Arc<E> {
    fn error_type(&self) -> &'static str {
        (**self).error_type()
    }
}

#[diagnostic::do_not_recommend]
impl<E: ErrorType> ErrorType for Rc<E> {
    fn error_type(&self) -> &'static str {
        (**self).error_type()
    }
}

macro_rules! dynamic {
    ($($error:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl ErrorType for $error {
            fn error_type(&self) -> &'static str {
                "dyn_error"
            }
        }
    )*};
}

dynamic!(Box<dyn Error + '_>, Box<dyn Error + Send + '_>, Box<dyn Error + Send + Sync + '_>);

/// The error's kind: `not_found`, `permission_denied` and so on; `other` for kinds newer than this list.
#[diagnostic::do_not_recommend]
impl ErrorType for io::Error {
    fn error_type(&self) -> &'static str {
        use io::ErrorKind as Kind;
        match self.kind() {
            Kind::NotFound => "not_found",
            Kind::PermissionDenied => "permission_denied",
            Kind::ConnectionRefused => "connection_refused",
            Kind::ConnectionReset => "connection_reset",
            Kind::HostUnreachable => "host_unreachable",
            Kind::NetworkUnreachable => "network_unreachable",
            Kind::ConnectionAborted => "connection_aborted",
            Kind::NotConnected => "not_connected",
            Kind::AddrInUse => "addr_in_use",
            Kind::AddrNotAvailable => "addr_not_available",
            Kind::NetworkDown => "network_down",
            Kind::BrokenPipe => "broken_pipe",
            Kind::AlreadyExists => "already_exists",
            Kind::WouldBlock => "would_block",
            Kind::NotADirectory => "not_a_directory",
            Kind::IsADirectory => "is_a_directory",
            Kind::DirectoryNotEmpty => "directory_not_empty",
            Kind::ReadOnlyFilesystem => "read_only_filesystem",
            Kind::StaleNetworkFileHandle => "stale_network_file_handle",
            Kind::InvalidInput => "invalid_input",
            Kind::InvalidData => "invalid_data",
            Kind::TimedOut => "timed_out",
            Kind::WriteZero => "write_zero",
            Kind::StorageFull => "storage_full",
            Kind::NotSeekable => "not_seekable",
            Kind::QuotaExceeded => "quota_exceeded",
            Kind::FileTooLarge => "file_too_large",
            Kind::ResourceBusy => "resource_busy",
            Kind::ExecutableFileBusy => "executable_file_busy",
            Kind::Deadlock => "deadlock",
            Kind::TooManyLinks => "too_many_links",
            Kind::ArgumentListTooLong => "argument_list_too_long",
            Kind::Interrupted => "interrupted",
            Kind::Unsupported => "unsupported",
            Kind::UnexpectedEof => "unexpected_eof",
            Kind::OutOfMemory => "out_of_memory",
            _ => "other",
        }
    }
}
