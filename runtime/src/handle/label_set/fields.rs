//! What the derive generates calls of. A field is asked through [`ViaField`] if it is what it should be, and
//! through [`ViaNoField`] otherwise, so that a field which is none costs one error: that of
//! [`assert_value`] or [`assert_set`].

use std::marker::PhantomData;

use super::LabelSet;
use crate::labels::LabelValue;

/// A field that is a label value; without a reference, only its type.
#[derive(Debug)]
pub struct Value<'f, T>(pub Option<&'f T>, PhantomData<T>);

/// A field that is a label set; without a reference, only its type.
#[derive(Debug)]
pub struct Set<'f, T>(pub Option<&'f T>, PhantomData<T>);

macro_rules! constructors {
    ($($name:ident),*) => {$(
        impl<'f, T> $name<'f, T> {
            /// The field's type.
            pub const TYPE: Self = Self(None, PhantomData);

            /// The field.
            #[inline]
            pub const fn new(field: &'f T) -> Self {
                Self(Some(field), PhantomData)
            }
        }
    )*};
}

constructors!(Value, Set);

macro_rules! methods {
    ($($name:ident: $doc:literal),*) => {$(
        #[doc = $doc]
        pub trait $name {
            fn __combinations(&self) -> usize;
            fn __each_values(&self, check: &mut dyn FnMut(&'static [&'static str]));
            fn __each_name(&self, add: &mut dyn FnMut(&'static str));
            fn __index(&self) -> usize;
            fn __each_text(&self, read: &mut dyn FnMut(&str));
        }
    )*};
}

methods! {
    ViaField: "For fields that are what they should be. Tried first: its receiver has one reference more.",
    ViaNoField: "For all others."
}

impl<T: LabelValue> ViaField for &Value<'_, T> {
    #[inline]
    fn __combinations(&self) -> usize {
        T::VALUES.len()
    }

    #[inline]
    fn __each_values(&self, check: &mut dyn FnMut(&'static [&'static str])) {
        check(T::VALUES);
    }

    fn __each_name(&self, _: &mut dyn FnMut(&'static str)) {}

    #[inline]
    fn __index(&self) -> usize {
        self.0.map_or(usize::MAX, T::index)
    }

    #[inline]
    fn __each_text(&self, read: &mut dyn FnMut(&str)) {
        if let Some(value) = self.0 {
            value.with_text(read);
        }
    }
}

impl<T: LabelSet> ViaField for &Set<'_, T> {
    #[inline]
    fn __combinations(&self) -> usize {
        T::combinations()
    }

    #[inline]
    fn __each_values(&self, check: &mut dyn FnMut(&'static [&'static str])) {
        T::each_values(check);
    }

    fn __each_name(&self, add: &mut dyn FnMut(&'static str)) {
        T::each_name(add);
    }

    #[inline]
    fn __index(&self) -> usize {
        self.0.map_or(usize::MAX, T::dense_index)
    }

    #[inline]
    fn __each_text(&self, read: &mut dyn FnMut(&str)) {
        if let Some(set) = self.0 {
            set.each_text(read);
        }
    }
}

macro_rules! neither {
    ($($name:ident),*) => {$(
        impl<T> ViaNoField for $name<'_, T> {
            fn __combinations(&self) -> usize {
                0
            }

            fn __each_values(&self, _: &mut dyn FnMut(&'static [&'static str])) {}

            fn __each_name(&self, _: &mut dyn FnMut(&'static str)) {}

            fn __index(&self) -> usize {
                0
            }

            fn __each_text(&self, _: &mut dyn FnMut(&str)) {}
        }
    )*};
}

neither!(Value, Set);

/// The position after one more field; a field whose value is in no list leads outside the table.
#[inline]
#[must_use]
pub const fn next_index(before: usize, index: usize, combinations: usize) -> usize {
    if index < combinations {
        before.saturating_mul(combinations).saturating_add(index)
    } else {
        usize::MAX
    }
}

/// Compiles for label values.
pub const fn assert_value<V: LabelValue>() {}

/// Compiles for label sets.
pub const fn assert_set<L: LabelSet>() {}
