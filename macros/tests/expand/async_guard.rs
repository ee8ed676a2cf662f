#[allow(clippy::manual_async_fn)]
fn answer(
    mut query: String,
    __argument_1: (u8, u8),
) -> impl ::core::future::Future<Output = usize> {
    async move {
        let _ = &query;
        let _ = &__argument_1;
        let (_, limit) = __argument_1;
        ::yardstick::__private::site!(
            __YARDSTICK_SITE : (::yardstick::__private::Active, ()) = "answer",
            (::yardstick::__private::Active::new(::yardstick::__private::facts()), ())
        );
        let __guard = ::yardstick::__private::enter(
            &__YARDSTICK_SITE,
            (::yardstick::__private::input(()), ()),
        );
        query.len()
    }
}
