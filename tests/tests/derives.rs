//! The derives: values of enums, names of errors.

use metrics::with_local_recorder;
use yardstick::{ErrorType, LabelValue, Registry, track_calls, track_errors};
use yardstick_tests::counts;

#[derive(Clone, Copy, Debug, LabelValue)]
enum Method {
    Get,
    HttpPost,
    r#Match,
    #[label_value(rename = "any/other")]
    Unknown,
}

#[derive(Clone, Copy, LabelValue)]
#[label_value(rename_all = "SCREAMING-KEBAB-CASE", crate = ::yardstick)]
#[repr(u8)]
enum Level {
    VeryLow = 7,
    High = 3,
}

#[test]
fn variants_are_values() {
    assert_eq!(Method::VALUES, ["get", "http_post", "match", "any/other"]);
    assert_eq!(Method::Unknown.index(), 3);
    assert_eq!(Method::HttpPost.with_text(str::to_owned), "http_post");
    // By their place, not by their number.
    assert_eq!(Level::VALUES, ["VERY-LOW", "HIGH"]);
    assert_eq!([Level::VeryLow.index(), Level::High.index()], [0, 1]);
}

#[test]
fn an_option_of_an_enum_is_as_well_known() {
    assert_eq!(<Option<Level> as LabelValue>::VALUES, ["VERY-LOW", "HIGH", "_none"]);
    assert_eq!([Some(Level::High).index(), None::<Level>.index()], [1, 2]);
    assert_eq!(None::<Level>.with_text(str::to_owned), "_none");
    assert_eq!(<Option<String> as LabelValue>::VALUES, [""; 0]);
    assert_eq!(<Option<bool> as LabelValue>::VALUES, ["false", "true", "_none"]);
}

#[track_calls("served", labels(method = method, level = level))]
fn serve(method: Method, level: Option<Level>) {
    let _ = (method, level.is_some());
}

#[test]
fn enums_label_calls() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        serve(Method::Get, None);
        serve(Method::Get, Some(Level::High));
        serve(Method::r#Match, Some(Level::High));
    });
    let expected = [
        "served_total{level=\"HIGH\",method=\"get\",outcome=\"ok\"} 1",
        "served_total{level=\"HIGH\",method=\"match\",outcome=\"ok\"} 1",
        "served_total{level=\"_none\",method=\"get\",outcome=\"ok\"} 1",
    ];
    assert_eq!(counts(&registry), expected);
}

#[derive(Debug, ErrorType)]
enum Inner {
    NotFound,
    #[error_type(rename = "gone!")]
    Gone {
        _since: u32,
    },
}

#[derive(Debug, ErrorType)]
#[error_type(rename_all = "kebab-case")]
enum Outer<E, T>
where
    T: std::fmt::Debug,
{
    InvalidQuery(T),
    #[error_type(transparent)]
    Store(Inner),
    #[error_type(transparent)]
    Io {
        source: std::io::Error,
    },
    #[error_type(transparent)]
    Other(E),
    #[error_type(transparent)]
    Boxed(Box<E>),
}

#[derive(Debug, ErrorType)]
struct ParseFailed;

#[derive(Debug, ErrorType)]
#[error_type(rename = "wrapped")]
struct Renamed(#[allow(dead_code, reason = "a name needs no content")] u8);

#[derive(Debug, ErrorType)]
#[error_type(transparent)]
struct Wrapper<E>(E);

#[derive(Debug, ErrorType)]
enum Impossible {}

#[test]
fn errors_are_named_by_their_variants() {
    let names = [
        Outer::<Inner, u8>::InvalidQuery(1).error_type(),
        Outer::<Inner, u8>::Store(Inner::NotFound).error_type(),
        Outer::<Inner, u8>::Io { source: std::io::ErrorKind::TimedOut.into() }.error_type(),
        Outer::<Inner, u8>::Other(Inner::Gone { _since: 1 }).error_type(),
        Outer::<Wrapper<ParseFailed>, u8>::Boxed(Box::new(Wrapper(ParseFailed))).error_type(),
        ParseFailed.error_type(),
        Renamed(1).error_type(),
    ];
    let expected = [
        "invalid-query",
        "not_found",
        "timed_out",
        "gone!",
        "parse_failed",
        "parse_failed",
        "wrapped",
    ];
    assert_eq!(names, expected);
}

#[track_errors("failures")]
fn fail(with: Result<(), Impossible>, otherwise: Inner) -> Result<(), Outer<Inner, u8>> {
    match with {
        Ok(()) => Err(Outer::Store(otherwise)),
        Err(impossible) => match impossible {},
    }
}

#[test]
fn the_attribute_finds_the_name() {
    let registry = Registry::new();
    with_local_recorder(&registry, || {
        assert!(fail(Ok(()), Inner::NotFound).is_err());
        assert!(fail(Ok(()), Inner::Gone { _since: 1 }).is_err());
    });
    let expected =
        ["failures_total{error_type=\"gone!\"} 1", "failures_total{error_type=\"not_found\"} 1"];
    assert_eq!(counts(&registry), expected);
}
