//! Requests that are tracked: every one ends once, however it ends, under the route that matched.

use std::{
    future::poll_fn,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
    thread,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Path,
    http::{Request, Response, StatusCode},
    routing::{get, post},
};
use futures_util::{StreamExt as _, stream};
use tower::{Layer as _, ServiceExt as _, service_fn};
use yardstick::{
    MetricSchema as _, Outcome, Registry,
    tower::{
        Method, RequestInfo, RequestMetrics, ResponseInfo, SemanticConventions, StatusClass,
        track_requests,
    },
};
use yardstick_tests::{judges, wire};

/// One request as it was seen: method, route, status class, outcome, bytes of both bodies.
type Seen = (Method, Option<String>, Option<StatusClass>, Outcome, u64, u64);

/// Remembers what it is told, and counts what has begun.
#[derive(Clone, Debug, Default)]
struct Notes(Arc<Mutex<Vec<Seen>>>, Arc<AtomicU32>);

impl RequestMetrics for Notes {
    type InFlight = ();

    fn begin(&self, _: &RequestInfo) {
        self.1.fetch_add(1, Ordering::Release);
    }

    fn end(&self, request: &RequestInfo, response: &ResponseInfo) {
        self.0.lock().expect("not poisoned").push((
            request.method(),
            request.route().map(|route| route.as_str().to_owned()),
            response.status_class(),
            response.outcome(),
            response.request_body_bytes(),
            response.response_body_bytes(),
        ));
    }
}

impl Notes {
    fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.0.lock().expect("not poisoned"))
    }
}

/// Two pieces, without a declared size, of which the second fails if it is to.
fn pieces(fails: bool) -> Body {
    let second = if fails { Err("broken") } else { Ok(Bytes::from("45")) };
    Body::from_stream(stream::iter([Ok(Bytes::from("123")), second]))
}

