fn answer(query: &str) -> Result<usize, Error> {
    use ::yardstick::__private_0_1_0 as __yardstick;
    let __guard = __yardstick::enter::<
        (__yardstick::OfSchema<__yardstick::Calls>, ()),
        _,
    >(
        &[],
        (
            {
                #[allow(unused_imports)]
                use __yardstick::{ViaMetric as _, ViaWrongKind as _};
                let __metric = __yardstick::counter_by_outcome(Shop::queries);
                __yardstick::is_counter_by_outcome(&__metric);
                __yardstick::is_without_unit::<
                    {
                        #[allow(unused_imports)]
                        use __yardstick::NoSchema as _;
                        __yardstick::unit_of(Shop::__YARDSTICK_METRICS, &["queries"])
                    },
                >();
                (&&__metric).__yardstick_with(Labels { kind })
            },
            (),
        ),
    );
    let __returned = __yardstick::call(move || {
        #[allow(unreachable_code, clippy::all, clippy::used_underscore_binding)]
        if false {
            let __fake: Result<usize, Error> = loop {};
            return __fake;
        }
        match () {
            () => Ok(query.len()),
        }
    });
    __yardstick::leave(
        __guard,
        || (__yardstick::unassigned(__yardstick::error_of!(& __returned)), ()),
    );
    __returned
}
