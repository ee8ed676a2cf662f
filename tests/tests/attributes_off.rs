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
