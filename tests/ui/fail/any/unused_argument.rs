#![deny(unused)]

use yardstick::{track, track_calls, track_duration};

pub struct Object {
    pub data: String,
}

#[track]
impl Object {
    pub async fn later(&self, data: u8) -> usize {
        self.data.len()
    }

    pub async fn owned_later(&self, data: String) -> usize {
        self.data.len()
    }
}

#[track_duration]
pub fn sync(data: String, _quiet: String) {}

#[track_calls]
pub fn observed(#[allow(unused_variables)] fine: String, data: String) -> u8 {
    1
}

#[track_calls]
pub async fn patterns((a, b): (String, String), Object { data }: Object, c: String) -> usize {
    a.len()
}

fn main() {}
