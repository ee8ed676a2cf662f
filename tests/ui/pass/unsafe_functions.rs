//! An unsafe function stays one.
#![deny(warnings)]

use yardstick::{track_calls, track_duration};

#[track_calls]
#[track_duration]
unsafe fn read(from: *const u8) -> u8 {
    unsafe { from.read() }
}

#[track_calls]
async unsafe fn read_later(from: &u8) -> u8 {
    unsafe { std::ptr::from_ref(from).read() }
}

fn main() {
    // Safety: the pointer is one to a local.
    let _ = unsafe { read(&raw const *&1_u8) };
    drop(unsafe { read_later(&1) });
}
