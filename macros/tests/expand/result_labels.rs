fn answer(query: &str) -> Result<usize, Error> {
    use ::yardstick::__private_0_1_0 as __yardstick;
    __yardstick::site!(
        __YARDSTICK_SITE : __yardstick::OneMetric =
        [__yardstick::Metric::calls_by_result_with("answer", ::core::module_path!(), &
        __yardstick::site_spec().name("queries").labels(&
        [__yardstick::returned("size")]))]
    );
    let __guard = __yardstick::enter::<
        (__yardstick::ByResult<__yardstick::Calls>, ()),
        _,
    >(&__YARDSTICK_SITE, ((), ()));
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
        || (
            __yardstick::with_labels(
                __yardstick::error_of!(& __returned),
                (
                    {
                        #[allow(unused_imports)]
                        use __yardstick::{ViaLabelValue as _, ViaNoLabelValue as _};
                        let __label = __yardstick::result_label(
                            &__returned,
                            |ret| size(ret),
                        );
                        __yardstick::label(&__label);
                        (&&__yardstick::MaybeLabel(&__label)).__yardstick_kept()
                    },
                    (),
                ),
            ),
            (),
        ),
    );
    __returned
}
