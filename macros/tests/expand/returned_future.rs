fn answer(query: String) -> Pin<Box<dyn Future<Output = usize> + Send>> {
    ::yardstick::__private::site!(
        __YARDSTICK_SITE : (::yardstick::__private::Calls, ()) = "answer",
        (::yardstick::__private::Calls::new(::yardstick::__private::facts()), ())
    );
    let __returned = ::yardstick::__private::call(move || {
        #[allow(unreachable_code, unused_qualifications, clippy::all, clippy::pedantic)]
        if false {
            let __fake: Pin<Box<dyn Future<Output = usize> + Send>> = loop {};
            return __fake;
        }
        Box::pin(async move { query.len() })
    });
    ::std::boxed::Box::pin(
        ::yardstick::__private::observe(
            move || (
                ::yardstick::__private::enter(
                    &__YARDSTICK_SITE,
                    (::yardstick::__private::input(()), ()),
                ),
                __returned,
            ),
            |__returned: &usize, __guard| {
                let __error = ::yardstick::__private::error_of!(__returned);
                ::yardstick::__private::leave(__guard, (__error, ()))
            },
        ),
    )
}
