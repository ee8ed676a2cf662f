#[cfg(not(doc))]
#[track_caller]
fn answer(query: String) -> impl ::yardstick::__private_0_1_0::Future<Output = usize> {
    use ::yardstick::__private_0_1_0 as __yardstick;
    __yardstick::site!(
        __YARDSTICK_SITE : __yardstick::OneMetric =
        [__yardstick::Metric::duration("answer", ::core::module_path!())]
    );
    __yardstick::observe_block::<
        (__yardstick::Duration, ()),
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
                let __fake: usize = loop {};
                return __fake;
                let _ = &query;
            }
            match () {
                () => query.len(),
            }
        },
        __yardstick::untold::<_, ((), ())>,
    )
}
#[cfg(doc)]
#[track_caller]
async fn answer(query: String) -> usize {
    loop {}
}
