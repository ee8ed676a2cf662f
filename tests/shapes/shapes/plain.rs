//! Functions without anything special, and every way to return from them.

/// Returns nothing.
// tags: fn
// ends: ok
pub mod unit {
    use crate::support::work;

    #[measured]
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// A body on one line.
// tags: fn
// ends: ok
pub mod one_line {
    use crate::support::work;

    #[rustfmt::skip]
    #[measured]
    fn subject() { work(); }

    pub fn call() {
        subject();
    }
}

/// Returns a value.
// tags: fn
// ends: ok
pub mod value {
    use crate::support::work;

    #[measured]
    fn subject(x: u32) -> u32 {
        work();
        x + 1
    }

    pub fn call() {
        assert_eq!(subject(1), 2);
    }
}

/// Says that it returns nothing.
// tags: fn
// ends: ok
pub mod explicit_unit {
    use crate::support::work;

    #[measured]
    #[allow(clippy::unused_unit)]
    fn subject() -> () {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// Returns in the middle.
// tags: fn
// ends: ok
pub mod early_return {
    use crate::support::work;

    #[measured]
    fn subject(x: u32) -> u32 {
        work();
        if x > 1 {
            return x;
        }
        0
    }

    pub fn call() {
        assert_eq!(subject(2), 2);
    }
}

/// Leaves by a question mark.
// tags: fn result
// ends: error
pub mod question_mark {
    use crate::support::{Refused, work};

    #[measured]
    fn subject(text: &str) -> Result<u8, Refused> {
        work();
        let number = text.parse::<u8>().map_err(|_| Refused)?;
        Ok(number)
    }

    pub fn call() {
        assert_eq!(subject("x"), Err(Refused));
    }
}

/// Returns an error as its value.
// tags: fn result
// ends: error
pub mod error_value {
    use crate::support::{Refused, work};

    #[measured]
    fn subject(fails: bool) -> Result<(), Refused> {
        work();
        if fails { Err(Refused) } else { Ok(()) }
    }

    pub fn call() {
        assert!(subject(true).is_err());
    }
}

/// Returns a result that is none of an error.
// tags: fn result
// ends: ok
pub mod result_ok {
    use crate::support::{Refused, work};

    #[measured]
    fn subject() -> Result<String, Refused> {
        work();
        Ok(String::from("a"))
    }

    pub fn call() {
        assert!(subject().is_ok());
    }
}

/// An alias of `Result`.
// tags: fn result
// ends: error
pub mod result_alias {
    use crate::support::{Refused, work};

    type Fallible<T> = Result<T, Refused>;

    #[measured]
    fn subject() -> Fallible<u8> {
        work();
        Err(Refused)
    }

    pub fn call() {
        assert!(subject().is_err());
    }
}

/// A question mark on an option.
// tags: fn
// ends: ok
pub mod option_question_mark {
    use crate::support::work;

    #[measured]
    fn subject(x: Option<u8>) -> Option<u8> {
        work();
        let x = x?;
        Some(x + 1)
    }

    pub fn call() {
        assert_eq!(subject(None), None);
    }
}

/// Unwinds.
// tags: fn
// ends: panic
pub mod panics {
    use crate::support::work;

    #[measured]
    fn subject(x: u8) -> u8 {
        work();
        assert_eq!(x, 0, "on purpose");
        x
    }

    pub fn call() {
        assert!(std::panic::catch_unwind(|| subject(1)).is_err());
    }
}

/// Ends in a macro that never returns, where the type of what it returns is not written.
// tags: fn
// ends: panic
pub mod diverges {
    use crate::support::work;

    #[measured]
    fn subject() {
        work();
        panic!("on purpose");
    }

    pub fn call() {
        assert!(std::panic::catch_unwind(subject).is_err());
    }
}

/// Never returns.
// tags: fn never
// ends: panic
pub mod never {
    use crate::support::work;

    #[measured]
    fn subject() -> ! {
        work();
        panic!("on purpose")
    }

    pub fn call() {
        assert!(std::panic::catch_unwind(|| subject()).is_err());
    }
}

/// Leaves a loop by its label.
// tags: fn
// ends: ok
pub mod labelled_break {
    use crate::support::work;

    #[measured]
    fn subject(limit: u32) -> u32 {
        work();
        let found: u32 = 'outer: loop {
            for x in 0..limit {
                if x * x > 10 {
                    break 'outer x;
                }
            }
        };
        found + 1
    }

    pub fn call() {
        assert_eq!(subject(9), 5);
    }
}

/// Returns from a `let .. else`.
// tags: fn
// ends: ok
pub mod let_else {
    use crate::support::work;

    #[measured]
    fn subject(x: Option<u8>) -> u8 {
        work();
        let Some(x) = x else {
            return 9;
        };
        x
    }

    pub fn call() {
        assert_eq!(subject(None), 9);
    }
}

/// Calls itself through a function that is not measured.
// tags: fn calls-3
// ends: ok
pub mod recursive {
    use crate::support::work;

    #[measured]
    fn subject(depth: u32) -> u32 {
        if depth == 0 {
            work();
            return 0;
        }
        subject(depth - 1) + 1
    }

    pub fn call() {
        assert_eq!(subject(2), 2);
    }
}

/// Its locals and arguments have destructors.
// tags: fn
// ends: ok
pub mod destructors {
    use crate::support::work;

    struct Noisy(usize);

    impl Drop for Noisy {
        fn drop(&mut self) {
            assert_ne!(self.0, 0);
        }
    }

    #[measured]
    fn subject(argument: Noisy) -> usize {
        let local = Noisy(2);
        work();
        argument.0 + local.0
    }

    pub fn call() {
        assert_eq!(subject(Noisy(1)), 3);
    }
}

/// Must be used.
// tags: fn
// ends: ok
pub mod unused_result {
    use crate::support::work;

    #[measured]
    #[must_use]
    fn subject() -> u8 {
        work();
        1
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// Computes in the compiler.
// tags: fn
// ends: ok
pub mod const_block {
    use crate::support::work;

    #[measured]
    fn subject() -> usize {
        const SIZE: usize = size_of::<u64>();
        work();
        const { SIZE * 2 }
    }

    pub fn call() {
        assert_eq!(subject(), 16);
    }
}

/// Makes closures that move.
// tags: fn
// ends: ok
pub mod closures {
    use crate::support::work;

    #[measured]
    fn subject(text: String) -> usize {
        work();
        let consume = move || text.len();
        consume()
    }

    pub fn call() {
        assert_eq!(subject(String::from("abc")), 3);
    }
}

/// Has items of its own.
// tags: fn
// ends: ok
pub mod items_in_body {
    use crate::support::work;

    #[measured]
    fn subject() -> u8 {
        use std::cmp::max as larger;
        struct Inner(u8);
        static SITE: u8 = 1;
        work();
        larger(Inner(2).0, SITE)
    }

    pub fn call() {
        assert_eq!(subject(), 2);
    }
}
