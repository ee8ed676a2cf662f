//! Types that are returned.

/// A mutable reference into an argument.
// tags: fn
// ends: ok
pub mod mutable_borrow {
    use crate::support::work;

    #[measured]
    fn subject(items: &mut [u8]) -> &mut u8 {
        work();
        &mut items[0]
    }

    pub fn call() {
        *subject(&mut [1]) = 2;
    }
}

/// Different types in a box, from several points.
// tags: fn
// ends: ok
pub mod boxed_trait {
    use crate::support::work;

    use std::fmt::Debug;

    #[measured]
    fn subject(small: bool) -> Box<dyn Debug> {
        work();
        if small {
            return Box::new(1_u8);
        }
        Box::new("large")
    }

    pub fn call() {
        assert_eq!(format!("{:?}", subject(true)), "1");
    }
}

/// An array that becomes a slice.
// tags: fn
// ends: ok
pub mod coerced_slice {
    use crate::support::work;

    #[measured]
    fn subject() -> &'static [u8] {
        work();
        &[1, 2]
    }

    pub fn call() {
        assert_eq!(subject().len(), 2);
    }
}

/// An error that becomes a trait object.
// tags: fn error-dyn_error
// ends: error
pub mod coerced_error {
    use crate::support::work;

    use std::error::Error;

    #[measured]
    fn subject() -> Result<(), Box<dyn Error + Send + Sync>> {
        work();
        "x".parse::<u8>()?;
        Ok(())
    }

    pub fn call() {
        assert!(subject().is_err_and(|error| !error.to_string().is_empty()));
    }
}

/// An `impl Iterator`.
// tags: fn
// ends: ok
pub mod iterator {
    use crate::support::work;

    #[measured]
    fn subject(limit: u8) -> impl Iterator<Item = u8> {
        work();
        (0..limit).filter(|x| x % 2 == 0)
    }

    pub fn call() {
        assert_eq!(subject(4).count(), 2);
    }
}

/// An `impl Iterator` that borrows.
// tags: fn
// ends: ok
pub mod iterator_of_arguments {
    use crate::support::work;

    #[measured]
    fn subject<'a>(items: &'a [u8], by: &'a u8) -> impl Iterator<Item = u8> + 'a {
        work();
        items.iter().map(move |x| x + by)
    }

    pub fn call() {
        assert_eq!(subject(&[1], &1).sum::<u8>(), 2);
    }
}

/// An `impl Fn`.
// tags: fn
// ends: ok
pub mod closure {
    use crate::support::work;

    #[measured]
    fn subject(by: u8) -> impl Fn(u8) -> u8 {
        work();
        move |x| x + by
    }

    pub fn call() {
        assert_eq!(subject(1)(2), 3);
    }
}

/// A boxed closure.
// tags: fn
// ends: ok
pub mod boxed_closure {
    use crate::support::work;

    #[measured]
    fn subject(by: u8) -> Box<dyn Fn(u8) -> u8> {
        work();
        Box::new(move |x| x + by)
    }

    pub fn call() {
        assert_eq!(subject(1)(2), 3);
    }
}

/// An `impl Trait` deep in a result.
// tags: fn result
// ends: ok
pub mod impl_in_result {
    use crate::support::{Refused, work};

    #[measured]
    fn subject() -> Result<Option<impl Iterator<Item = u8>>, Refused> {
        work();
        Ok(Some([1, 2].into_iter()))
    }

    pub fn call() {
        assert!(subject().is_ok_and(|items| items.is_some_and(|items| items.count() == 2)));
    }
}

/// Two of them in a tuple.
// tags: fn
// ends: ok
pub mod impl_in_tuple {
    use crate::support::work;

    #[measured]
    fn subject() -> (impl Fn() -> u8, impl Iterator<Item = u8>) {
        work();
        (|| 1, [2].into_iter())
    }

    pub fn call() {
        let (make, items) = subject();
        assert_eq!(make() + items.sum::<u8>(), 3);
    }
}

/// A tuple.
// tags: fn
// ends: ok
pub mod tuple {
    use crate::support::work;

    #[measured]
    fn subject(x: u8) -> (u8, &'static str) {
        work();
        (x, "a")
    }

    pub fn call() {
        assert_eq!(subject(1), (1, "a"));
    }
}

/// An array.
// tags: fn
// ends: ok
pub mod array {
    use crate::support::work;

    #[measured]
    fn subject() -> [u8; 3] {
        work();
        [1; 3]
    }

    pub fn call() {
        assert_eq!(subject(), [1; 3]);
    }
}

/// A function.
// tags: fn
// ends: ok
pub mod function {
    use crate::support::work;

    #[measured]
    fn subject() -> fn(u8) -> u8 {
        work();
        |x| x + 1
    }

    pub fn call() {
        assert_eq!(subject()(1), 2);
    }
}

/// A type of the user's.
// tags: fn
// ends: ok
pub mod own_type {
    use crate::support::work;

    struct Answer<T>(T);

    #[measured]
    fn subject() -> Answer<u8> {
        work();
        Answer(1)
    }

    pub fn call() {
        assert_eq!(subject().0, 1);
    }
}

/// Whatever the caller gives.
// tags: fn
// ends: ok
pub mod type_parameter {
    use crate::support::work;

    #[measured]
    fn subject<T>(x: T) -> T {
        work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// A type that a trait names.
// tags: fn
// ends: ok
pub mod associated_type {
    use crate::support::work;

    #[measured]
    fn subject<I: IntoIterator<Item = u8>>(items: I) -> I::IntoIter {
        work();
        items.into_iter()
    }

    pub fn call() {
        assert_eq!(subject([1]).count(), 1);
    }
}

/// A value that borrows and has a destructor.
// tags: fn
// ends: ok
pub mod guard {
    use crate::support::work;

    use std::cell::{Ref, RefCell};

    #[measured]
    fn subject(cell: &RefCell<u8>) -> Ref<'_, u8> {
        work();
        cell.borrow()
    }

    pub fn call() {
        assert_eq!(*subject(&RefCell::new(1)), 1);
    }
}

/// A result of a result.
// tags: fn result
// ends: ok
pub mod nested_results {
    use crate::support::{Refused, work};

    #[measured]
    fn subject() -> Result<Result<u8, u8>, Refused> {
        work();
        Ok(Err(1))
    }

    pub fn call() {
        assert_eq!(subject(), Ok(Err(1)));
    }
}

/// What a closure breaks with.
// tags: fn
// ends: ok
pub mod control_flow {
    use crate::support::work;

    use std::ops::ControlFlow;

    #[measured]
    fn subject(x: u8) -> ControlFlow<u8> {
        work();
        if x > 1 {
            ControlFlow::Break(x)?;
        }
        ControlFlow::Continue(())
    }

    pub fn call() {
        assert!(subject(2).is_break());
    }
}
