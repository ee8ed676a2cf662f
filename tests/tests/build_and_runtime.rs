//! What a program was built from, and what tokio says of its runtimes, as an exporter shows them.

use std::sync::mpsc;

use yardstick::{Registry, collectors::TokioMetrics, default_registry};
use yardstick_tests::judges;

#[test]
fn a_program_says_what_it_was_built_from() {
    let registry = Registry::pedantic();
    let info = yardstick::build_info!();
    info.commit("4e87335").register(&registry).expect("a new name");
    let body = registry.render();
    judges::promtool(&body);
    let line = body.lines().find(|line| line.starts_with("yardstick_tests_build_info{"));
    let line = line.expect("it is shown");
    let (before, after) = line.split_once("rustc=\"").expect("the compiler is known");
    assert_eq!(before, "yardstick_tests_build_info{commit=\"4e87335\",");
    let version = env!("CARGO_PKG_VERSION");
    let rustc = after.strip_suffix(&format!("\",version=\"{version}\"}} 1")).expect("the version");
    let said = std::process::Command::new("rustc").arg("--version").output().expect("rustc");
    let said = String::from_utf8(said.stdout).expect("text");
    assert_eq!(said.split_whitespace().nth(1), Some(rustc));
    assert!(info.register(&registry).is_ok(), "the same facts again are no conflict");
    assert!(!judges::python_openmetrics(&registry.render_openmetrics()).is_empty());

    // What is not known is left out.
    let registry = Registry::new();
    info.commit("").register(&registry).expect("a new name");
    assert!(registry.render().contains("yardstick_tests_build_info{rustc=\""));
}

#[test]
fn runtimes_say_how_busy_they_are() {
    let builder = |workers| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers)
            .build()
            .expect("threads")
    };
    let (first, second) = (builder(2), builder(1));
    let registry = Registry::pedantic();
    let metrics = TokioMetrics::new().runtime("first", first.handle());
    registry.register_collector(metrics.runtime("second", second.handle()));
    assert_eq!(registry.check_collectors(), Ok(()));
    let value = |name: &str, labels: &[(&str, &str)]| registry.sample_value(name, labels);
    let of = |runtime| [("runtime", runtime)];
    assert_eq!(value("tokio_workers", &of("first")), Some(2.0));
    assert_eq!(value("tokio_workers", &of("second")), Some(1.0));

    let (started, wait) = mpsc::channel();
    let (go, stay) = tokio::sync::oneshot::channel::<()>();
    let task = second.spawn(async move {
        started.send(()).expect("the test waits");
        let _ = stay.await;
    });
    wait.recv().expect("it starts");
    assert_eq!(value("tokio_alive_tasks", &of("second")), Some(1.0));
    assert_eq!(value("tokio_alive_tasks", &of("first")), Some(0.0));
    drop(go);
    second.block_on(task).expect("it does not panic");

    let worker = [("runtime", "second"), ("worker", "0")];
    while value("tokio_worker_parks_total", &worker) < Some(1.0) {
        std::thread::yield_now();
    }
    let before = value("tokio_worker_busy_seconds_total", &worker).expect("it is shown");
    let work = second.spawn(async { (0..3_000_000_u64).fold(0, u64::wrapping_add) });
    assert!(second.block_on(work).is_ok());
    while value("tokio_worker_busy_seconds_total", &worker) <= Some(before) {
        std::thread::yield_now();
    }
    let body = registry.render();
    judges::promtool(&body);
    assert!(!judges::python_openmetrics(&registry.render_openmetrics()).is_empty());
}

#[test]
fn the_exporter_shows_both() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .build_info(yardstick::build_info!())
        .tokio_metrics(runtime.handle())
        .process_metrics()
        .install()
        .expect("nothing else is installed");
    let body = exporter.render();
    for start in
        ["yardstick_tests_build_info{", "tokio_workers{runtime=\"main\"} 1\n", "process_threads "]
    {
        assert!(body.contains(start), "{start} in\n{body}");
    }
    assert!(default_registry().check_collectors().is_ok());
    assert!(exporter.shutdown_blocking().is_ok());
}
