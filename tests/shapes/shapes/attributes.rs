//! Other attributes, macros, and places.

/// An inner attribute.
// tags: fn
// ends: ok
pub mod inner_attribute {
    use crate::support::work;

    #[measured]
    fn subject() -> u8 {
        #![allow(clippy::let_and_return)]
        work();
        let x = 1;
        x
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// An attribute under a condition.
// tags: fn
// ends: ok
pub mod conditional_attribute {
    use crate::support::work;

    #[measured]
    #[cfg_attr(not(windows), inline)]
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// A condition below ours.
// tags: fn
// ends: ok
pub mod condition_below {
    use crate::support::work;

    #[measured]
    #[cfg(not(windows))]
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// A condition above ours.
// tags: fn
// ends: ok
pub mod condition_above {
    use crate::support::work;

    #[cfg(not(windows))]
    #[measured]
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// Comments above and below ours.
// tags: fn
// ends: ok
pub mod documented_above {
    use crate::support::work;

    /// First.
    #[measured]
    /// Second.
    fn subject() {
        work();
    }

    pub fn call() {
        subject();
    }
}

/// A span of `tracing` around ours.
// tags: fn
// ends: ok
pub mod span_above {
    use crate::support::work;

    #[tracing::instrument(skip_all)]
    #[measured]
    fn subject(x: u8) -> u8 {
        work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// A span of `tracing` within ours.
// tags: fn
// ends: ok
pub mod span_below {
    use crate::support::work;

    #[measured]
    #[tracing::instrument(skip_all)]
    fn subject(x: u8) -> u8 {
        work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// A span that looks at the result.
// tags: fn result
// ends: ok
pub mod span_with_result {
    use crate::support::{Refused, work};

    #[measured]
    #[tracing::instrument(ret, err)]
    fn subject(x: u8) -> Result<u8, Refused> {
        work();
        if x > 1 { Err(Refused) } else { Ok(x) }
    }

    pub fn call() {
        assert!(subject(1).is_ok());
    }
}

/// A span of `tracing` around ours, async.
// tags: async
// ends: ok
pub mod async_span_above {
    use crate::support::{run, wait};

    #[tracing::instrument(skip_all)]
    #[measured]
    async fn subject(text: &str) -> usize {
        wait().await;
        text.len()
    }

    pub fn call() {
        assert_eq!(run(subject("a")), 1);
    }
}

/// A span of `tracing` within ours, async.
// tags: async
// ends: ok
pub mod async_span_below {
    use crate::support::{run, wait};

    #[measured]
    #[tracing::instrument(skip_all)]
    async fn subject(text: &str) -> usize {
        wait().await;
        text.len()
    }

    pub fn call() {
        assert_eq!(run(subject("a")), 1);
    }
}

/// A span that only some builds have.
// tags: async
// ends: ok
pub mod async_span_under_condition {
    use crate::support::{run, wait};

    #[measured]
    #[cfg_attr(not(windows), tracing::instrument(skip_all))]
    async fn subject(text: String) -> usize {
        wait().await;
        text.len()
    }

    pub fn call() {
        assert_eq!(run(subject(String::from("a"))), 1);
    }
}

/// `tokio::main` around ours.
// tags: fn
// ends: ok
pub mod runtime_above {
    use crate::support::wait;

    #[tokio::main(flavor = "current_thread")]
    #[measured]
    async fn subject() -> u8 {
        wait().await;
        1
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// `tokio::main` within ours.
// tags: fn
// ends: ok
pub mod runtime_below {
    use crate::support::wait;

    #[measured]
    #[tokio::main(flavor = "current_thread")]
    async fn subject() -> u8 {
        wait().await;
        1
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// `tokio::main` with a result.
// tags: fn result
// ends: error
pub mod runtime_below_result {
    use crate::support::{Refused, wait};

    #[measured]
    #[tokio::main(flavor = "current_thread")]
    async fn subject() -> Result<(), Refused> {
        wait().await;
        Err(Refused)
    }

    pub fn call() {
        assert!(subject().is_err());
    }
}

/// A function that a macro writes.
// tags: fn
// ends: ok
pub mod in_a_macro {
    use crate::support::work;

    macro_rules! write_subject {
        ($visibility:vis $name:ident($argument:ident: $type:ty) $body:block) => {
            #[measured]
            $visibility fn $name($argument: $type) -> $type $body
        };
    }

    write_subject!(pub(crate) subject(x: u8) {
        work();
        x
    });

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// An async function that a macro writes.
// tags: async
// ends: ok
pub mod in_a_macro_async {
    use crate::support::{run, wait};

    macro_rules! write_subject {
        ($name:ident, $type:ty, $value:expr) => {
            #[measured]
            async fn $name(x: $type) -> $type {
                wait().await;
                let y = $value;
                x + y
            }
        };
    }

    write_subject!(subject, u8, 1);

    pub fn call() {
        assert_eq!(run(subject(1)), 2);
    }
}

/// A function with the attributes that a macro was given.
// tags: fn
// ends: ok
pub mod around_a_macro {
    use crate::support::work;

    macro_rules! keep {
        ($(#[$attribute:meta])* fn $name:ident() -> $type:ty $body:block) => {
            $(#[$attribute])*
            fn $name() -> $type $body
        };
    }

    keep! {
        #[measured]
        fn subject() -> u8 {
            work();
            1
        }
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// Within another function.
// tags: fn
// ends: ok
pub mod in_a_function {
    use crate::support::work;

    pub fn call() {
        #[measured]
        fn subject() -> u8 {
            work();
            1
        }
        assert_eq!(subject(), 1);
    }
}

/// Within a constant.
// tags: fn
// ends: ok
pub mod in_a_constant {
    use crate::support::work;

    trait Subject {
        fn get(&self) -> u8;
    }

    const _: () = {
        impl Subject for u8 {
            #[measured]
            fn get(&self) -> u8 {
                work();
                *self
            }
        }
    };

    pub fn call() {
        assert_eq!(1_u8.get(), 1);
    }
}

/// Within an async function.
// tags: async
// ends: ok
pub mod in_an_async_function {
    use crate::support::{run, wait};

    async fn around() -> u8 {
        #[measured]
        async fn subject() -> u8 {
            wait().await;
            1
        }
        subject().await
    }

    pub fn call() {
        assert_eq!(run(around()), 1);
    }
}

/// Within a closure.
// tags: fn
// ends: ok
pub mod in_a_closure {
    use crate::support::work;

    pub fn call() {
        let around = || {
            #[measured]
            fn subject() -> u8 {
                work();
                1
            }
            subject()
        };
        assert_eq!(around(), 1);
    }
}
