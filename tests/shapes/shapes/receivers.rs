//! Methods, by every receiver.

/// Without a receiver.
// tags: fn
// ends: ok
pub mod associated {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn new(x: u8) -> Self {
            work();
            Self(x)
        }
    }

    pub fn call() {
        assert_eq!(Subject::new(1).0, 1);
    }
}

/// By reference.
// tags: fn
// ends: ok
pub mod shared {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn get(&self) -> u8 {
            work();
            self.0
        }
    }

    pub fn call() {
        assert_eq!(Subject(1).get(), 1);
    }
}

/// By mutable reference.
// tags: fn
// ends: ok
pub mod exclusive {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn set(&mut self, x: u8) {
            work();
            self.0 = x;
        }
    }

    pub fn call() {
        let mut subject = Subject(1);
        subject.set(2);
        assert_eq!(subject.0, 2);
    }
}

/// Gives out a mutable reference to a part of itself.
// tags: fn
// ends: ok
pub mod exclusive_borrowed {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn part(&mut self) -> &mut u8 {
            work();
            &mut self.0
        }
    }

    pub fn call() {
        let mut subject = Subject(1);
        *subject.part() = 2;
        assert_eq!(subject.0, 2);
    }
}

/// Gives out a reference to a part of itself.
// tags: fn
// ends: ok
pub mod shared_borrowed {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn part(&self) -> &u8 {
            work();
            &self.0
        }
    }

    pub fn call() {
        assert_eq!(*Subject(1).part(), 1);
    }
}

/// By value.
// tags: fn
// ends: ok
pub mod by_value {
    use crate::support::work;

    struct Subject(String);

    impl Subject {
        #[measured]
        fn into_inner(self) -> String {
            work();
            self.0
        }
    }

    pub fn call() {
        assert_eq!(Subject(String::from("a")).into_inner(), "a");
    }
}

/// By value, to change it.
// tags: fn
// ends: ok
pub mod by_mutable_value {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn grown(mut self) -> Self {
            work();
            self.0 += 1;
            self
        }
    }

    pub fn call() {
        assert_eq!(Subject(1).grown().0, 2);
    }
}

/// In a box.
// tags: fn
// ends: ok
pub mod boxed {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn unboxed(self: Box<Self>) -> u8 {
            work();
            self.0
        }
    }

    pub fn call() {
        assert_eq!(Box::new(Subject(1)).unboxed(), 1);
    }
}

/// In an `Arc`.
// tags: fn
// ends: ok
pub mod arc {
    use crate::support::work;

    use std::sync::Arc;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn counted(self: Arc<Self>) -> usize {
            work();
            Arc::strong_count(&self) + usize::from(self.0)
        }
    }

    pub fn call() {
        assert_eq!(Arc::new(Subject(1)).counted(), 2);
    }
}

/// By reference to an `Rc`.
// tags: fn
// ends: ok
pub mod reference_to_rc {
    use crate::support::work;

    use std::rc::Rc;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn counted(self: &Rc<Self>) -> usize {
            work();
            Rc::strong_count(self) + usize::from(self.0)
        }
    }

    pub fn call() {
        assert_eq!(Rc::new(Subject(1)).counted(), 2);
    }
}

/// By a pinned mutable reference.
// tags: fn
// ends: ok
pub mod pinned {
    use crate::support::work;

    use std::pin::Pin;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn set(mut self: Pin<&mut Self>, x: u8) -> u8 {
            work();
            self.0 = x;
            self.0
        }
    }

    pub fn call() {
        assert_eq!(Pin::new(&mut Subject(1)).set(2), 2);
    }
}

/// Names the lifetime of itself.
// tags: fn
// ends: ok
pub mod explicit_lifetime {
    use crate::support::work;

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn either<'a>(&'a self, other: &'a u8) -> &'a u8 {
            work();
            if self.0 > *other { &self.0 } else { other }
        }
    }

    pub fn call() {
        assert_eq!(*Subject(1).either(&2), 2);
    }
}

/// Of a generic type.
// tags: fn
// ends: ok
pub mod in_a_generic_type {
    use crate::support::work;

    struct Subject<T>(T);

    impl<T> Subject<T> {
        #[measured]
        fn get(&self) -> &T {
            work();
            &self.0
        }
    }

    pub fn call() {
        assert_eq!(*Subject(1_u8).get(), 1);
    }
}

/// Returns `Self` or an error.
// tags: fn result
// ends: ok
pub mod fallible {
    use crate::support::{Refused, work};

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn try_new(x: u8) -> Result<Self, Refused> {
            work();
            if x > 1 { Err(Refused) } else { Ok(Self(x)) }
        }
    }

    pub fn call() {
        assert!(Subject::try_new(0).is_ok_and(|subject| subject.0 == 0));
    }
}

/// Takes and gives itself by mutable reference.
// tags: fn
// ends: ok
pub mod builder {
    use crate::support::work;

    struct Subject(Vec<u8>);

    impl Subject {
        #[measured]
        fn add(&mut self, x: u8) -> &mut Self {
            work();
            self.0.push(x);
            self
        }
    }

    pub fn call() {
        assert_eq!(Subject(Vec::new()).add(1).0, [1]);
    }
}
