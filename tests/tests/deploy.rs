//! What `examples/deploy` says matches what the exporter does.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use yardstick_tests::{judges, wire};

fn path(file: &str) -> PathBuf {
    judges::root().join("examples/deploy").join(file)
}

fn text(file: &str) -> String {
    fs::read_to_string(path(file)).expect("a readable file")
}

/// All documents of a file, each of which must have an end and say something.
fn documents(file: &str) -> Vec<Value> {
    text(file)
        .split("\n---\n")
        .map(|document| serde_saphyr::from_str(document).unwrap_or_else(|e| panic!("{file}: {e}")))
        .collect()
}

fn promtool(arguments: &[&str], file: &Path) {
    let output = Command::new("promtool").args(arguments).arg(file).output();
    let output = output.expect("promtool is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn the_configuration_for_prometheus_is_valid_and_finds_the_exporter() {
    promtool(&["check", "config"], &path("prometheus.yml"));
    let config = &documents("prometheus.yml")[0];
    let value = |pointer: &str| config.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let address = yardstick::exporter::DEFAULT_ADDRESS.to_string();
    assert_eq!(value("/scrape_configs/0/static_configs/0/targets/0"), Some(address));
    assert_eq!(value("/scrape_configs/0/metrics_path").as_deref(), Some("/metrics"));
}

#[test]
fn other_deployments_match_the_defaults() {
    let port = yardstick::exporter::DEFAULT_ADDRESS.port();
    let kubernetes = documents("kubernetes.yml");
    assert_eq!(kubernetes.len(), 2);
    let pod = kubernetes[0].pointer("/spec/template").expect("a template");
    let annotation = |name: &str| {
        let pointer = format!("/metadata/annotations/prometheus.io~1{name}");
        pod.pointer(&pointer).and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(annotation("port"), Some(port.to_string()));
    let container = pod.pointer("/spec/containers/0").expect("a container");
    assert_eq!(container.pointer("/ports/0/containerPort"), Some(&Value::from(port)));
    let grace = pod.pointer("/spec/terminationGracePeriodSeconds").and_then(Value::as_u64);
    let limits = yardstick::exporter::Limits::default();
    assert!(grace.is_some_and(|grace| grace > limits.shutdown_timeout.as_secs()));
    let endpoint = kubernetes[1].pointer("/spec/podMetricsEndpoints/0").expect("an endpoint");
    let port_name = endpoint.get("port");
    assert_eq!(port_name, container.pointer("/ports/0/name"));

    // Every path that they name is served.
    let exporter = yardstick::exporter()
        .listen(([127, 0, 0, 1], 0))
        .install()
        .expect("nothing else is installed");
    let paths = [
        annotation("path"),
        endpoint.get("path").and_then(Value::as_str).map(str::to_owned),
        container.pointer("/livenessProbe/httpGet/path").and_then(Value::as_str).map(str::to_owned),
        container
            .pointer("/readinessProbe/httpGet/path")
            .and_then(Value::as_str)
            .map(str::to_owned),
    ];
    for path in paths {
        let path = path.expect("a path");
        assert_eq!(wire::request(exporter.local_addr(), "GET", &path, "").status(), 200, "{path}");
    }
    assert!(exporter.shutdown_blocking().is_ok());

    let compose = &documents("compose.yml")[0];
    assert_eq!(compose.pointer("/services/shop/expose/0"), Some(&Value::from(port.to_string())));
    let inner = compose.pointer("/configs/prometheus/content").and_then(Value::as_str);
    let inner = inner.expect("a configuration");
    assert!(inner.contains(&format!("targets: [\"shop:{port}\"]")), "{inner}");
    let file = std::env::temp_dir().join(format!("yardstick-compose-{}.yml", std::process::id()));
    fs::write(&file, inner).expect("a temporary file");
    promtool(&["check", "config"], &file);
    let _ = fs::remove_file(file);
}
