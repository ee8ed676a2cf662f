//! Whether a function of no async form returns a future or a stream after all, as its type and not its words
//! tell: then its metrics would measure the making of it, in silence.

use std::{future::IntoFuture, marker::PhantomData};

use futures_core::Stream;

/// The type that a function returns, as a value that can be asked.
#[derive(Debug)]
pub struct Returned<R: ?Sized>(PhantomData<fn() -> R>);

/// A future of a type that has a name, or what becomes one.
#[derive(Debug)]
pub struct FutureOfAType;

/// A stream of a type that has a name.
#[derive(Debug)]
pub struct StreamOfAType;

/// Any other value.
#[derive(Debug)]
pub struct Value;

/// For futures. Tried first: its receiver has two references more.
pub trait ViaFuture {
    /// What it is.
    fn __yardstick_value(&self) -> FutureOfAType;
}

/// For streams.
pub trait ViaStream {
    /// What it is.
    fn __yardstick_value(&self) -> StreamOfAType;
}

/// For everything else.
pub trait ViaValue {
    /// What it is.
    fn __yardstick_value(&self) -> Value;
}

impl<R> Returned<R> {
    /// The type.
    pub const TYPE: Self = Self(PhantomData);
}

impl<R: IntoFuture> ViaFuture for &&Returned<R> {
    #[inline]
    fn __yardstick_value(&self) -> FutureOfAType {
        FutureOfAType
    }
}

impl<R: Stream> ViaStream for &Returned<R> {
    #[inline]
    fn __yardstick_value(&self) -> StreamOfAType {
        StreamOfAType
    }
}

impl<R> ViaValue for Returned<R> {
    #[inline]
    fn __yardstick_value(&self) -> Value {
        Value
    }
}

/// What may be measured by the time it takes to return it.
#[diagnostic::on_unimplemented(
    message = "a future or stream of a named type cannot be measured to its end",
    label = "this type hides what the function returns",
    note = "write it out: `impl Future<Output = ..>`, `Pin<Box<dyn Future<Output = ..>>>`, or the same of `Stream`",
    note = "as it stands, the making of the future would be measured, and not its run",
    note = "of a task's handle, such as `JoinHandle`: annotate the async function that the task runs"
)]
pub trait Measurable {}

#[diagnostic::do_not_recommend]
impl Measurable for Value {}

/// Accepts what is measured when it is returned.
#[inline]
pub const fn no_future<V: Measurable>(_: &V) {}
