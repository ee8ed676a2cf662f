fn answers(query: String) -> impl Stream<Item = usize> {
    use ::yardstick::__private_0_1_0 as __yardstick;
    __yardstick::site!(
        __YARDSTICK_SITE : __yardstick::OneMetric =
        [__yardstick::Metric::calls("answers", ::core::module_path!())]
    );
    let __inputs = ((), ());
    let __returned = __yardstick::call(move || {
        #[allow(unreachable_code, clippy::all, clippy::used_underscore_binding)]
        if false {
            loop {}
            let _ = &query;
        }
        match () {
            () => stream::iter(0..query.len()),
        }
    });
    __yardstick::observe_stream(
        move || (
            __yardstick::enter::<
                (__yardstick::Calls, ()),
                _,
            >(&__YARDSTICK_SITE, __inputs),
            __returned,
        ),
        |__guard| __yardstick::leave(__guard, || ((), ())),
    )
}
