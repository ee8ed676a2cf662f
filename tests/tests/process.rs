//! The standard metrics of a process, by the names and help texts that are fixed.

use std::time::{SystemTime, UNIX_EPOCH};

use yardstick::{Registry, collectors::ProcessMetrics};
use yardstick_tests::judges;

#[test]
fn a_process_tells_of_itself() {
    let registry = Registry::pedantic();
    registry.register_collector(ProcessMetrics);
    assert_eq!(registry.check_collectors(), Ok(()));
    let body = registry.render();
    judges::promtool(&body);
    assert!(!judges::python_openmetrics(&registry.render_openmetrics()).is_empty());
    for line in [
        "# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.",
        "# HELP process_open_fds Number of open file descriptors.",
        "# HELP process_max_fds Maximum number of open file descriptors.",
        "# HELP process_virtual_memory_bytes Virtual memory size in bytes.",
        "# HELP process_resident_memory_bytes Resident memory size in bytes.",
        "# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.",
        "# HELP process_threads Number of OS threads in the process.",
    ] {
        assert!(body.lines().any(|found| found == line), "{line} in\n{body}");
    }
    let value = |name| registry.sample_value(name, &[]).expect(name);
    let files: Vec<_> = (0..10).map(|_| std::fs::File::open("/proc/self/stat")).collect();
    assert!(value("process_open_fds") >= 12.0, "{}", value("process_open_fds"));
    drop(files);
    assert!(value("process_max_fds") >= value("process_open_fds"));
    assert!(value("process_resident_memory_bytes") > 1e6);
    assert!(value("process_virtual_memory_bytes") > value("process_resident_memory_bytes"));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64();
    let started = value("process_start_time_seconds");
    assert!((now - 600.0..=now + 2.0).contains(&started), "{started}, and now {now}");
    let threads = value("process_threads");
    std::thread::scope(|scope| {
        scope.spawn(|| assert!(value("process_threads") > threads));
    });
    let before = value("process_cpu_seconds_total");
    let mut sum = 0_u64;
    while value("process_cpu_seconds_total") < before + 0.02 {
        sum = (0..100_000).fold(sum, u64::wrapping_add);
    }
    assert!(sum > 0);
}
