//! Functions with attributes.

use std::hint::black_box;

use yardstick::{track, track_calls, track_duration};

use crate::{
    rows::{Rows, Work},
    workloads::{self, MANY_SETS, Method, SETS},
};

/// Adds the rows of programs with an exporter, which must be installed.
pub fn rows(rows: &mut Rows) {
    rows.ours(Work::Call, "#[track_calls]", workloads::calls(call_a, call_b, call_c, call_d));
    rows.ours(Work::EnumLabels, "#[track_calls]", workloads::enums(enums));
    rows.ours(Work::StringLabels, "#[track_calls]", workloads::strings(SETS, strings));
    rows.ours(Work::ManyStringLabels, "#[track_calls]", workloads::strings(MANY_SETS, many));
    rows.ours(Work::FreshThread, "#[track_calls]", workloads::strings(MANY_SETS, fresh));
    rows.ours(Work::Duration, "#[track_duration]", workloads::call(timed));
    rows.ours(Work::All, "#[track]", workloads::call(all));
    rows.ours(Work::All, "#[track] async", workloads::polls(all_async));
    rows.ours(Work::AsyncCall, "#[track_calls]", workloads::polls(call_async));
}

/// Adds the rows of programs that install nothing.
pub fn rows_off(rows: &mut Rows) {
    let calls = || workloads::calls(call_a, call_b, call_c, call_d);
    rows.ours(Work::Off, "#[track_calls]", calls());
    rows.ours(Work::Off, "#[track_duration]", workloads::call(timed));
    rows.ours(Work::Off, "#[track]", workloads::call(all));
    rows.ours(Work::OffAsync, "#[track_calls]", workloads::polls(call_async));
    rows.ours(Work::OffAsync, "#[track_duration]", workloads::polls(timed_async));
    rows.ours(Work::OffAsync, "#[track]", workloads::polls(all_async));
}

#[track_calls]
#[inline(never)]
fn call_a() {}

#[track_calls]
#[inline(never)]
fn call_b() {}

#[track_calls]
#[inline(never)]
fn call_c() {}

#[track_calls]
#[inline(never)]
fn call_d() {}

#[track_calls]
#[inline(never)]
async fn call_async() {}

#[track_duration]
#[inline(never)]
fn timed() {}

#[track_duration]
#[inline(never)]
async fn timed_async() {}

#[track]
#[inline(never)]
fn all() {}

#[track]
#[inline(never)]
async fn all_async() {}

#[track_calls("site_enums", labels(method = method, cached = cached))]
#[inline(never)]
fn enums(method: Method, cached: bool) {
    black_box((method, cached));
}

#[track_calls("site_strings", labels(route = route, user = user))]
#[inline(never)]
fn strings(route: &str, user: &str) {
    black_box((route, user));
}

#[track_calls("site_many_strings", labels(route = route, user = user))]
#[inline(never)]
fn many(route: &str, user: &str) {
    black_box((route, user));
}

#[track_calls("site_fresh_thread", labels(route = route, user = user))]
#[inline(never)]
fn fresh(route: &str, user: &str) {
    black_box((route, user));
}
