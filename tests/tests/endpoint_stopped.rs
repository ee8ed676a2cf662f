//! A process that is stopped for longer than clients may take: what they sent meanwhile is answered.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use yardstick::exporter::Limits;
use yardstick_tests::wire;

/// Set in the process that is stopped.
const SERVE: &str = "YARDSTICK_SERVE";

/// How long that process gives clients to send a request.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(1);

#[test]
fn time_that_nobody_ran_does_not_count() {
    if std::env::var_os(SERVE).is_some() {
        return serve();
    }
    let mut child = Command::new(std::env::current_exe().expect("a path"))
        .arg("--nocapture")
        .env(SERVE, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let address = output.by_ref().map_while(Result::ok).find_map(|line| {
        line.strip_prefix("serving on ").map(|address| address.parse().expect("an address"))
    });
    let address = address.expect("it serves");

    // One has sent half of its request, and one nothing, when the process is stopped.
    let mut half = wire::send(address, "GET /-/ready HTTP/1.1\r\n");
    let mut silent = wire::send(address, "");
    assert_eq!(wire::request(address, "GET", "/-/healthy", "").status(), 200);
    signal(&child, "STOP");
    let stopped = Instant::now();
    let rest = "Host: localhost\r\nConnection: close\r\n\r\n";
    half.write_all(rest.as_bytes()).expect("the system takes it");
    // There is nothing to wait for but the time.
    std::thread::sleep(HEADER_READ_TIMEOUT * 4);
    assert!(stopped.elapsed() > HEADER_READ_TIMEOUT * 3);
    signal(&child, "CONT");
    assert_eq!(wire::split(wire::rest(&mut half)).status(), 200);
    silent.write_all(format!("GET /-/ready HTTP/1.1\r\n{rest}").as_bytes()).expect("it is open");
    assert_eq!(wire::split(wire::rest(&mut silent)).status(), 200);

    drop(child.stdin.take());
    // What the harness says is read to its end, so that it can say it.
    assert!(output.all(|line| line.is_ok()));
    assert!(child.wait().expect("it ends").success());
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(sent.expect("every system has kill").success());
}

fn serve() {
    let mut limits = Limits::default();
    limits.header_read_timeout = HEADER_READ_TIMEOUT;
    let exporter = yardstick::exporter().listen(([127, 0, 0, 1], 0)).limits(limits).install();
    let exporter = exporter.expect("nothing else is installed");
    // After what the harness has written on this line.
    println!("\nserving on {}", exporter.local_addr());
    // Until the other process has seen enough.
    let _ = std::io::stdin().read(&mut [0]);
    assert!(exporter.shutdown_blocking().is_ok());
}
