//! Qualifiers and attributes that change what a function is.

/// Visible in the crate.
// tags: fn
// ends: ok
pub mod visible {
    use crate::support::work;

    #[measured]
    pub(crate) fn subject() -> u8 {
        work();
        1
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// Callable from C.
// tags: fn
// ends: ok
pub mod foreign_abi {
    use crate::support::work;

    #[measured]
    extern "C" fn subject(x: u8) -> u8 {
        work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// Callable from C by the short form.
// tags: fn
// ends: ok
pub mod foreign_abi_implicit {
    use crate::support::work;

    #[measured]
    pub extern "C-unwind" fn subject(x: u8) -> u8 {
        work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// Wants to be inlined.
// tags: fn
// ends: ok
pub mod inlined {
    use crate::support::work;

    #[measured]
    #[inline]
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// Must be inlined.
// tags: fn
// ends: ok
pub mod inlined_always {
    use crate::support::work;

    #[measured]
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// Is rarely called.
// tags: fn
// ends: ok
pub mod cold {
    use crate::support::work;

    #[measured]
    #[cold]
    #[inline(never)]
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// Is deprecated.
// tags: fn
// ends: ok
pub mod deprecated {
    use crate::support::work;

    #[measured]
    #[deprecated = "on purpose"]
    fn subject() {
        work();
    }

    pub fn call() {
        #[allow(deprecated)]
        subject();
    }
}

/// Knows its caller.
// tags: fn track_caller
// ends: ok
pub mod track_caller {
    use crate::support::work;

    #[measured]
    #[track_caller]
    fn subject() -> u32 {
        work();
        std::panic::Location::caller().line()
    }

    pub fn call() {
        assert_eq!(subject(), line!());
    }
}

/// Allows lints for itself.
// tags: fn
// ends: ok
pub mod allowed_lints {
    use crate::support::work;

    #[measured]
    #[allow(unused_variables, clippy::let_and_return)]
    fn subject(x: u8) -> u8 {
        work();
        let y = 1;
        y
    }

    pub fn call() {
        assert_eq!(subject(3), 1);
    }
}

/// Expects lints of itself.
// tags: fn
// ends: ok
pub mod expected_lints {
    use crate::support::work;

    #[measured]
    #[expect(clippy::let_and_return)]
    fn subject() -> u8 {
        work();
        let y = 1;
        y
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// Has a doc comment of several paragraphs.
// tags: fn
// ends: ok
pub mod documented {
    use crate::support::work;

    #[measured]
    /// Does nothing of "note".
    ///
    /// A second paragraph with a `{brace}` and a \ backslash.
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}
