#[cfg(not(doc))]
fn answer(
    query: String,
) -> impl ::yardstick::__private_0_1_0::Future<Output = Result<usize, Error>> {
    use ::yardstick::__private_0_1_0 as __yardstick;
    __yardstick::site!(
        __YARDSTICK_SITE : __yardstick::OneMetric = [__yardstick::Metric::calls("answer",
        ::core::module_path!())]
    );
    __yardstick::observe_block::<
        (__yardstick::Calls, ()),
        _,
        _,
        _,
        _,
    >(
        &__YARDSTICK_SITE,
        ((), ()),
        async move {
            #[allow(unreachable_code, clippy::all, clippy::used_underscore_binding)]
            if false {
                let __fake: Result<usize, Error> = loop {};
                return __fake;
                let _ = &query;
            }
            match () {
                () => Ok(query.len()),
            }
        },
        |__returned| (__yardstick::error_of!(__returned), ()),
    )
}
#[cfg(doc)]
async fn answer(query: String) -> Result<usize, Error> {
    loop {}
}