fn router() -> Router {
    Router::new()
        .route("/orders/{id}", get(|Path(id): Path<u32>| async move { format!("order {id}") }))
        .route("/orders", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/unread", post(|| async { "" }))
        .route("/pieces", get(|| async { pieces(false) }))
        .route("/broken", get(|| async { pieces(true) }))
        .route("/empty", get(|| async { StatusCode::NO_CONTENT }))
        .route("/failing", get(|| async { StatusCode::SERVICE_UNAVAILABLE }))
        .route("/panicking", get(panicking))
        .route("/pending", get(std::future::pending::<()>))
        .fallback(|| async { StatusCode::NOT_FOUND })
}

async fn panicking() {
    panic!("as the test wants");
}

fn request(method: &str, path: &str, body: Body) -> Request<Body> {
    Request::builder().method(method).uri(path).body(body).expect("a request")
}

async fn taken(response: Response<Body>) -> Option<Bytes> {
    axum::body::to_bytes(response.into_body(), usize::MAX).await.ok()
}

fn expected(
    method: Method,
    route: &str,
    status: Option<StatusClass>,
    outcome: Outcome,
    bytes: (u64, u64),
) -> Vec<Seen> {
    let route = (!route.is_empty()).then(|| route.to_owned());
    vec![(method, route, status, outcome, bytes.0, bytes.1)]
}

#[tokio::test]
async fn each_request_ends_once() {
    use Outcome::{Cancelled, Error, Ok, Panic};
    use StatusClass::{ClientError, ServerError, Success};
    let notes = Notes::default();
    let app: Router = router().layer(track_requests(notes.clone()));
    let ask = async |method: &str, path: &str, body: Body| {
        let response = app.clone().oneshot(request(method, path, body)).await.expect("infallible");
        drop(taken(response).await);
        notes.take()
    };
    let get = async |path: &str| ask("GET", path, Body::empty()).await;

    assert_eq!(
        get("/orders/7").await,
        expected(Method::Get, "/orders/{id}", Some(Success), Ok, (0, 7))
    );
    assert_eq!(get("/orders/x").await[0].2, Some(ClientError));
    assert_eq!(get("/nowhere/7").await, expected(Method::Get, "", Some(ClientError), Ok, (0, 0)));
    assert_eq!(
        get("/failing").await,
        expected(Method::Get, "/failing", Some(ServerError), Ok, (0, 0))
    );
    assert_eq!(get("/empty").await, expected(Method::Get, "/empty", Some(Success), Ok, (0, 0)));
    assert_eq!(get("/pieces").await, expected(Method::Get, "/pieces", Some(Success), Ok, (0, 5)));
    assert_eq!(
        get("/broken").await,
        expected(Method::Get, "/broken", Some(Success), Error, (0, 3))
    );

    let head = ask("HEAD", "/orders/7", Body::empty()).await;
    assert_eq!(head, expected(Method::Head, "/orders/{id}", Some(Success), Ok, (0, 0)));
    let posted = ask("POST", "/orders", Body::from("12345")).await;
    assert_eq!(posted, expected(Method::Post, "/orders", Some(Success), Ok, (5, 1)));
    let in_pieces = ask("POST", "/orders", pieces(false)).await;
    assert_eq!(in_pieces, expected(Method::Post, "/orders", Some(Success), Ok, (5, 1)));
    // What is declared counts though nobody reads it; what is not declared counts as it is read.
    assert_eq!(ask("POST", "/unread", Body::from("12345")).await[0].4, 5);
    assert_eq!(ask("POST", "/unread", pieces(false)).await[0].4, 0);
    for (word, method) in
        [("PATCH", Method::Patch), ("BREW", Method::Other), ("get", Method::Other)]
    {
        assert_eq!(ask(word, "/orders/7", Body::empty()).await[0].0, method, "{word}");
    }

    let panicked = tokio::spawn(app.clone().oneshot(request("GET", "/panicking", Body::empty())));
    assert!(panicked.await.is_err());
    assert_eq!(notes.take(), expected(Method::Get, "/panicking", None, Panic, (0, 0)));

    // Cancelled while it is being answered, and while the answer is being taken.
    {
        let mut pending = pin!(app.clone().oneshot(request("GET", "/pending", Body::empty())));
        let polled = poll_fn(|context| Poll::Ready(pending.as_mut().poll(context).is_pending()));
        assert!(polled.await);
        assert_eq!(notes.take(), []);
    }
    assert_eq!(notes.take(), expected(Method::Get, "/pending", None, Cancelled, (0, 0)));
    let response = app.clone().oneshot(request("GET", "/pieces", Body::empty())).await;
    let mut body = response.expect("infallible").into_body().into_data_stream();
    assert!(body.next().await.is_some());
    assert_eq!(notes.take(), []);
    drop(body);
    assert_eq!(notes.take(), expected(Method::Get, "/pieces", Some(Success), Cancelled, (0, 3)));
}

#[tokio::test]
async fn other_stacks_say_what_their_routes_are() {
    let notes = Notes::default();
    let layer = track_requests(notes.clone())
        .route(|request| request.uri.path().starts_with("/a/").then(|| "/a/*".into()));
    let service = layer.layer(service_fn(|request: Request<_>| async move {
        match request.uri().path() {
            "/a/fails" => Err("no answer"),
            _ => Ok(Response::new(Body::empty())),
        }
    }));
    for (path, route, outcome) in [
        ("/a/1", Some("/a/*"), Outcome::Ok),
        ("/b", None, Outcome::Ok),
        ("/a/fails", Some("/a/*"), Outcome::Error),
    ] {
        let answer = service.clone().oneshot(request("GET", path, Body::empty())).await;
        assert_eq!(answer.is_err(), outcome == Outcome::Error);
        drop(answer);
        let seen = notes.take();
        assert_eq!((seen.len(), seen[0].1.as_deref(), seen[0].3), (1, route, outcome), "{path}");
    }
}

#[tokio::test]
async fn the_semantic_conventions_are_kept() {
    let registry = Registry::new();
    let metrics = Arc::new(SemanticConventions::register(&registry).expect("new names"));
    let app: Router = router().layer(track_requests(metrics).url_scheme("https"));
    let active = |method: &str| {
        let labels = [("http_request_method", method), ("url_scheme", "https")];
        registry.sample_value("http_server_active_requests", &labels)
    };
    for (method, path) in [
        ("GET", "/orders/1"),
        ("GET", "/orders/2"),
        ("BREW", "/orders/1"),
        ("GET", "/failing"),
        ("GET", "/no"),
    ] {
        let response = app.clone().oneshot(request(method, path, Body::empty())).await;
        if path.starts_with("/orders") && method == "GET" {
            assert_eq!(active("GET"), Some(1.0), "until the body is taken");
        }
        drop(taken(response.expect("infallible")).await);
    }
    assert!(tokio::spawn(app.oneshot(request("GET", "/panicking", Body::empty()))).await.is_err());
    assert_eq!((active("GET"), active("_OTHER")), (Some(0.0), Some(0.0)));

    let body = registry.render();
    let counts: Vec<_> = body
        .lines()
        .filter(|line| line.starts_with("http_server_request_duration_seconds_count"))
        .map(|line| line.trim_start_matches("http_server_request_duration_seconds_count"))
        .collect();
    let version = "network_protocol_version=\"1.1\",url_scheme=\"https\"";
    let row = |error: &str, method: &str, code: &str, route: &str, count: u32| {
        format!(
            "{{error_type=\"{error}\",http_request_method=\"{method}\",http_response_status_code=\"{code}\",\
             http_route=\"{route}\",{version}}} {count}"
        )
    };
    assert_eq!(
        counts,
        [
            row("", "GET", "200", "/orders/{id}", 2),
            row("", "GET", "404", "", 1),
            row("", "_OTHER", "405", "/orders/{id}", 1),
            row("503", "GET", "503", "/failing", 1),
            row("panic", "GET", "", "/panicking", 1),
        ]
    );
    judges::promtool(&body);
    assert!(!judges::python_openmetrics(&registry.render_openmetrics()).is_empty());
}

/// Serves the application over HTTP, asks by these bytes, and tells what was noted when the connection had ended.
async fn served(
    app: Router,
    notes: &Notes,
    ask: impl FnOnce(SocketAddr) + Send + 'static,
) -> Vec<Seen> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("free ports");
    let address = listener.local_addr().expect("it is bound");
    let server = tokio::spawn(axum::serve(listener, app).into_future());
    tokio::task::spawn_blocking(move || ask(address)).await.expect("it does not panic");
    while notes.0.lock().expect("not poisoned").is_empty() {
        tokio::task::yield_now().await;
    }
    server.abort();
    notes.take()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_server_ends_what_it_serves() {
    let notes = Notes::default();
    let app: Router = router().layer(track_requests(notes.clone()));
    for (head, outcome, bytes) in [
        ("GET /orders/7 HTTP/1.1", Outcome::Ok, 7),
        ("HEAD /orders/7 HTTP/1.1", Outcome::Ok, 0),
        ("GET /empty HTTP/1.1", Outcome::Ok, 0),
        ("GET /pieces HTTP/1.1", Outcome::Ok, 5),
        ("GET /pieces HTTP/1.0", Outcome::Ok, 5),
        ("GET /broken HTTP/1.1", Outcome::Error, 3),
    ] {
        let ask = move |address| {
            drop(wire::exchange(
                address,
                format!("{head}\r\nHost: x\r\nConnection: close\r\n\r\n"),
            ));
        };
        let seen = served(app.clone(), &notes, ask).await;
        assert_eq!(seen.len(), 1, "{head}");
        assert_eq!((seen[0].3, seen[0].5), (outcome, bytes), "{head}");
    }
    let begun = Arc::clone(&notes.1);
    let before = begun.load(Ordering::Acquire);
    let hang_up = move |address| {
        let stream = wire::send(address, "GET /pending HTTP/1.1\r\nHost: x\r\n\r\n");
        // A request that nobody has looked at yet would not even begin.
        while begun.load(Ordering::Acquire) == before {
            thread::yield_now();
        }
        drop(stream);
    };
    let seen = served(app.clone(), &notes, hang_up).await;
    assert_eq!((seen.len(), seen[0].3), (1, Outcome::Cancelled));
}
