//! Methods that are `async`.

/// A method by reference.
// tags: async
// ends: ok
pub mod by_shared_receiver {
    use crate::support::{run, wait};

    struct Subject(u8);

    impl Subject {
        #[measured]
        async fn get(&self, by: &u8) -> u8 {
            wait().await;
            self.0 + by
        }
    }

    pub fn call() {
        assert_eq!(run(Subject(1).get(&1)), 2);
    }
}

/// A method that gives out a part of itself.
// tags: async
// ends: ok
pub mod by_exclusive_receiver {
    use crate::support::{run, wait};

    struct Subject(u8);

    impl Subject {
        #[measured]
        async fn part(&mut self) -> &mut u8 {
            wait().await;
            &mut self.0
        }
    }

    pub fn call() {
        let mut subject = Subject(1);
        *run(subject.part()) = 2;
        assert_eq!(subject.0, 2);
    }
}

/// A method that consumes.
// tags: async
// ends: ok
pub mod by_value_receiver {
    use crate::support::{run, wait};

    struct Subject(u8);

    impl Subject {
        #[measured]
        async fn grown(mut self) -> Self {
            wait().await;
            self.0 += 1;
            self
        }
    }

    pub fn call() {
        assert_eq!(run(Subject(1).grown()).0, 2);
    }
}

/// A method of an `Arc`.
// tags: async
// ends: ok
pub mod by_arc_receiver {
    use crate::support::{run, wait};

    use std::sync::Arc;

    struct Subject(u8);

    impl Subject {
        #[measured]
        async fn get(self: Arc<Self>) -> u8 {
            wait().await;
            self.0
        }
    }

    pub fn call() {
        assert_eq!(run(Arc::new(Subject(1)).get()), 1);
    }
}

/// A method by a pinned reference.
// tags: async
// ends: ok
pub mod by_pinned_receiver {
    use crate::support::{run, wait};

    use std::pin::Pin;

    struct Subject(u8);

    impl Subject {
        #[measured]
        async fn set(mut self: Pin<&mut Self>, x: u8) -> u8 {
            wait().await;
            self.0 = x;
            self.0
        }
    }

    pub fn call() {
        assert_eq!(run(Pin::new(&mut Subject(1)).set(2)), 2);
    }
}

/// A method that does not use itself.
// tags: async
// ends: ok
pub mod unused_receiver {
    use crate::support::{run, wait};

    struct Subject;

    impl Subject {
        #[measured]
        #[allow(clippy::unused_self)]
        async fn get(self) -> u8 {
            wait().await;
            1
        }
    }

    pub fn call() {
        assert_eq!(run(Subject.get()), 1);
    }
}
