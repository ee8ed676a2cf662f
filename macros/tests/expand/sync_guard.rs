/// Answers one query.
pub fn answer(query: &str) -> usize {
    let __guard = {
        use ::yardstick::__private as __yardstick;
        __yardstick::site!(
            __YARDSTICK_SITE : 1 = [__yardstick::Metric::duration(&
            __yardstick::SiteInfo::new("answer", ::core::module_path!()),
            ::core::option::Option::Some(& __yardstick::facts().name("query_duration")
            .doc("Answers one query.").buckets(& [0.005f64, 1f64]).labels(&
            [__yardstick::fixed("endpoint", "/query")])))]
        );
        __yardstick::enter::<(__yardstick::Duration, ()), _>(&__YARDSTICK_SITE, ((), ()))
    };
    match () {
        () => query.len(),
    }
}
