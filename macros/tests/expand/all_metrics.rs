fn answer(query: &str) -> Result<usize, Error> {
    use ::yardstick::__private_0_1_0 as __yardstick;
    __yardstick::site!(
        __YARDSTICK_SITE : __yardstick::FourMetrics =
        [__yardstick::Metric::duration_with("answer", ::core::module_path!(), &
        __yardstick::site_spec().name("queries_duration")),
        __yardstick::Metric::errors_with("answer", ::core::module_path!(), &
        __yardstick::site_spec().name("queries_errors")),
        __yardstick::Metric::calls_with("answer", ::core::module_path!(), &
        __yardstick::site_spec().name("queries_calls")),
        __yardstick::Metric::active_with("answer", ::core::module_path!(), &
        __yardstick::site_spec().name("queries_active"))]
    );
    let __guard = __yardstick::enter::<
        (
            __yardstick::Duration,
            (__yardstick::Errors, (__yardstick::Calls, (__yardstick::Active, ()))),
        ),
        _,
    >(&__YARDSTICK_SITE, __yardstick::Literal);
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
        || {
            let __error = __yardstick::error_of!(& __returned);
            ((), (__error, (__error, ((), ()))))
        },
    );
    __returned
}
