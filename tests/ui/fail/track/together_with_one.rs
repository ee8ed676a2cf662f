use yardstick::{track, track_calls};

#[track]
#[track_calls]
fn query() {}

#[track_calls]
#[track]
fn other() {}

fn main() {}
