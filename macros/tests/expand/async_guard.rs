#[allow(clippy::manual_async_fn)]
fn answer(
    mut query: String,
    __argument_1: (u8, u8),
) -> impl ::core::future::Future<Output = usize> {
    async move {
        let _ = &query;
        let _ = &__argument_1;
        let (_, limit) = __argument_1;
        let __guard = {
            use ::yardstick::__private as __yardstick;
            __yardstick::site!(
                __YARDSTICK_SITE = "answer", Active(__yardstick::facts())
            );
            __yardstick::enter(&__YARDSTICK_SITE, ((), ()))
        };
        #[allow(unreachable_code, clippy::all)]
        if false {
            let __fake: usize = loop {};
            return __fake;
        }
        query.len()
    }
}
