//! Methods of traits.

/// A default method.
// tags: fn
// ends: ok
pub mod default_method {
    use crate::support::work;

    trait Subject {
        #[measured]
        fn get(&self) -> u8 {
            work();
            self.other()
        }

        fn other(&self) -> u8;
    }

    impl Subject for u8 {
        fn other(&self) -> u8 {
            *self
        }
    }

    pub fn call() {
        assert_eq!(1_u8.get(), 1);
    }
}

/// A method of an implementation.
// tags: fn
// ends: ok
pub mod implemented_method {
    use crate::support::work;

    trait Subject {
        fn get(&self) -> u8;
    }

    impl Subject for u8 {
        #[measured]
        fn get(&self) -> u8 {
            work();
            *self
        }
    }

    pub fn call() {
        assert_eq!(1_u8.get(), 1);
    }
}

/// A method of a trait of the standard library.
// tags: fn result
// ends: ok
pub mod standard_trait {
    use crate::support::work;
    use std::fmt;

    struct Subject;

    impl fmt::Display for Subject {
        #[measured]
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            work();
            f.write_str("a")
        }
    }

    pub fn call() {
        assert_eq!(Subject.to_string(), "a");
    }
}

/// A destructor.
// tags: fn
// ends: ok
pub mod destructor {
    use crate::support::work;

    struct Subject;

    impl Drop for Subject {
        #[measured]
        fn drop(&mut self) {
            work();
        }
    }

    pub fn call() {
        drop(Subject);
    }
}

/// An iterator.
// tags: fn
// ends: ok
pub mod iterator {
    use crate::support::work;

    struct Subject;

    impl Iterator for Subject {
        type Item = u8;

        #[measured]
        fn next(&mut self) -> Option<Self::Item> {
            work();
            Some(1)
        }
    }

    pub fn call() {
        assert_eq!(Subject.next(), Some(1));
    }
}

/// A method for every type.
// tags: fn
// ends: ok
pub mod blanket {
    use crate::support::work;

    trait Subject {
        fn shown(&self) -> String;
    }

    impl<T: ToString> Subject for T {
        #[measured]
        fn shown(&self) -> String {
            work();
            self.to_string()
        }
    }

    pub fn call() {
        assert_eq!(1_u8.shown(), "1");
    }
}

/// Types and constants of the trait.
// tags: fn
// ends: ok
pub mod associated_types {
    use crate::support::work;

    trait Subject {
        type Item: Default;
        const COUNT: usize;

        #[measured]
        fn make() -> Vec<Self::Item>
        where
            Self: Sized,
        {
            work();
            (0..Self::COUNT).map(|_| Self::Item::default()).collect()
        }
    }

    impl Subject for u8 {
        type Item = u16;
        const COUNT: usize = 2;
    }

    pub fn call() {
        assert_eq!(<u8 as Subject>::make(), [0_u16, 0]);
    }
}

/// Called through a trait object.
// tags: fn
// ends: ok
pub mod dynamic {
    use crate::support::work;

    trait Subject {
        fn get(&self) -> u8;
    }

    impl Subject for u8 {
        #[measured]
        fn get(&self) -> u8 {
            work();
            *self
        }
    }

    pub fn call() {
        let subject: &dyn Subject = &1_u8;
        assert_eq!(subject.get(), 1);
    }
}
