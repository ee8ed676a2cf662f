//! Functions that return a stream.

/// An `impl Stream`.
// tags: stream
// ends: ok
pub mod opaque {
    use crate::support::{drain, wait};

    use futures_core::Stream;
    use futures_util::stream::unfold;

    #[measured]
    fn subject(limit: u8) -> impl Stream<Item = u8> {
        unfold(0_u8, move |x| async move {
            if x == 1 {
                wait().await;
            }
            (x < limit).then_some((x, x + 1))
        })
    }

    pub fn call() {
        assert_eq!(drain(subject(3)), [0, 1, 2]);
    }
}

/// An `impl Stream` that borrows.
// tags: stream
// ends: ok
pub mod opaque_borrowed {
    use crate::support::{drain, wait};

    use futures_core::Stream;
    use futures_util::stream::unfold;

    #[measured]
    fn subject<'a>(items: &'a [u8], by: &'a u8) -> impl Stream<Item = u8> + Send + 'a {
        unfold(items.iter(), move |mut items| async move {
            let x = *items.next()?;
            wait().await;
            Some((x + by, items))
        })
    }

    pub fn call() {
        assert_eq!(drain(subject(&[1], &1)), [2]);
    }
}

/// A boxed stream.
// tags: stream
// ends: ok
pub mod boxed {
    use crate::support::{drain, wait};

    use futures_core::Stream;
    use futures_util::stream::unfold;
    use std::pin::Pin;

    #[measured]
    fn subject(limit: u8) -> Pin<Box<dyn Stream<Item = u8> + Send>> {
        Box::pin(unfold(0_u8, move |x| async move {
            if x == 1 {
                wait().await;
            }
            (x < limit).then_some((x, x + 1))
        }))
    }

    pub fn call() {
        assert_eq!(drain(subject(3)), [0, 1, 2]);
    }
}

/// A `BoxStream`.
// tags: stream
// ends: ok
pub mod alias_of_futures {
    use crate::support::{drain, wait};

    use futures_core::stream::BoxStream;
    use futures_util::stream::unfold;

    #[measured]
    fn subject(limit: &u8) -> BoxStream<'_, u8> {
        Box::pin(unfold(0_u8, move |x| async move {
            if x == 1 {
                wait().await;
            }
            (x < *limit).then_some((x, x + 1))
        }))
    }

    pub fn call() {
        assert_eq!(drain(subject(&3)), [0, 1, 2]);
    }
}
