//! Functions that are `async`, by what they take.

/// Ends in a macro that never returns, where the type of what it returns is not written.
// tags: async
// ends: panic
pub mod async_diverges {
    use crate::support::{run, wait};

    #[measured]
    async fn subject() {
        wait().await;
        panic!("on purpose");
    }

    pub fn call() {
        assert!(std::panic::catch_unwind(|| run(subject())).is_err());
    }
}

/// Returns nothing.
// tags: async
// ends: ok
pub mod unit {
    use crate::support::{run, wait};

    #[measured]
    async fn subject() {
        wait().await;
    }

    pub fn call() {
        run(subject());
    }
}

/// Returns a value.
// tags: async
// ends: ok
pub mod value {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(x: u8) -> u8 {
        wait().await;
        x + 1
    }

    pub fn call() {
        assert_eq!(run(subject(1)), 2);
    }
}

/// Its argument is a reference.
// tags: async
// ends: ok
pub mod reference {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(text: &str) -> usize {
        wait().await;
        text.len()
    }

    pub fn call() {
        assert_eq!(run(subject("four")), 4);
    }
}

/// Several references, and one that is returned.
// tags: async
// ends: ok
pub mod references {
    use crate::support::{run, wait};

    #[measured]
    async fn subject<'a>(first: &'a str, second: &str) -> &'a str {
        wait().await;
        if second.is_empty() { first } else { &first[1..] }
    }

    pub fn call() {
        assert_eq!(run(subject("ab", "c")), "b");
    }
}

/// Changes its argument.
// tags: async
// ends: ok
pub mod mutable_reference {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(items: &mut Vec<u8>) -> &mut u8 {
        wait().await;
        items.push(1);
        &mut items[0]
    }

    pub fn call() {
        let mut items = Vec::new();
        assert_eq!(*run(subject(&mut items)), 1);
    }
}

/// Generic over types and numbers.
// tags: async
// ends: ok
pub mod generic {
    use crate::support::{run, wait};

    #[measured]
    async fn subject<'a, T, const N: usize>(items: &'a [T; N]) -> &'a T
    where
        T: Sync + 'a,
    {
        wait().await;
        &items[N - 1]
    }

    pub fn call() {
        assert_eq!(*run(subject(&[1, 2])), 2);
    }
}

/// An `impl Trait` argument.
// tags: async
// ends: ok
pub mod argument_position_impl {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(items: impl IntoIterator<Item = u8>) -> u8 {
        wait().await;
        items.into_iter().sum()
    }

    pub fn call() {
        assert_eq!(run(subject([1, 2])), 3);
    }
}

/// Arguments in parts.
// tags: async
// ends: ok
pub mod patterns {
    use crate::support::{run, wait};

    #[measured]
    async fn subject((a, mut b): (u8, u8), [c, _]: [u8; 2], _: String) -> u8 {
        wait().await;
        b += a;
        b + c
    }

    pub fn call() {
        assert_eq!(run(subject((1, 2), [3, 4], String::new())), 6);
    }
}

/// An argument that changes.
// tags: async
// ends: ok
pub mod mutable_argument {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(mut items: Vec<u8>) -> usize {
        items.push(1);
        wait().await;
        items.len()
    }

    pub fn call() {
        assert_eq!(run(subject(Vec::new())), 1);
    }
}

/// An argument that is gone before the end.
// tags: async
// ends: ok
pub mod moved_argument {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(text: String) -> usize {
        let length = text.len();
        drop(text);
        wait().await;
        length
    }

    pub fn call() {
        assert_eq!(run(subject(String::from("a"))), 1);
    }
}

/// Arguments that it does not use.
// tags: async
// ends: ok
pub mod unused_argument {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(_text: String, _: u8) {
        wait().await;
    }

    pub fn call() {
        run(subject(String::new(), 1));
    }
}

/// Arguments that only some builds have.
// tags: async
// ends: ok
pub mod conditional_argument {
    use crate::support::{run, wait};

    #[measured]
    async fn subject(#[cfg(not(windows))] x: u8, #[cfg(windows)] absent: Absent) -> u8 {
        wait().await;
        x
    }

    pub fn call() {
        assert_eq!(run(subject(1)), 1);
    }
}
