fn answer(&mut self, query: &str) -> Result<&mut usize, Error> {
    #[allow(unused_imports)]
    use track_calls as _;
    ::yardstick::__private::site!(
        __YARDSTICK_SITE : (::yardstick::__private::Errors,
        (::yardstick::__private::Calls, ())) = "answer",
        (::yardstick::__private::Errors::new(::yardstick::__private::facts().labels(&
        [::yardstick::__private::given("query")])),
        (::yardstick::__private::Calls::new(::yardstick::__private::facts()), ()))
    );
    let __guard = match (&query,) {
        (__label_0,) => {
            #[allow(unused_imports)]
            use ::yardstick::__private::{ViaLabelValue as _, ViaNoLabelValue as _};
            ::yardstick::__private::label(__label_0);
            ::yardstick::__private::enter(
                &__YARDSTICK_SITE,
                (
                    ::yardstick::__private::input((
                        (&&::yardstick::__private::MaybeLabel(__label_0))
                            .__yardstick_label(),
                        (),
                    )),
                    (::yardstick::__private::input(()), ()),
                ),
            )
        }
    };
    let __returned = ::yardstick::__private::call(move || {
        #[allow(unreachable_code, unused_qualifications, clippy::all, clippy::pedantic)]
        if false {
            let __fake: Result<&mut usize, Error> = loop {};
            return __fake;
        }
        Ok(&mut self.count)
    });
    {
        let __error = ::yardstick::__private::error_of!(& __returned);
        ::yardstick::__private::leave(__guard, (__error, (__error, ())))
    }
    __returned
}
