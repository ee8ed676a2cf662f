//! Where in the user's source a metric was declared.

use core::fmt;
use core::panic;

/// A place in the user's source, ordered by module and then by position in the file.
///
/// Conflicts between two declarations print both locations, and a tie between two weak helps goes
/// to the smaller one, so the order must not depend on the order of linking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The module's path, as `module_path!()` gives it.
    pub module: &'static str,
    /// The file's path, as the compiler was given it.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
}

impl Location {
    /// The location of a `#[track_caller]` function's caller.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick_model::Location;
    ///
    /// #[track_caller]
    /// const fn here() -> Location {
    ///     Location::from_caller(module_path!(), core::panic::Location::caller())
    /// }
    /// assert_eq!(here().file, file!());
    /// ```
    #[must_use]
    pub const fn from_caller(
        module: &'static str,
        caller: &'static panic::Location<'static>,
    ) -> Self {
        Self { module, file: caller.file(), line: caller.line(), column: caller.column() }
    }
}

/// Writes `file:line:column`, which terminals and editors turn into a link.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::Location;
    use core::panic;

    #[test]
    fn prints_as_a_link_and_orders_by_module_first() {
        let first = Location { module: "shop::api", file: "src/z.rs", line: 40, column: 1 };
        let second = Location { module: "shop::db", file: "src/a.rs", line: 3, column: 9 };
        assert_eq!(second.to_string(), "src/a.rs:3:9");
        assert!(first < second);
    }

    #[test]
    fn can_be_taken_in_a_constant() {
        const HERE: Location = Location::from_caller(module_path!(), panic::Location::caller());
        assert_eq!(HERE.file, file!());
        const { assert!(HERE.line > 1) };
    }
}
