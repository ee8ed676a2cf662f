//! The attributes, with their reference. The macros themselves live in `yardstick-macros`.

/// Records how long each call takes, in a histogram of seconds.
///
/// A call is recorded once however it ends: by value, error, `?`, early return, panic or cancellation. It lasts until
/// its locals and arguments are dropped, so what their destructors do is part of it.
/// An `async fn` is timed from its first poll until it is ready or dropped; so is the future that a function
/// returns, as `impl Future`, `Pin<Box<dyn Future>>`, `BoxFuture` or from a method under `#[async_trait]`. A
/// stream is timed until it has ended. Labels of a function that returns one of these are evaluated when it
/// is called. A function whose return type is a future by another name, or becomes one, is refused.
///
/// | argument | meaning | default |
/// |---|---|---|
/// | `"name"` (first) | the metric; exposed with `_seconds` | `function_duration_seconds` with the labels `function` and `module` |
/// | `Schema::field` (first) | the metric of a [`MetricSchema`](crate::MetricSchema), or `Schema::schema.field` of a schema within it; it has its help, buckets and registry from there | |
/// | `labels = Labels { .. }` | the labels of a metric of a schema: ordinary Rust, which is evaluated when the call begins | `()` |
/// | `labels(key = value, ..)` | labels; a value is a literal, or an expression over the arguments that is evaluated when the call begins (for an `async fn`, at its first poll) and is a [`LabelValue`](crate::LabelValue); `key: Type = value` says its type, and if all values of that type are known, the series exist at zero from the start | none |
/// | `labels(function, module)` | the function's name and its module as labels of a metric with a name | none |
/// | `function = "..."` | what the function is called in the label `function` | its name; of a method of a block with [`track`], `Type::method` |
/// | `help = "..."` | the help text; needs a name | the first paragraph of the function's doc comment |
/// | `buckets = ..` | the bucket bounds; needs a name | [`DEFAULT_SECONDS`](crate::buckets::DEFAULT_SECONDS) |
/// | `result_labels(key = \|ret\| .., ..)` | labels from the returned value, which each closure is given by reference; `_none` where there is no value, after a panic or a cancellation. Of a metric of a schema, they are fields of its labels, which are as given where there is no value | none |
/// | `on_cancel = record` or `skip` | whether a call counts whose future is dropped before it is ready | `record` |
/// | `registry = EXPR` | the [`Registry`](crate::Registry) to record into | the facade's current recorder |
/// | `crate = path` | where this crate is, if re-exported | `::yardstick` |
///
/// Buckets are `[5ms, 0.1, 2s]` (plain numbers are seconds), `5ms..10s` (steps of 1, 2.5 and 5 in each
/// decade, both ends included), `exponential(start, factor, count)`, `linear(start, width, count)`, or `native(8, 1us, 1h)`: the
/// [`NativeBuckets`](crate::buckets::NativeBuckets) with that many for each doubling over that range, and the default ones if
/// nothing is in the parentheses.
///
/// Names, help texts and label values are literals, or a `concat!` of literals; constants are refused, because names are
/// checked when the program is compiled. A metric of a schema must have a unit that fits: seconds or none for durations,
/// none for counts.
///
/// Two functions of one name in one module would be added up in the default families: two methods, annotated alone, for
/// one. They are refused when an exporter is installed, with both lines; place [`track`] on their blocks, or say
/// `function = "Cache::get"`. What one line writes, such as one call of a macro, is one function.
///
/// Expressions in arguments have a value in every case: `?`, `return`, `break` and `.await` are refused in them, but
/// for closures and loops of their own.
///
/// Several attributes on one function share one guard, in whatever order they stand. With no recorder
/// installed a call costs a few nanoseconds and reads no clock. What cannot be measured is refused:
/// `const fn`, naked functions, functions without a body, items that are no functions.
///
/// # Examples
///
/// ```
/// use yardstick::track_duration;
///
/// /// Sorts the index.
/// #[track_duration("index_sort", labels(size = size_class(index)), buckets = 1ms..1s)]
/// fn sort(index: &mut Vec<u64>) {
///     index.sort_unstable();
/// }
///
/// fn size_class(index: &[u64]) -> &'static str {
///     if index.len() < 1_000 { "small" } else { "large" }
/// }
///
/// let registry = yardstick::Registry::new();
/// metrics::with_local_recorder(&registry, || sort(&mut vec![3, 1, 2]));
/// assert!(registry.render().contains("index_sort_seconds_count{size=\"small\"} 1\n"));
/// ```
pub use yardstick_macros::track_duration;

