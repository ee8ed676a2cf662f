//! What a function is called in the label `function`: one name for each, whatever block it stands in.

use std::fmt;

use yardstick::{Registry, track, track_calls, track_duration, track_errors};
use yardstick_tests::events::Kept;

fn recorded(work: impl FnOnce()) -> Registry {
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, work);
    registry
}

/// The names of the functions that were called, with how often, in order.
fn calls(registry: &Registry, name: &str) -> Vec<(String, u64)> {
    let body = registry.render();
    let lines = body.lines().filter(|line| line.starts_with(name) && !line.ends_with(" 0"));
    let named = lines.map(|line| {
        let name = line.split("function=\"").nth(1).and_then(|rest| rest.split('"').next());
        let calls = line.rsplit(' ').next().and_then(|calls| calls.parse().ok());
        (name.unwrap_or_default().to_owned(), calls.expect("a count"))
    });
    named.collect()
}

fn owned(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(name, calls)| ((*name).to_owned(), *calls)).collect()
}

struct Store<T>(T);

trait Cache {
    fn get(&self) -> usize;
}

trait Queue<T> {
    fn get(&self) -> usize;
}

#[track]
impl<T> Store<T> {
    fn first(&self) -> &T {
        &self.0
    }
}

#[track]
impl Store<u8> {
    fn get(&self) -> u8 {
        self.0
    }
}

#[track]
impl Store<u16> {
    fn get(&self) -> u16 {
        self.0
    }
}

#[track]
impl Cache for Store<u8> {
    fn get(&self) -> usize {
        1
    }
}

#[track]
impl Queue<&str> for Store<u8> {
    fn get(&self) -> usize {
        2
    }
}

#[track]
impl fmt::Display for Store<u8> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[test]
fn methods_of_one_name_have_names_of_their_own() {
    let store = Store(1_u8);
    let registry = recorded(|| {
        let found = (*store.first(), store.get(), Store(2_u16).get());
        assert_eq!(found, (1, 1, 2));
        assert_eq!(Cache::get(&store) + Queue::get(&store), 3);
        assert_eq!(store.to_string(), "1");
    });
    let expected = [
        ("<Store<u8> as Cache>::get", 1),
        ("<Store<u8> as Queue<&str>>::get", 1),
        ("<Store<u8> as fmt::Display>::fmt", 1),
        ("Store::first", 1),
        ("Store<u16>::get", 1),
        ("Store<u8>::get", 1),
    ];
    assert_eq!(calls(&registry, "function_calls_total"), owned(&expected));
}

struct Shop;

#[track("shop", labels(tier = "gold"))]
impl Shop {
    /// Finds a thing.
    fn find(&self) -> Option<u8> {
        None
    }

    fn buy(&self) -> Result<(), String> {
        Err("no money".to_owned())
    }

    #[track_calls("shop_walks")]
    fn walk(&self) {}
}

#[test]
fn a_block_with_a_name_tells_its_methods_apart() {
    let registry = recorded(|| {
        let _ = (Shop.find(), Shop.buy(), Shop.buy());
        Shop.walk();
    });
    let expected = owned(&[("Shop::buy", 2), ("Shop::find", 1)]);
    assert_eq!(calls(&registry, "shop_calls_total"), expected);
    let body = registry.render();
    assert!(body.contains("shop_walks_total{outcome=\"ok\"} 1\n"), "{body}");
    for help in [
        "# HELP shop_active Calls of the methods of `Shop` that are in flight.\n",
        "# HELP shop_calls_total Calls of the methods of `Shop` that ended, by outcome.\n",
        "# HELP shop_duration_seconds Duration of calls of the methods of `Shop`.\n",
    ] {
        assert!(body.contains(help), "{body}");
    }
}

