//! Which function records into a series of a default family, so that two of one name are noticed.
//!
//! The label sets of these families tell functions apart by name and module, and two functions can have both in common:
//! then the first has the series, and the other is refused. A call site says who it is when it asks for its family; where
//! it has to ask through the facade, which has no words for it, this thread remembers who asks.

use std::{cell::Cell, panic};

use yardstick_model::Location;

/// A function that asks for its series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) function: &'static str,
    pub(crate) module: &'static str,
    pub(crate) caller: &'static panic::Location<'static>,
}

thread_local! {
    static ASKING: Cell<Option<Claim>> = const { Cell::new(None) };
}

impl Claim {
    /// Where the function is.
    pub(super) const fn location(&self) -> Location {
        Location::from_caller(self.module, self.caller)
    }

    /// Who asks through the facade at this moment.
    pub(crate) fn asking() -> Option<Self> {
        ASKING.get()
    }

    /// Runs `ask`, which asks through the facade in the name of a function.
    pub(crate) fn within<R>(claim: Option<Self>, ask: impl FnOnce() -> R) -> R {
        struct Restore(Option<Claim>);
        impl Drop for Restore {
            fn drop(&mut self) {
                ASKING.set(self.0);
            }
        }
        let _restore = Restore(ASKING.replace(claim));
        ask()
    }
}
