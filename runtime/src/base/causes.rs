//! Counts by cause: why something was turned away, or took the slow way.

use std::{
    marker::PhantomData,
    sync::atomic::{AtomicU64, Ordering},
};

/// A closed list of causes, each the value of a label.
pub(crate) trait Cause: Copy + 'static {
    /// All of them, in the order of their positions.
    const ALL: &'static [Self];
    /// Its value of the label.
    fn as_str(self) -> &'static str;
    /// Its place in the list.
    fn position(self) -> usize;
}

/// Declares the enum of a list of causes.
macro_rules! causes {
    ($(#[doc = $of_enum:literal])* $visibility:vis enum $name:ident {
        $($(#[doc = $doc:literal])* $(#[cfg($condition:meta)])? $cause:ident = $text:literal,)+
    }) => {
        $(#[doc = $of_enum])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $name {
            $($(#[doc = $doc])* $(#[cfg($condition)])? $cause,)+
        }

        impl $crate::base::causes::Cause for $name {
            const ALL: &'static [Self] = &[$($(#[cfg($condition)])? Self::$cause,)+];

            fn as_str(self) -> &'static str {
                match self {
                    $($(#[cfg($condition)])? Self::$cause => $text,)+
                }
            }

            fn position(self) -> usize {
                self as usize
            }
        }
    };
}
pub(crate) use causes;

/// How often each of `N` causes came about, up to what a word holds.
#[derive(Debug)]
pub(crate) struct Counted<C, const N: usize> {
    counts: [AtomicU64; N],
    cause: PhantomData<fn(C)>,
}

impl<C: Cause, const N: usize> Counted<C, N> {
    pub(crate) const fn new() -> Self {
        assert!(N == C::ALL.len(), "there is one count for each cause");
        Self { counts: [const { AtomicU64::new(0) }; N], cause: PhantomData }
    }

    /// Counts a cause so many times.
    #[cold]
    pub(crate) fn add(&self, cause: C, count: u64) {
        let add = |counted: u64| Some(counted.saturating_add(count));
        // The closure never declines, so this cannot fail.
        let _ =
            self.counts[cause.position()].fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// How often a cause was counted.
    #[cfg(test)]
    pub(crate) fn get(&self, cause: C) -> u64 {
        self.counts[cause.position()].load(Ordering::Relaxed)
    }

    /// Each cause with its count.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        C::ALL.iter().map(|cause| cause.as_str()).zip(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    causes! {
        /// Colours.
        enum Colour {
            Red = "red",
            #[cfg(not(all()))]
            Never = "never",
            /// The last.
            Blue = "blue",
        }
    }

    #[test]
    fn each_cause_counts_by_itself_and_does_not_wrap() {
        static COUNTED: Counted<Colour, { Colour::ALL.len() }> = Counted::new();
        COUNTED.add(Colour::Blue, 2);
        COUNTED.add(Colour::Blue, u64::MAX);
        assert_eq!(COUNTED.get(Colour::Red), 0);
        assert_eq!(COUNTED.each().collect::<Vec<_>>(), [("red", 0), ("blue", u64::MAX)]);
    }
}
