//! What `examples/deploy` says matches what the exporter does.

use std::{fs, process::Command};

use yardstick_tests::judges;

#[test]
fn the_configuration_for_prometheus_is_valid_and_finds_the_exporter() {
    let path = judges::root().join("examples/deploy/prometheus.yml");
    let output = Command::new("promtool").args(["check", "config"]).arg(&path).output();
    let output = output.expect("promtool is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
    let text = fs::read_to_string(path).expect("a readable file");
    let target = format!("targets: [\"{}\"]", yardstick::DEFAULT_ADDRESS);
    assert!(text.contains(&target), "{target} in {text}");
    assert!(text.contains("metrics_path: /metrics\n"));
}
