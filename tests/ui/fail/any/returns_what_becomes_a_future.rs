use std::future::{Future, IntoFuture, Ready, ready};

use yardstick::{track, track_calls, track_duration};

#[track_duration]
fn by_trait() -> impl IntoFuture<Output = u8, IntoFuture: Future<Output = u8>> {
    ready(1)
}

struct Request;

impl IntoFuture for Request {
    type Output = u8;
    type IntoFuture = Ready<u8>;

    fn into_future(self) -> Ready<u8> {
        ready(1)
    }
}

#[track_calls]
fn by_type() -> Request {
    Request
}

struct Client;

#[track("requests")]
impl Client {
    fn request(&self) -> impl Send + IntoFuture<Output = u8> {
        ready(1)
    }
}

fn main() {
    let _ = (by_trait(), by_type().into_future(), Client.request());
}
