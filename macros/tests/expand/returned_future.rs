fn answer(query: String) -> Pin<Box<dyn Future<Output = usize> + Send>> {
    use ::yardstick::__private_0_1_0 as __yardstick;
    __yardstick::site!(
        __YARDSTICK_SITE : __yardstick::OneMetric = [__yardstick::Metric::calls("answer",
        ::core::module_path!())]
    );
    let __inputs = ((), ());
    let __returned = __yardstick::call(move || {
        #[allow(unreachable_code, clippy::all, clippy::used_underscore_binding)]
        if false {
            let __fake: Pin<Box<dyn Future<Output = usize> + Send>> = loop {};
            return __fake;
            let _ = &query;
        }
        match () {
            () => Box::pin(async move { query.len() }),
        }
    });
    __yardstick::Box::pin(
        __yardstick::observe(
            move || (
                __yardstick::enter::<
                    (__yardstick::Calls, ()),
                    _,
                >(&__YARDSTICK_SITE, __inputs),
                __returned,
            ),
            |__returned: &usize, __guard| __yardstick::leave(__guard, || ((), ())),
        ),
    )
}