/// Counts the calls that end in an error or a panic, by `error_type`.
///
/// The error is found by the type of the returned value, so aliases of `Result` work. Its name is what
/// `error_type` says, else what [`ErrorType`](trait@crate::ErrorType) says, else that of its type, as listed there. A panic counts as `error_type="panic"`; a cancellation is no error.
///
/// A function that cannot return an error is refused, as far as its return type tells: say which values are errors.
///
/// With `error_if` any value can be an error. Then the closure of `error_type` is given the returned value, as
/// that of `error_if` is; without it, a value that is no `Result` is named by its own
/// [`ErrorType`](crate::ErrorType), else by its type.
///
/// | argument | meaning | default |
/// |---|---|---|
/// | `"name"` (first) | the metric; exposed with `_total` | `function_errors_total` with the labels `function` and `module` |
/// | `Schema::field` (first) | a [`Counter<ByErrorType<..>>`](crate::ByErrorType) of a schema, as in [`track_duration`] | |
/// | `error_type = \|e\| ..` | names the error: any [`LabelValue`](crate::LabelValue) | as above |
/// | `error_if = \|ret\| ..` | whether the returned value, given by reference, is an error | `Err` of a `Result` |
/// | `labels`, `function`, `result_labels`, `help`, `registry`, `crate` | as in [`track_duration`] | |
///
/// A sync function with `#[track_caller]` is refused, because the result is observed through a closure.
///
/// The series of a type of error is born with the first such error, and to Prometheus `increase(..)` and `rate(..)` of a
/// series begin with its second sample: an alert on them misses that one. Until it has come once, ask whether the series
/// is there, or alert on the `outcome="error"` of [`track_calls`], which is shown at zero from the start.
///
/// # Examples
///
/// ```
/// use yardstick::track_errors;
///
/// #[track_errors]
/// fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
///     Ok(text.trim().parse::<u32>()?)
/// }
///
/// let registry = yardstick::Registry::new();
/// metrics::with_local_recorder(&registry, || parse("many"));
/// assert!(registry.render().contains("error_type=\"ParseIntError\",function=\"parse\""));
///
/// #[track_errors("cache_misses", error_if = |found| found.is_none(), error_type = |_| "miss")]
/// fn look_up(key: u64) -> Option<u64> {
///     (key % 2 == 0).then_some(key)
/// }
///
/// metrics::with_local_recorder(&registry, || look_up(3));
/// assert!(registry.render().contains("cache_misses_total{error_type=\"miss\"} 1\n"));
/// ```
pub use yardstick_macros::track_errors;

/// Counts the calls that ended, by `outcome`: `ok`, `error`, `panic` or `cancelled`.
///
/// | argument | meaning | default |
/// |---|---|---|
/// | `"name"` (first) | the metric; exposed with `_total` | `function_calls_total` with the labels `function` and `module` |
/// | `Schema::field` (first) | a [`Counter<ByOutcome<..>>`](crate::ByOutcome) of a schema, as in [`track_duration`] | |
/// | `error_if = \|ret\| ..` | whether the outcome is `error`, as in [`track_errors`] | `Err` of a `Result` |
/// | `labels`, `function`, `result_labels`, `help`, `registry`, `crate` | as in [`track_duration`] | |
///
/// # Examples
///
/// ```
/// use yardstick::track_calls;
///
/// #[track_calls("lookups", labels(cache = "sessions"))]
/// fn look_up(key: u64) -> Option<u64> {
///     (key % 2 == 0).then_some(key)
/// }
///
/// let registry = yardstick::Registry::new();
/// metrics::with_local_recorder(&registry, || look_up(2));
/// assert!(registry.render().contains("lookups_total{cache=\"sessions\",outcome=\"ok\"} 1\n"));
/// ```
pub use yardstick_macros::track_calls;

