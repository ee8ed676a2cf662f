use yardstick::track_duration;

#[track_duration("timed", labels = "a")]
fn timed() {}

#[track_duration("helped", help("Help."))]
fn helped() {}

#[track_duration("bounded", buckets(5ms, 10ms))]
fn bounded() {}

#[track_duration("labelled", result_labels = |ret| "a")]
fn labelled() {}

fn main() {
    timed();
    helped();
    bounded();
    labelled();
}
