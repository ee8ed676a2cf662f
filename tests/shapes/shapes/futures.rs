//! Functions that return a future.

/// An `impl Future`.
// tags: future
// ends: ok
pub mod opaque {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    #[allow(clippy::manual_async_fn)]
    fn subject() -> impl Future<Output = ()> {
        async { wait().await }
    }

    pub fn call() {
        run(subject());
    }
}

/// With a value, that moves its argument.
// tags: future
// ends: ok
pub mod opaque_value {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    #[allow(clippy::manual_async_fn)]
    fn subject(text: String) -> impl Future<Output = usize> + Send {
        async move {
            wait().await;
            text.len()
        }
    }

    pub fn call() {
        assert_eq!(run(subject(String::from("ab"))), 2);
    }
}

/// That borrows.
// tags: future
// ends: ok
pub mod opaque_borrowed {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    #[allow(clippy::manual_async_fn, clippy::needless_lifetimes)]
    fn subject<'a>(text: &'a str) -> impl Future<Output = &'a str> + Send + 'a {
        async move {
            wait().await;
            text
        }
    }

    pub fn call() {
        assert_eq!(run(subject("ab")), "ab");
    }
}

/// By its full path.
// tags: future
// ends: ok
pub mod opaque_path {
    use crate::support::{run, wait};

    #[measured]
    fn subject(x: u8) -> impl ::core::future::Future<Output = u8> + Send + Sync {
        let y = x + 1;
        async move {
            wait().await;
            y
        }
    }

    pub fn call() {
        assert_eq!(run(subject(1)), 2);
    }
}

/// That no block made.
// tags: future
// ends: ok
pub mod opaque_not_async {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    fn subject() -> impl Future<Output = ()> {
        wait()
    }

    pub fn call() {
        run(subject());
    }
}

/// Made of a function.
// tags: future
// ends: ok
pub mod opaque_poll_fn {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    fn subject() -> impl Future<Output = u8> {
        let mut inner = Box::pin(wait());
        std::future::poll_fn(move |context| inner.as_mut().poll(context).map(|()| 1))
    }

    pub fn call() {
        assert_eq!(run(subject()), 1);
    }
}

/// With a result.
// tags: future result
// ends: error
pub mod opaque_result {
    use crate::support::{Refused, run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    #[allow(clippy::manual_async_fn)]
    fn subject(x: u8) -> impl Future<Output = Result<u8, Refused>> {
        async move {
            wait().await;
            if x > 0 {
                return Err(Refused);
            }
            Ok(x)
        }
    }

    pub fn call() {
        assert!(run(subject(1)).is_err());
    }
}

/// That unwinds.
// tags: future
// ends: panic
pub mod opaque_panics {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    #[allow(clippy::manual_async_fn)]
    fn subject(x: u8) -> impl Future<Output = ()> {
        async move {
            wait().await;
            assert_eq!(x, 0, "on purpose");
        }
    }

    pub fn call() {
        assert!(std::panic::catch_unwind(|| run(subject(1))).is_err());
    }
}

/// In a generic function.
// tags: future
// ends: ok
pub mod opaque_generic {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    #[allow(clippy::manual_async_fn)]
    fn subject<T: ToString + Send>(x: T) -> impl Future<Output = String> + Send {
        async move {
            wait().await;
            x.to_string()
        }
    }

    pub fn call() {
        assert_eq!(run(subject(1)), "1");
    }
}

/// A boxed future.
// tags: future
// ends: ok
pub mod boxed {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    fn subject(x: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
        Box::pin(async move {
            wait().await;
            x
        })
    }

    pub fn call() {
        assert_eq!(run(subject(1)), 1);
    }
}

/// A boxed future that borrows.
// tags: future
// ends: ok
pub mod boxed_borrowed {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    fn subject(text: &str) -> Pin<Box<dyn Future<Output = usize> + Send + '_>> {
        Box::pin(async move {
            wait().await;
            text.len()
        })
    }

    pub fn call() {
        assert_eq!(run(subject("ab")), 2);
    }
}

/// A boxed future that stays on its thread.
// tags: future
// ends: ok
pub mod boxed_local {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    fn subject(x: std::rc::Rc<u8>) -> Pin<Box<dyn Future<Output = u8>>> {
        Box::pin(async move {
            wait().await;
            *x
        })
    }

    pub fn call() {
        assert_eq!(run(subject(std::rc::Rc::new(1))), 1);
    }
}

/// A box with an `impl Future`.
// tags: future
// ends: ok
pub mod boxed_opaque {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    fn subject(x: u8) -> Pin<Box<impl Future<Output = u8>>> {
        Box::pin(async move {
            wait().await;
            x
        })
    }

    pub fn call() {
        assert_eq!(run(subject(1)), 1);
    }
}

/// Returned at two points.
// tags: future
// ends: ok
pub mod two_returns {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    fn subject(x: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
        if x > 0 {
            return Box::pin(async move {
                wait().await;
                x
            });
        }
        Box::pin(std::future::ready(0))
    }

    pub fn call() {
        assert_eq!(run(subject(1)), 1);
    }
}

/// Has a name before it is returned.
// tags: future
// ends: ok
pub mod named_first {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    #[measured]
    #[allow(clippy::let_and_return)]
    fn subject(x: u8) -> impl Future<Output = u8> {
        let future = async move {
            wait().await;
            x
        };
        future
    }

    pub fn call() {
        assert_eq!(run(subject(1)), 1);
    }
}

/// A `BoxFuture`.
// tags: future
// ends: ok
pub mod alias_of_futures {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use futures_core::future::BoxFuture;

    #[measured]
    fn subject(text: &str) -> BoxFuture<'_, usize> {
        Box::pin(async move {
            wait().await;
            text.len()
        })
    }

    pub fn call() {
        assert_eq!(run(subject("ab")), 2);
    }
}

/// A `LocalBoxFuture`.
// tags: future
// ends: ok
pub mod local_alias_of_futures {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use futures_core::future::LocalBoxFuture;

    #[measured]
    fn subject<'a>(text: &'a str) -> LocalBoxFuture<'a, &'a str> {
        Box::pin(async move {
            wait().await;
            text
        })
    }

    pub fn call() {
        assert_eq!(run(subject("ab")), "ab");
    }
}

/// Borrowed from the receiver.
// tags: future
// ends: ok
pub mod of_receiver {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    struct Subject(u8);

    impl Subject {
        #[measured]
        #[allow(clippy::manual_async_fn)]
        fn get(&self) -> impl Future<Output = u8> + '_ {
            async {
                wait().await;
                self.0
            }
        }
    }

    pub fn call() {
        assert_eq!(run(Subject(1).get()), 1);
    }
}

/// Boxed and borrowed from the receiver.
// tags: future
// ends: ok
pub mod boxed_of_receiver {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, pin::Pin};

    struct Subject(u8);

    impl Subject {
        #[measured]
        fn set<'a>(&'a mut self, x: &'a u8) -> Pin<Box<dyn Future<Output = u8> + Send + 'a>> {
            Box::pin(async move {
                wait().await;
                self.0 += x;
                self.0
            })
        }
    }

    pub fn call() {
        assert_eq!(run(Subject(1).set(&2)), 3);
    }
}
