//! `Lookup`: the result of a look-up, and whether it may be cached.

/// What a look-up by labels led to.
#[derive(Debug)]
pub(crate) enum Lookup<T> {
    /// What these labels have of their own: it may be kept for the next look-up.
    Own(T),
    /// What all labels beyond the family's limit share: a series of their own may come to be, so each look-up asks anew.
    Overflow(T),
}

impl<T> Lookup<T> {
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Lookup<U> {
        match self {
            Self::Own(found) => Lookup::Own(f(found)),
            Self::Overflow(found) => Lookup::Overflow(f(found)),
        }
    }

    /// What was found, if it may be kept.
    pub(crate) fn own(self) -> Option<T> {
        match self {
            Self::Own(found) => Some(found),
            Self::Overflow(_) => None,
        }
    }

    /// What was found, to be looked at.
    pub(crate) const fn get(&self) -> &T {
        match self {
            Self::Own(found) | Self::Overflow(found) => found,
        }
    }

    /// What was found, for one that does not keep it by the labels.
    pub(crate) fn into_inner(self) -> T {
        match self {
            Self::Own(found) | Self::Overflow(found) => found,
        }
    }
}

impl<T> Lookup<Option<T>> {
    /// `None` if nothing could be made of what was found.
    pub(crate) fn transpose(self) -> Option<Lookup<T>> {
        match self {
            Self::Own(found) => found.map(Lookup::Own),
            Self::Overflow(found) => found.map(Lookup::Overflow),
        }
    }
}
