//! How are values shown that something else keeps, such as the operating system?
//!
//! `cargo run --example proc_collector` reads `/proc` whenever it is scraped, and prints one scrape.

use std::{error::Error, fs};

use yardstick::{
    Unit,
    catalog::Descriptor,
    gather::{Collector, Kind, MetricFamily, Value},
};

/// The load and the memory of the machine.
struct Machine;

impl Collector for Machine {
    fn collect(&self) -> Vec<MetricFamily> {
        // What the platform cannot tell is left out, rather than made up.
        [load(), memory()].into_iter().flatten().collect()
    }

    fn describe(&self) -> Vec<Descriptor> {
        let gauge = |name, help| Descriptor::new(Kind::Gauge, name, help);
        vec![
            gauge("machine_load_average", "Average load of the machine.")
                .with_label("minutes", &[]),
            gauge("machine_memory_bytes", "Memory of the machine.").with_label("state", &[]),
        ]
    }
}

fn load() -> Option<MetricFamily> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let minutes = ["1", "5", "15"].into_iter().zip(text.split_whitespace());
    let family = MetricFamily::gauge("machine_load_average", "Processes that run or wait.");
    Some(minutes.fold(family, |family, (minutes, load)| match load.parse() {
        Ok(load) => family.with_series(&[("minutes", minutes)], Value::Gauge(load)),
        Err(_) => family,
    }))
}

fn memory() -> Option<MetricFamily> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let mut family =
        MetricFamily::gauge("machine_memory_bytes", "Memory by what it is.").with_unit(Unit::Bytes);
    for (field, state) in [("MemTotal:", "total"), ("MemAvailable:", "available")] {
        let line = text.lines().find_map(|line| line.strip_prefix(field))?;
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        family = family.with_series(&[("state", state)], Value::Gauge(kibibytes * 1_024.0));
    }
    Some(family)
}

fn main() -> Result<(), Box<dyn Error>> {
    let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
    let registry = yardstick::default_registry();
    registry.register_collector(Machine);
    registry.check_collectors().map_err(|errors| format!("{errors:?}"))?;
    print!("{}", yardstick_examples::without_buckets(&exporter.render()));
    Ok(exporter.shutdown_blocking()?)
}
