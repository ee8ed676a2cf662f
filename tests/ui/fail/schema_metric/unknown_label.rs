use yardstick::{Histogram, LabelSet, MetricSchema, track_duration};

#[derive(LabelSet)]
struct RequestLabels {
    endpoint: &'static str,
    status: &'static str,
}

#[derive(MetricSchema)]
struct Shop {
    /// Time.
    time: Histogram<RequestLabels>,
}

#[track_duration(Shop::time, labels = RequestLabels { endpiont: "/", status: "none" })]
fn misspelt() {}

#[track_duration(Shop::time, labels = RequestLabels { endpoint: "/" })]
fn incomplete() {}

#[track_duration(
    Shop::time,
    labels = RequestLabels { endpoint: "/", status: "none" },
    result_labels(stauts = |_| "ok")
)]
fn result() {}

#[track_duration(
    Shop::time,
    labels = RequestLabels { endpoint: "/", status: "none" },
    result_labels(status = |code: &u16| *code)
)]
fn result_of_another_type() -> u16 {
    200
}

fn main() {}
