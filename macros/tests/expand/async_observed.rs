#[cfg(not(doc))]
fn answer(
    query: String,
) -> impl ::yardstick::__private::Future<Output = Result<usize, Error>> {
    use ::yardstick::__private as __yardstick;
    __yardstick::site!(__YARDSTICK_SITE = "answer", Calls(__yardstick::facts()));
    __yardstick::observe(
        move || (
            __yardstick::enter(&__YARDSTICK_SITE, ((), ())),
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
        ),
        |__returned, __guard| __yardstick::leave(
            __guard,
            || (__yardstick::error_of!(__returned), ()),
        ),
    )
}
#[cfg(doc)]
async fn answer(query: String) -> Result<usize, Error> {
    loop {}
}
