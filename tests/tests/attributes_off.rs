//! With the feature `off`, attributes are the identity: nothing is recorded, nothing is counted in. With
//! it absent, the same program records. Both are run.

use yardstick::{Registry, track_active, track_calls, track_duration, track_errors};

#[track_duration("off", labels(name = name))]
#[track_errors]
#[track_calls]
#[track_active]
fn work(name: &str) -> Result<usize, String> {
    Ok(name.len())
}

#[track_calls]
async fn work_later(mut count: usize) -> usize {
    count += 1;
    count
}

#[test]
fn attributes_can_be_turned_off() {
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, || {
        assert_eq!(work("four"), Ok(4));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        assert_eq!(runtime.block_on(work_later(1)), 2);
    });
    let is_empty = registry.render().is_empty();
    assert_eq!(is_empty, cfg!(feature = "off"));
}

#[track_duration("answer", labels(method = method), result_labels(size = |ret: &Vec<u8>| ret.len()))]
#[track_calls("answer", error_if = |ret| ret.is_empty(), result_labels(first = |ret| ret.first().copied()))]
async fn answer(method: &str) -> Vec<u8> {
    method.as_bytes().to_vec()
}

#[track_errors(error_type = |error| error.len())]
#[track_duration("boxed", on_cancel = skip)]
fn boxed(fails: bool) -> std::pin::Pin<Box<dyn Future<Output = Result<(), String>>>> {
    Box::pin(async move { if fails { Err(String::from("x")) } else { Ok(()) } })
}

#[test]
fn arguments_about_results_are_checked_even_then() {
    let registry = Registry::new();
    metrics::with_local_recorder(&registry, || {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(std::pin::pin!(answer("get")).poll(&mut context).is_ready());
        assert!(boxed(true).as_mut().poll(&mut context).is_ready());
    });
    assert_eq!(registry.render().is_empty(), cfg!(feature = "off"));
}
