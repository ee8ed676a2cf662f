use yardstick::{Registry, track, track_calls, track_duration, track_errors};

struct Request {
    tenant: Option<&'static str>,
}

#[track("asked", labels(tenant = request.tenant?))]
fn question_mark(request: &Request) -> Option<usize> {
    request.tenant.map(str::len)
}

#[track_duration("asked_late", labels(tenant = format!("{}", request.tenant?)))]
async fn question_mark_in_a_macro(request: &Request) -> Option<usize> {
    request.tenant.map(str::len)
}

#[track_duration("returned", labels(tenant = match request.tenant { Some(tenant) => tenant, None => return }))]
fn returning(request: &Request) {
    let _ = request.tenant;
}

#[track_calls("waited", labels(tenant = tenant().await))]
async fn waiting() -> u8 {
    1
}

async fn tenant() -> &'static str {
    "a"
}

#[track_calls("left", labels(tenant = loop { break if true { break 'outer } else { "a" } }))]
fn leaving() -> u8 {
    1
}

#[track_errors("from_result", result_labels(kind = kind()?))]
fn labelled_by_result() -> Result<u8, String> {
    Ok(1)
}

fn kind() -> Result<fn(&Result<u8, String>) -> &'static str, String> {
    Err(String::new())
}

#[track_calls(registry = registry?)]
fn recorded_elsewhere(registry: Option<&Registry>) -> Option<u8> {
    registry.map(|_| 1)
}

#[track_calls(
    "fine",
    labels(
        closure = (|| Some(request.tenant?.len()))().unwrap_or(0),
        first = 'a: { for length in [1_u8, 2] { if length > 1 { break 'a length } else { continue } } 0 }
    )
)]
fn fine(request: &Request) -> u8 {
    u8::from(request.tenant.is_some())
}

fn main() {
    let request = Request { tenant: None };
    let _ = question_mark(&request);
    drop(question_mark_in_a_macro(&request));
    returning(&request);
    drop((waiting(), tenant()));
    let _ = leaving();
    let _ = labelled_by_result();
    let _ = recorded_elsewhere(None);
    let _ = (fine(&request), kind());
}
