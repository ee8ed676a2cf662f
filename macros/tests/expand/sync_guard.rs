/// Answers one query.
pub fn answer(query: &str) -> usize {
    let __guard = {
        use ::yardstick::__private_0_1_0 as __yardstick;
        __yardstick::site!(
            __YARDSTICK_SITE : __yardstick::OneMetric =
            [__yardstick::Metric::duration_with("answer", ::core::module_path!(), &
            __yardstick::site_spec().name("query_duration").doc("Answers one query.")
            .buckets(& [0.005f64, 1f64]).labels(& [__yardstick::fixed("endpoint",
            "/query")]))]
        );
        __yardstick::enter::<(__yardstick::Duration, ()), _>(&__YARDSTICK_SITE, ((), ()))
    };
    match () {
        () => query.len(),
    }
}
