fn answer(query: String) -> impl ::core::future::Future<Output = Result<usize, Error>> {
    ::yardstick::__private::site!(
        __YARDSTICK_SITE : (::yardstick::__private::Calls, ()) = "answer",
        (::yardstick::__private::Calls::new(::yardstick::__private::facts()), ())
    );
    ::yardstick::__private::observe(
        move || (
            ::yardstick::__private::enter(
                &__YARDSTICK_SITE,
                (::yardstick::__private::input(()), ()),
            ),
            async move {
                let _ = &query;
                #[allow(
                    unreachable_code,
                    unused_qualifications,
                    clippy::all,
                    clippy::pedantic
                )]
                if false {
                    let __fake: Result<usize, Error> = loop {};
                    return __fake;
                }
                Ok(query.len())
            },
        ),
        |__returned: &Result<usize, Error>, __guard| {
            let __error = ::yardstick::__private::error_of!(__returned);
            ::yardstick::__private::leave(__guard, (__error, ()))
        },
    )
}