/// Shows how many calls are in flight, in a gauge that always returns: a call that panics or is cancelled
/// leaves it too.
///
/// | argument | meaning | default |
/// |---|---|---|
/// | `"name"` (first) | the metric | `function_active` with the labels `function` and `module` |
/// | `Schema::field` (first) | a [`Gauge`](crate::Gauge) of a schema, as in [`track_duration`] | |
/// | `labels`, `function`, `help`, `registry`, `crate` | as in [`track_duration`] | |
///
/// # Examples
///
/// ```
/// use yardstick::track_active;
///
/// #[track_active("uploads_active")]
/// fn upload(registry: &yardstick::Registry) {
///     assert!(registry.render().contains("uploads_active 1\n"));
/// }
///
/// let registry = yardstick::Registry::new();
/// metrics::with_local_recorder(&registry, || upload(&registry));
/// assert!(registry.render().contains("uploads_active 0\n"));
/// ```
pub use yardstick_macros::track_active;

/// Records duration, errors, calls and calls in flight of a function, or of all methods of a block, with one guard:
/// [`track_duration`], [`track_errors`], [`track_calls`] and [`track_active`] in one. What gives no result that
/// could be an error has no errors: a stream, and a function that returns nothing, an `Option` or another plain value.
///
/// | argument | meaning | default |
/// |---|---|---|
/// | `"name"` (first) | the metrics `name_duration_seconds`, `name_errors_total`, `name_calls_total` and `name_active`, whose help texts say what each is | the `function_*` metrics with the labels `function` and `module` |
/// | `labels`, `function`, `result_labels`, `buckets`, `on_cancel`, `error_type`, `error_if`, `registry`, `crate` | as in the attributes that have them | |
/// | `skip` | on a method of a block: it is left out | |
///
/// On an `impl` block or a trait, the arguments hold for all methods with a body, and the label `function` says what they
/// belong to: `Store::get`, `Store<u8>::get`, `<Store as Cache>::get` of an implementation, `Cache::get` of a trait's own
/// method. Metrics with a name have that label too. A method with an attribute of its own keeps to that one alone, be it
/// `#[track(skip)]`, `#[track(..)]` with other arguments, or any of the four, also behind `cfg_attr`.
///
/// # Examples
///
/// ```
/// use yardstick::{track, track_duration};
///
/// struct Store {
///     entries: Vec<(u64, String)>,
/// }
///
/// #[track]
/// impl Store {
///     fn get(&self, key: u64) -> Option<&str> {
///         self.entries.iter().find(|(k, _)| *k == key).map(|(_, value)| value.as_str())
///     }
///
///     #[track_duration("store_compaction")]
///     fn compact(&mut self) {
///         self.entries.dedup();
///     }
///
///     #[track(skip)]
///     fn len(&self) -> usize {
///         self.entries.len()
///     }
/// }
///
/// let registry = yardstick::Registry::new();
/// let mut store = Store { entries: vec![(1, "one".to_owned())] };
/// metrics::with_local_recorder(&registry, || {
///     store.get(1);
///     store.compact();
///     store.len();
/// });
/// let body = registry.render();
/// assert!(body.contains("function_calls_total{function=\"Store::get\",module="));
/// assert!(body.contains("store_compaction_seconds_count 1\n"));
/// assert!(!body.contains("len"));
/// ```
pub use yardstick_macros::track;
