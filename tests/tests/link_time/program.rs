//! Prints what its catalog lists, and the zeroes that exist before anything happened.

use statics as _;
use yardstick::track_duration;

#[track_duration("program_work")]
fn work() {}

fn main() {
    let exporter = yardstick::exporter().install().expect("nothing else is installed");
    let names: Vec<String> = yardstick::catalog().iter().map(|m| m.name.clone()).collect();
    println!("{names:?}");
    let is_zero = |line: &&str| line.starts_with("statics_") && line.ends_with(" 0");
    for line in exporter.render().lines().filter(is_zero).filter(|line| !line.contains("_bucket")) {
        println!("{line}");
    }
    work();
    println!("{}", other::report());
    let count = yardstick::default_registry().sample_value("program_work_seconds_count", &[]);
    println!("own: {count:?}");
}
