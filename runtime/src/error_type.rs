//! What an error is called in the label `error_type`.

use std::{error::Error, io, sync::Arc};

/// An error that has a name for the label `error_type`.
///
/// An error that does not implement it is called by the last segment of its type's name.
///
/// # Examples
///
/// ```
/// use yardstick::ErrorType;
///
/// enum QueryError {
///     Empty,
///     Db(std::io::Error),
/// }
///
/// impl ErrorType for QueryError {
///     fn error_type(&self) -> &'static str {
///         match self {
///             QueryError::Empty => "empty",
///             QueryError::Db(error) => error.error_type(),
///         }
///     }
/// }
///
/// let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
/// assert_eq!(QueryError::Db(missing).error_type(), "not_found");
/// ```
pub trait ErrorType {
    /// The name: one of a small set, in `snake_case`.
    fn error_type(&self) -> &'static str;
}

impl<E: ErrorType + ?Sized> ErrorType for &E {
    fn error_type(&self) -> &'static str {
        (**self).error_type()
    }
}

impl<E: ErrorType> ErrorType for Box<E> {
    fn error_type(&self) -> &'static str {
        (**self).error_type()
    }
}

impl<E: ErrorType> ErrorType for Arc<E> {
    fn error_type(&self) -> &'static str {
        (**self).error_type()
    }
}

macro_rules! dynamic {
    ($($error:ty),*) => {$(
        impl ErrorType for $error {
            fn error_type(&self) -> &'static str {
                "dyn_error"
            }
        }
    )*};
}

dynamic!(Box<dyn Error + '_>, Box<dyn Error + Send + '_>, Box<dyn Error + Send + Sync + '_>);

/// The error's kind: `not_found`, `permission_denied` and so on; `other` for kinds newer than this list.
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
