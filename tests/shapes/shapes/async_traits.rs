//! Methods of traits that are `async`, in every way to write one.

/// An async method of an implementation.
// tags: async
// ends: ok
pub mod async_method {
    use crate::support::{run, wait};

    trait Subject {
        async fn get(&self, by: &u8) -> u8;
    }

    impl Subject for u8 {
        #[measured]
        async fn get(&self, by: &u8) -> u8 {
            wait().await;
            self + by
        }
    }

    pub fn call() {
        assert_eq!(run(1_u8.get(&2)), 3);
    }
}

/// An async default method.
// tags: async result
// ends: error
pub mod async_default_method {
    use crate::support::{Refused, run, wait};

    trait Subject {
        #[measured]
        async fn get(&self) -> Result<u8, Refused> {
            wait().await;
            Err(Refused)
        }
    }

    impl Subject for u8 {}

    pub fn call() {
        assert_eq!(run(1_u8.get()), Err(Refused));
    }
}

/// A method that returns a future, implemented by one.
// tags: future
// ends: ok
pub mod future_method {
    use crate::support::{run, wait};
    #[allow(unused_imports)]
    use std::future::Future;

    trait Subject {
        fn get(&self) -> impl Future<Output = u8> + Send;
    }

    impl Subject for u8 {
        #[allow(clippy::manual_async_fn)]
        #[measured]
        fn get(&self) -> impl Future<Output = u8> + Send {
            async move {
                wait().await;
                *self
            }
        }
    }

    pub fn call() {
        assert_eq!(run(1_u8.get()), 1);
    }
}

/// A method that returns a future, implemented by an async one.
// tags: async
// ends: ok
pub mod future_method_by_async {
    use crate::support::{run, wait};
    #[allow(unused_imports)]
    use std::future::Future;

    trait Subject {
        fn get(&self) -> impl Future<Output = u8> + Send;
    }

    impl Subject for u8 {
        #[measured]
        async fn get(&self) -> u8 {
            wait().await;
            *self
        }
    }

    pub fn call() {
        assert_eq!(run(1_u8.get()), 1);
    }
}

/// An async method of a generic trait.
// tags: async
// ends: ok
pub mod generic_async_method {
    use crate::support::{run, wait};

    trait Subject<T> {
        async fn add<'a>(&'a mut self, items: &'a [T]) -> &'a T;
    }

    impl<T: Clone> Subject<T> for Vec<T> {
        #[measured]
        async fn add<'a>(&'a mut self, items: &'a [T]) -> &'a T {
            wait().await;
            self.extend_from_slice(items);
            &self[0]
        }
    }

    pub fn call() {
        assert_eq!(*run(Vec::new().add(&[1])), 1);
    }
}

/// Below `async_trait`.
// tags: future
// ends: ok
pub mod boxed_by_attribute {
    use crate::support::{run, wait};
    use async_trait::async_trait;

    #[async_trait]
    trait Subject {
        async fn get(&self, by: &u8) -> u8;
    }

    #[async_trait]
    impl Subject for Inner {
        #[measured]
        async fn get(&self, by: &u8) -> u8 {
            wait().await;
            self.0 + by
        }
    }

    struct Inner(u8);

    pub fn call() {
        assert_eq!(run(Inner(1).get(&2)), 3);
    }
}

/// Below `async_trait`, by mutable reference.
// tags: future
// ends: ok
pub mod boxed_by_attribute_exclusive {
    use crate::support::{run, wait};
    use async_trait::async_trait;

    #[async_trait]
    trait Subject {
        async fn set(&mut self, x: String) -> usize;
    }

    #[async_trait]
    impl Subject for Inner {
        #[measured]
        async fn set(&mut self, x: String) -> usize {
            wait().await;
            self.0 += 1;
            x.len() + usize::from(self.0)
        }
    }

    struct Inner(u8);

    pub fn call() {
        assert_eq!(run(Inner(1).set(String::from("a"))), 3);
    }
}

/// Below `async_trait`, with a result.
// tags: future result
// ends: error
pub mod boxed_by_attribute_result {
    use crate::support::{Refused, run, wait};
    use async_trait::async_trait;

    #[async_trait]
    trait Subject {
        async fn get(&self, text: &str) -> Result<u8, Refused>;
    }

    #[async_trait]
    impl Subject for Inner {
        #[measured]
        async fn get(&self, text: &str) -> Result<u8, Refused> {
            wait().await;
            let x = text.parse::<u8>().map_err(|_| Refused)?;
            Ok(x + self.0)
        }
    }

    struct Inner(u8);

    pub fn call() {
        assert_eq!(run(Inner(1).get("x")), Err(Refused));
    }
}

/// Below `async_trait`, a default method.
// tags: future
// ends: ok
pub mod boxed_by_attribute_default {
    use crate::support::{run, wait};
    use async_trait::async_trait;

    #[async_trait]
    trait Subject {
        #[measured]
        async fn get(&self) -> u8
        where
            Self: Sync,
        {
            wait().await;
            1
        }

        fn other(&self) -> u8;
    }

    #[async_trait]
    impl Subject for Inner {
        fn other(&self) -> u8 {
            self.0
        }
    }

    struct Inner(u8);

    pub fn call() {
        assert_eq!(run(Inner(1).get()) + Inner(1).other(), 2);
    }
}

/// Below `async_trait`, without a value or an argument.
// tags: future
// ends: ok
pub mod boxed_by_attribute_unit {
    use crate::support::{run, wait};
    use async_trait::async_trait;

    #[async_trait]
    trait Subject {
        async fn get(&self);
    }

    #[async_trait]
    impl Subject for Inner {
        #[measured]
        async fn get(&self) {
            wait().await;
            assert_eq!(self.0, 1);
        }
    }

    struct Inner(u8);

    pub fn call() {
        run(Inner(1).get());
    }
}

/// Below `async_trait`, generic.
// tags: future
// ends: ok
pub mod boxed_by_attribute_generic {
    use crate::support::{run, wait};
    use async_trait::async_trait;

    #[async_trait]
    trait Subject {
        async fn get<T: Into<u8> + Send + 'static>(&self, x: T) -> u8;
    }

    #[async_trait]
    impl Subject for Inner {
        #[measured]
        async fn get<T: Into<u8> + Send + 'static>(&self, x: T) -> u8 {
            wait().await;
            self.0 + x.into()
        }
    }

    struct Inner(u8);

    pub fn call() {
        assert_eq!(run(Inner(1).get(2_u8)), 3);
    }
}

/// Below `async_trait`, for futures that stay on their thread.
// tags: future
// ends: ok
pub mod boxed_by_attribute_local {
    use crate::support::{run, wait};
    use async_trait::async_trait;

    #[async_trait(?Send)]
    trait Subject {
        async fn get(self: std::rc::Rc<Self>) -> u8;
    }

    #[async_trait(?Send)]
    impl Subject for u8 {
        #[measured]
        async fn get(self: std::rc::Rc<Self>) -> u8 {
            wait().await;
            *self
        }
    }

    pub fn call() {
        assert_eq!(run(std::rc::Rc::new(1_u8).get()), 1);
    }
}
