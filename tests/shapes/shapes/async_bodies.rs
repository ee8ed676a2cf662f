//! Functions that are `async`, by what they do and return.

/// Returns in the middle.
// tags: async
// ends: ok
pub mod early_return {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(x: u8) -> u8 {
        wait().await;
        if x > 1 {
            return x;
        }
        0
    }

    pub fn call() {
        assert_eq!(run(subject(2)), 2);
    }
}

/// Leaves by a question mark.
// tags: async result
// ends: error
pub mod question_mark {
    use crate::support::{Refused, run, wait};

    #[measured]
    async fn subject(text: &str) -> Result<u8, Refused> {
        wait().await;
        let x = text.parse::<u8>().map_err(|_| Refused)?;
        Ok(x)
    }

    pub fn call() {
        assert_eq!(run(subject("x")), Err(Refused));
    }
}

/// Unwinds after its first wait.
// tags: async
// ends: panic
pub mod panics {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(x: u8) {
        wait().await;
        assert_eq!(x, 0, "on purpose");
    }

    pub fn call() {
        assert!(std::panic::catch_unwind(|| run(subject(1))).is_err());
    }
}

/// Never returns.
// tags: async never
// ends: panic
pub mod never {
    use crate::support::{run, wait};

    #[measured]
    async fn subject() -> ! {
        wait().await;
        panic!("on purpose")
    }

    pub fn call() {
        assert!(std::panic::catch_unwind(|| run(subject())).is_err());
    }
}

/// Different types in a box.
// tags: async
// ends: ok
pub mod boxed_trait {
    use crate::support::{run, wait};

    use std::fmt::Debug;

    #[measured]
    async fn subject(small: bool) -> Box<dyn Debug> {
        wait().await;
        if small {
            return Box::new(1_u8);
        }
        Box::new("large")
    }

    pub fn call() {
        assert_eq!(format!("{:?}", run(subject(true))), "1");
    }
}

/// An `impl Trait` in a result.
// tags: async result
// ends: ok
pub mod impl_in_result {
    use crate::support::{Refused, run, wait};

    #[measured]
    async fn subject() -> Result<impl Iterator<Item = u8>, Refused> {
        wait().await;
        Ok([1, 2].into_iter())
    }

    pub fn call() {
        assert!(run(subject()).is_ok_and(|items| items.count() == 2));
    }
}

/// Calls itself in a box.
// tags: async calls-3
// ends: ok
pub mod recursive {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(depth: u8) -> u8 {
        if depth == 0 {
            wait().await;
            return 0;
        }
        Box::pin(subject(depth - 1)).await + 1
    }

    pub fn call() {
        assert_eq!(run(subject(2)), 2);
    }
}

/// Its future may move to another thread.
// tags: async
// ends: ok
pub mod send {
    use crate::support::{run, wait};

    #[allow(unused_imports)]
    use std::{future::Future, sync::Arc};

    #[measured]
    async fn subject(text: String, shared: Arc<u8>) -> usize {
        wait().await;
        text.len() + usize::from(*shared)
    }

    pub fn call() {
        fn movable<F: Future + Send + 'static>(future: F) -> F {
            future
        }
        assert_eq!(run(movable(subject(String::from("a"), Arc::new(1)))), 2);
    }
}

/// Its future may not.
// tags: async
// ends: ok
pub mod not_send {
    use crate::support::{run, wait};

    use std::rc::Rc;

    #[measured]
    async fn subject(shared: Rc<u8>) -> u8 {
        wait().await;
        *shared
    }

    pub fn call() {
        assert_eq!(run(subject(Rc::new(1))), 1);
    }
}

/// Waits inside blocks and loops.
// tags: async
// ends: ok
pub mod blocks {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(limit: u8) -> u8 {
        let mut sum = 0;
        for x in 0..limit {
            if x == 1 {
                wait().await;
            }
            sum += async { x }.await;
        }
        sum
    }

    pub fn call() {
        assert_eq!(run(subject(3)), 3);
    }
}

/// Its locals have destructors.
// tags: async
// ends: ok
pub mod destructors {
    use crate::support::{run, wait};

    struct Noisy(u8);

    impl Drop for Noisy {
        fn drop(&mut self) {
            assert_eq!(self.0, 1);
        }
    }

    #[measured]
    async fn subject(first: Noisy) -> u8 {
        let second = Noisy(1);
        wait().await;
        first.0 + second.0
    }

    pub fn call() {
        assert_eq!(run(subject(Noisy(1))), 2);
    }
}

/// Raw identifiers.
// tags: async
// ends: ok
pub mod raw_names {
    use crate::support::{run, wait};

    #[measured]
    async fn r#await(r#type: u8) -> u8 {
        wait().await;
        r#type
    }

    pub fn call() {
        assert_eq!(run(r#await(1)), 1);
    }
}

/// An argument that the body shadows.
// tags: async
// ends: ok
pub mod shadowed {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(x: u8) -> String {
        let x = x + 1;
        wait().await;
        let mut x = x.to_string();
        x.push('a');
        x
    }

    pub fn call() {
        assert_eq!(run(subject(1)), "2a");
    }
}

/// An inner attribute.
// tags: async
// ends: ok
pub mod inner_attribute {
    use crate::support::{run, wait};

    #[measured]
    async fn subject() -> u8 {
        #![allow(clippy::let_and_return)]
        wait().await;
        let x = 1;
        x
    }

    pub fn call() {
        assert_eq!(run(subject()), 1);
    }
}

/// A body on one line.
// tags: async
// ends: ok
pub mod one_line {
    use crate::support::{run, wait};

    #[rustfmt::skip]
    #[measured]
    async fn subject() { wait().await; }

    pub fn call() {
        run(subject());
    }
}

/// Callable from nowhere but here.
// tags: async
// ends: ok
pub mod foreign_abi {
    use crate::support::{run, wait};

    #[measured]
    pub(crate) async fn subject() -> Option<u8> {
        wait().await;
        None
    }

    pub fn call() {
        assert_eq!(run(subject()), None);
    }
}
