const _: () = {
    static __GLOBAL: ::yardstick::__private_0_1_0::Global<Shop> = ::yardstick::__private_0_1_0::Global::new();
    static __ENTRY: ::yardstick::__private_0_1_0::SchemaEntry<Shop> = ::yardstick::__private_0_1_0::SchemaEntry::new(
        &__GLOBAL,
    );
    ::yardstick::__private_0_1_0::enlist!(__ENTRY);
    #[automatically_derived]
    #[diagnostic::do_not_recommend]
    impl ::yardstick::MetricSchema for Shop {
        const DESCRIPTORS: ::yardstick::catalog::Descriptors = ::yardstick::__private_0_1_0::Descriptors::of::<
            Self,
        >(
            "shop",
            &[],
            &[
                ::yardstick::__private_0_1_0::metric(
                    ::yardstick::__private_0_1_0::FieldSpec {
                        field: "requests",
                        name: "requests",
                        help: "Requests by method.",
                        unit: ::core::option::Option::None,
                        buckets: ::core::option::Option::None,
                        native: ::core::option::Option::None,
                        quantiles: ::core::option::Option::None,
                        window_seconds: ::core::option::Option::None,
                        series_max: ::core::option::Option::None,
                        labels: &[],
                        location: ::yardstick::__private_0_1_0::location(
                            ::core::module_path!(),
                        ),
                    },
                    <Counter<
                        Request,
                    > as ::yardstick::__private_0_1_0::SchemaMetric>::KIND,
                    <Counter<
                        Request,
                    > as ::yardstick::__private_0_1_0::SchemaMetric>::each_label,
                ),
                ::yardstick::__private_0_1_0::metric(
                    ::yardstick::__private_0_1_0::FieldSpec {
                        field: "duration",
                        name: "duration",
                        help: "Time spent.",
                        unit: ::core::option::Option::Some(::yardstick::Unit::Seconds),
                        buckets: ::core::option::Option::Some(&[0.005f64, 1f64]),
                        native: ::core::option::Option::None,
                        quantiles: ::core::option::Option::None,
                        window_seconds: ::core::option::Option::None,
                        series_max: ::core::option::Option::None,
                        labels: &[],
                        location: ::yardstick::__private_0_1_0::location(
                            ::core::module_path!(),
                        ),
                    },
                    <Histogram as ::yardstick::__private_0_1_0::SchemaMetric>::KIND,
                    <Histogram as ::yardstick::__private_0_1_0::SchemaMetric>::each_label,
                ),
                ::yardstick::__private_0_1_0::Field::Schema(
                    "pool",
                    <Pool as ::yardstick::MetricSchema>::DESCRIPTORS,
                ),
            ],
        );
        #[inline]
        fn global() -> &'static Self {
            __GLOBAL.get()
        }
        fn register_in(
            registrar: &::yardstick::__private_0_1_0::Registrar<'_>,
        ) -> ::core::option::Option<Self> {
            const { ::yardstick::__private_0_1_0::assert_histogram::<Histogram>() };
            let registrar = &registrar
                .within(&<Self as ::yardstick::MetricSchema>::DESCRIPTORS);
            let field_0 = <Counter<
                Request,
            > as ::yardstick::__private_0_1_0::SchemaMetric>::register(
                registrar,
                0usize,
            );
            let field_1 = <Histogram as ::yardstick::__private_0_1_0::SchemaMetric>::register(
                registrar,
                1usize,
            );
            let field_2 = <Pool as ::yardstick::MetricSchema>::register_in(registrar);
            let (
                ::core::option::Option::Some(field_0),
                ::core::option::Option::Some(field_1),
                ::core::option::Option::Some(field_2),
            ) = (field_0, field_1, field_2) else {
                return ::core::option::Option::None;
            };
            ::core::option::Option::Some(Self {
                requests: field_0,
                duration: field_1,
                pool: field_2,
            })
        }
    }
    #[automatically_derived]
    impl Shop {
        #[doc(hidden)]
        pub const __YARDSTICK_METRICS: ::core::option::Option<
            ::yardstick::catalog::Descriptors,
        > = ::core::option::Option::Some(
            <Self as ::yardstick::MetricSchema>::DESCRIPTORS,
        );
        /**Requests by method.

The metric of the global instance.*/
        #[inline]
        #[must_use]
        #[allow(dead_code)]
        fn requests() -> &'static Counter<Request> {
            &<Self as ::yardstick::MetricSchema>::global().requests
        }
        /**Time spent.

The metric of the global instance.*/
        #[inline]
        #[must_use]
        #[allow(dead_code)]
        fn duration() -> &'static Histogram {
            &<Self as ::yardstick::MetricSchema>::global().duration
        }
        ///This schema of the global instance.
        #[inline]
        #[must_use]
        #[allow(dead_code)]
        fn pool() -> &'static Pool {
            &<Self as ::yardstick::MetricSchema>::global().pool
        }
    }
};
