#[automatically_derived]
#[diagnostic::do_not_recommend]
impl ::yardstick::LabelSet for Request {
    type Store<__Kind: ::yardstick::__private_0_1_0::MetricKind> = ::yardstick::__private_0_1_0::Typed<
        __Kind,
        Self,
    >;
    fn store<__Kind: ::yardstick::__private_0_1_0::MetricKind>(
        family: ::yardstick::__private_0_1_0::FamilyRef,
    ) -> ::core::option::Option<Self::Store<__Kind>> {
        __Kind::typed(family)
    }
    #[inline]
    fn child<'m, __Kind: ::yardstick::__private_0_1_0::MetricKind>(
        metric: &'m __Kind::Of<Self>,
        labels: &Self,
    ) -> ::yardstick::handle::SeriesRef<'m, __Kind::Handle>
    where
        Self: 'm,
    {
        __Kind::child(__Kind::store(metric), labels)
    }
    fn each_name(add: &mut dyn ::core::ops::FnMut(&'static str)) {
        #[allow(unused_imports)]
        use ::yardstick::__private_0_1_0::fields::{ViaField as _, ViaNoField as _};
        ::yardstick::__private_0_1_0::fields::assert_value::<Method>();
        ::yardstick::__private_0_1_0::fields::assert_set::<Tenant>();
        add("method");
        (&&::yardstick::__private_0_1_0::fields::Set::<'_, Tenant>::TYPE)
            .__each_name(add);
        let _ = add;
    }
    #[inline]
    fn combinations() -> usize {
        #[allow(unused_imports)]
        use ::yardstick::__private_0_1_0::fields::{ViaField as _, ViaNoField as _};
        1_usize
            .saturating_mul(
                (&&::yardstick::__private_0_1_0::fields::Value::<'_, Method>::TYPE)
                    .__combinations(),
            )
            .saturating_mul(
                (&&::yardstick::__private_0_1_0::fields::Set::<'_, Tenant>::TYPE)
                    .__combinations(),
            )
    }
    #[inline]
    fn each_values(check: &mut dyn ::core::ops::FnMut(&'static [&'static str])) {
        #[allow(unused_imports)]
        use ::yardstick::__private_0_1_0::fields::{ViaField as _, ViaNoField as _};
        (&&::yardstick::__private_0_1_0::fields::Value::<'_, Method>::TYPE)
            .__each_values(check);
        (&&::yardstick::__private_0_1_0::fields::Set::<'_, Tenant>::TYPE)
            .__each_values(check);
        let _ = check;
    }
    #[inline]
    fn dense_index(&self) -> usize {
        #[allow(unused_imports)]
        use ::yardstick::__private_0_1_0::fields::{ViaField as _, ViaNoField as _};
        let index = 0_usize;
        let index = ::yardstick::__private_0_1_0::fields::next_index(
            index,
            (&&::yardstick::__private_0_1_0::fields::Value::new(&self.method)).__index(),
            (&&::yardstick::__private_0_1_0::fields::Value::<'_, Method>::TYPE)
                .__combinations(),
        );
        let index = ::yardstick::__private_0_1_0::fields::next_index(
            index,
            (&&::yardstick::__private_0_1_0::fields::Set::new(&self.tenant)).__index(),
            (&&::yardstick::__private_0_1_0::fields::Set::<'_, Tenant>::TYPE)
                .__combinations(),
        );
        index
    }
    #[inline]
    fn each_text(&self, read: &mut dyn ::core::ops::FnMut(&str)) {
        #[allow(unused_imports)]
        use ::yardstick::__private_0_1_0::fields::{ViaField as _, ViaNoField as _};
        (&&::yardstick::__private_0_1_0::fields::Value::new(&self.method))
            .__each_text(read);
        (&&::yardstick::__private_0_1_0::fields::Set::new(&self.tenant))
            .__each_text(read);
        let _ = read;
    }
}
