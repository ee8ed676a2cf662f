//! A crate without the standard library: what an attribute writes is found through this crate.
#![no_std]
#![deny(warnings)]

extern crate alloc;

use alloc::{boxed::Box, string::String};
use core::{future::Future, pin::Pin};

use yardstick::{track, track_active, track_calls, track_duration, track_errors};

#[track]
fn sync(text: String) -> Result<usize, String> {
    Ok(text.len())
}

#[track_duration("asynchronous", labels(length = text.len()))]
#[track_active]
async fn asynchronous(text: String) -> usize {
    text.len()
}

#[track_errors]
fn boxed(text: String) -> Pin<Box<dyn Future<Output = Result<usize, String>>>> {
    Box::pin(async move { Ok(text.len()) })
}

#[track_calls]
fn future(text: String) -> impl Future<Output = usize> {
    async move { text.len() }
}

struct Object;

#[track("methods")]
impl Object {
    fn by_value(self) {}

    async fn later(self, text: String) -> usize {
        text.len()
    }
}

fn main() {
    let _ = sync(String::new());
    drop(asynchronous(String::new()));
    drop(boxed(String::new()));
    drop(future(String::new()));
    Object.by_value();
    drop(Object.later(String::new()));
}
