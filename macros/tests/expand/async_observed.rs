fn answer(query: String) -> impl ::core::future::Future<Output = Result<usize, Error>> {
    use ::yardstick::__private as __yardstick;
    __yardstick::site!(__YARDSTICK_SITE = "answer", Calls(__yardstick::facts()));
    __yardstick::observe(
        move || (
            __yardstick::enter(&__YARDSTICK_SITE, ((), ())),
            async move {
                let _ = &query;
                #[allow(unreachable_code, clippy::all)]
                if false {
                    let __fake: Result<usize, Error> = loop {};
                    return __fake;
                }
                Ok(query.len())
            },
        ),
        |__returned, __guard| __yardstick::leave(
            __guard,
            || (__yardstick::error_of!(__returned), ()),
        ),
    )
}