#[test]
fn a_metric_can_have_the_name_of_the_function_as_a_label() {
    #[track_errors("failures", labels(endpoint = "/query", function, module))]
    fn answer() -> Result<(), fmt::Error> {
        Err(fmt::Error)
    }

    #[track_duration("steps", labels(function), function = "Answer::parse")]
    fn parse() {}

    let registry = recorded(|| {
        let _ = answer();
        parse();
    });
    let body = registry.render();
    let failures = "failures_total{endpoint=\"/query\",error_type=\"fmt::Error\",\
                    function=\"answer\",module=\"function_names\"} 1\n";
    assert!(body.contains(failures), "{body}");
    assert!(body.contains("steps_seconds_count{function=\"Answer::parse\"} 1\n"), "{body}");
}

macro_rules! measured {
    ($($name:ident),*) => {$(
        struct $name;
        impl $name {
            #[track_calls(function = concat!(stringify!($name), "::get"))]
            fn get(&self) {}
        }
    )*};
}
measured!(Disk, Memory);

struct Named;

#[track]
impl Named {
    #[track(function = "Named::fetch")]
    fn get(&self) {}
}

#[test]
fn a_function_can_be_given_another_name() {
    let registry = recorded(|| {
        Disk.get();
        Memory.get();
        Named.get();
    });
    let expected = [("Disk::get", 1), ("Memory::get", 1), ("Named::fetch", 1)];
    assert_eq!(calls(&registry, "function_calls_total"), owned(&expected));
}

struct First;
struct Second;

impl First {
    #[track_calls]
    fn alone(&self) {}
}

impl Second {
    #[track_calls]
    fn alone(&self) {}
}

#[test]
fn of_two_functions_with_one_name_the_first_is_recorded() {
    let kept = Kept::default();
    let work = || {
        First.alone();
        for _ in 0..3 {
            Second.alone();
        }
        First.alone();
    };
    let registry = tracing::subscriber::with_default(kept.clone(), || recorded(work));
    assert_eq!(calls(&registry, "function_calls_total"), owned(&[("alone", 2)]));
    // Nobody can be answered with the error, so the log is told, and once.
    let warnings = kept.of(tracing::Level::WARN);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("both functions are called `alone`"), "{warnings:?}");
}

macro_rules! alike {
    ($($name:ident),*) => {$(
        struct $name;
        impl $name {
            #[track_calls]
            fn alike(&self) {}
        }
    )*};
}
alike!(Left, Right);

#[test]
fn what_one_macro_call_writes_is_one_function() {
    let registry = recorded(|| {
        Left.alike();
        Right.alike();
    });
    assert_eq!(calls(&registry, "function_calls_total"), owned(&[("alike", 2)]));
}

struct Conditional;

#[cfg_attr(all(), yardstick::track)]
impl Conditional {
    #[cfg_attr(all(), yardstick::track(skip))]
    const fn new() -> Self {
        Self
    }

    #[cfg_attr(any(), yardstick::track(skip))]
    fn get(&self) -> u8 {
        1
    }

    #[cfg_attr(all(), inline, cfg_attr(all(), yardstick::track_calls("conditional")))]
    fn put(&self) {}
}

#[test]
fn attributes_in_a_block_may_be_conditional() {
    let registry = recorded(|| {
        assert_eq!(Conditional::new().get(), 1);
        Conditional.put();
    });
    assert_eq!(calls(&registry, "function_calls_total"), owned(&[("Conditional::get", 1)]));
    assert!(registry.render().contains("conditional_total{outcome=\"ok\"} 1\n"));
}

#[test]
fn what_cannot_fail_has_no_errors() {
    #[track]
    fn nothing() {}
    #[track]
    async fn found() -> Option<u8> {
        None
    }
    #[track(error_if = |ret| ret.is_none())]
    fn missed() -> Option<u8> {
        None
    }
    let registry = recorded(|| {
        nothing();
        let _ = futures_util::FutureExt::now_or_never(found());
        let _ = missed();
    });
    let body = registry.render();
    let errors: Vec<_> = body.lines().filter(|line| line.starts_with("function_errors")).collect();
    let missed = "function_errors_total{error_type=\"Option\",function=\"missed\",module=\"function_names\"} 1";
    assert_eq!(errors, [missed]);
    assert_eq!(calls(&registry, "function_calls_total").len(), 3);
}
