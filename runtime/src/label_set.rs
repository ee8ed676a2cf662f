//! Sets of labels as types.

use std::fmt;

use crate::handle::{FamilyRef, MetricKind};

/// A set of labels: a struct whose fields are its values.
///
/// Derive it; its items that are not documented may change in any release. A metric such as
/// [`Counter<CacheLabels>`](crate::Counter) then has one series for each set of values, and the compiler checks
/// that a call gives them all.
///
/// | option | meaning | default |
/// |---|---|---|
/// | `#[label(rename = "..")]` | the label's name | the field's |
/// | `#[label(flatten)]` | the field is a label set, whose labels are added to these | |
/// | `#[label(skip)]` | the field is no label | |
/// | `#[label_set(crate = path)]` on the struct | where this crate is, if re-exported | `::yardstick` |
///
/// # Examples
///
/// ```
/// use yardstick::{LabelSet, LabelValue, Registry};
///
/// #[derive(Clone, Copy, LabelValue)]
/// enum Operation {
///     Get,
///     Put,
/// }
///
/// #[derive(LabelSet)]
/// struct CacheLabels {
///     #[label(rename = "cache_name")]
///     cache: &'static str,
///     operation: Operation,
/// }
///
/// let registry = Registry::new();
/// let hits = registry.counter("cache_hits").help("Hits.").label_set::<CacheLabels>().register()?;
/// hits.with(&CacheLabels { cache: "sessions", operation: Operation::Get }).inc();
/// let labels = [("cache_name", "sessions"), ("operation", "get")];
/// assert_eq!(registry.get_sample_value("cache_hits_total", &labels), Some(1.0));
/// # Ok::<(), yardstick::RegisterError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a label set",
    label = "not a label set",
    note = "derive `LabelSet` on a struct whose fields are label values"
)]
pub trait LabelSet: Sized {
    /// What a metric with these labels keeps.
    #[doc(hidden)]
    type Store<K: MetricKind>: Clone + fmt::Debug + Send + Sync;
    /// What a metric with these labels keeps of a family; `None` when no words are left.
    #[doc(hidden)]
    fn store<K: MetricKind>(family: FamilyRef) -> Option<Self::Store<K>>;
    /// Calls `add` with each label's name, in the order of the values.
    #[doc(hidden)]
    fn each_name(add: &mut dyn FnMut(&'static str));
    /// How many sets of values there are, if all values are known beforehand; otherwise zero.
    #[doc(hidden)]
    fn combinations() -> usize;
    /// Calls `check` with each value's list of known values.
    #[doc(hidden)]
    fn each_values(check: &mut dyn FnMut(&'static [&'static str]));
    /// The position of these values among all sets.
    #[doc(hidden)]
    fn dense_index(&self) -> usize;
    /// Calls `read` with the text of each value, in order.
    #[doc(hidden)]
    fn each_text(&self, read: &mut dyn FnMut(&str));
}

/// No labels.
#[diagnostic::do_not_recommend]
impl LabelSet for () {
    type Store<K: MetricKind> = K::One;

    fn store<K: MetricKind>(family: FamilyRef) -> Option<K::One> {
        K::one(family)
    }

    fn each_name(_: &mut dyn FnMut(&'static str)) {}

    fn combinations() -> usize {
        1
    }

    fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

    fn dense_index(&self) -> usize {
        0
    }

    fn each_text(&self, _: &mut dyn FnMut(&str)) {}
}

#[doc(hidden)]
pub mod fields {
    //! What the derive generates calls of. A field is asked through [`ViaField`] if it is what it should be, and
    //! through [`ViaNoField`] otherwise, so that a field which is none costs one error: that of
    //! [`assert_value`] or [`assert_set`].

    use std::marker::PhantomData;

    use super::LabelSet;
    use crate::LabelValue;

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
}
