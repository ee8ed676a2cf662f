//! Parameters of every kind.

/// Generic over a type.
// tags: fn
// ends: ok
pub mod type_parameter {
    use crate::support::work;

    #[measured]
    fn subject<T: ToString>(x: &T) -> String {
        work();
        x.to_string()
    }

    pub fn call() {
        assert_eq!(subject(&1), "1");
    }
}

/// Bounds in a `where` clause.
// tags: fn
// ends: ok
pub mod where_clause {
    use crate::support::work;

    #[measured]
    fn subject<T>(x: T) -> T::Output
    where
        T: std::ops::Add<T> + Copy,
    {
        work();
        x + x
    }

    pub fn call() {
        assert_eq!(subject(1), 2);
    }
}

/// Generic over a number.
// tags: fn
// ends: ok
pub mod const_parameter {
    use crate::support::work;

    #[measured]
    fn subject<const N: usize>(x: [u8; N]) -> usize {
        work();
        x.len() + N
    }

    pub fn call() {
        assert_eq!(subject([1, 2]), 4);
    }
}

/// Several lifetimes.
// tags: fn
// ends: ok
pub mod lifetimes {
    use crate::support::work;

    #[measured]
    fn subject<'a, 'b: 'a>(first: &'a str, second: &'b &'b str) -> &'a str {
        work();
        if first.is_empty() { second } else { first }
    }

    pub fn call() {
        assert_eq!(subject("", &"b"), "b");
    }
}

/// A bound for all lifetimes.
// tags: fn
// ends: ok
pub mod higher_ranked {
    use crate::support::work;

    #[measured]
    fn subject<F>(read: F) -> usize
    where
        F: for<'a> Fn(&'a str) -> &'a str,
    {
        work();
        read("ab").len()
    }

    pub fn call() {
        assert_eq!(subject(|text| &text[1..]), 1);
    }
}

/// An `impl Trait` argument.
// tags: fn
// ends: ok
pub mod argument_position_impl {
    use crate::support::work;

    #[measured]
    fn subject(items: impl IntoIterator<Item = u8>) -> u8 {
        work();
        items.into_iter().sum()
    }

    pub fn call() {
        assert_eq!(subject([1, 2]), 3);
    }
}

/// A type without a size.
// tags: fn
// ends: ok
pub mod unsized_parameter {
    use crate::support::work;

    #[measured]
    fn subject<T: AsRef<str> + ?Sized>(text: &T) -> usize {
        work();
        text.as_ref().len()
    }

    pub fn call() {
        assert_eq!(subject("ab"), 2);
    }
}

/// A static that all instances share.
// tags: fn
// ends: ok
pub mod static_in_generic {
    use crate::support::work;

    use std::sync::atomic::{AtomicU64, Ordering};

    #[measured]
    fn subject<T: Into<u64>>(x: T) -> u64 {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        work();
        CALLS.fetch_add(x.into(), Ordering::Relaxed)
    }

    pub fn call() {
        assert_eq!(subject(1_u8), 0);
    }
}

/// Takes a function.
// tags: fn
// ends: ok
pub mod function_pointer {
    use crate::support::work;

    #[measured]
    fn subject(run: fn(u8) -> u8) -> u8 {
        work();
        run(1)
    }

    pub fn call() {
        assert_eq!(subject(|x| x + 1), 2);
    }
}

/// Takes a trait object.
// tags: fn
// ends: ok
pub mod dynamic {
    use crate::support::work;

    #[measured]
    fn subject(read: &mut dyn FnMut() -> u8) -> u8 {
        work();
        read() + read()
    }

    pub fn call() {
        let mut x = 0;
        assert_eq!(
            subject(&mut || {
                x += 1;
                x
            }),
            3
        );
    }
}

/// Its parameters have the names of traits.
// tags: fn
// ends: ok
pub mod hostile_parameter_names {
    use crate::support::work;

    #[measured]
    fn subject<Future: Copy, Send: Copy, R: Copy>(
        future: Future,
        send: Send,
        r: R,
    ) -> (Future, Send, R) {
        work();
        (future, send, r)
    }

    pub fn call() {
        assert_eq!(subject(1, 2, 3), (1, 2, 3));
    }
}

/// Consumes a closure that it is given.
// tags: fn
// ends: ok
pub mod closure_consumed {
    use crate::support::work;

    #[measured]
    fn subject<F: FnOnce() -> String>(make: F) -> String {
        work();
        make()
    }

    pub fn call() {
        let text = String::from("a");
        assert_eq!(subject(move || text), "a");
    }
}
