//! A client that sends exactly the bytes it is told to, which no well-kept client does.

use std::{
    io::{self, Read, Write as _},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

/// How long an answer may take before a test fails.
const DEADLINE: Duration = Duration::from_secs(60);

/// One answer: its head, with the empty line after it, and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status line and the headers.
    pub head: String,
    /// Everything after them.
    pub body: Vec<u8>,
}

impl Answer {
    /// The number in the status line; 0 if there was no answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        let status = self.head.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.unwrap_or(0)
    }

    /// The body as text.
    ///
    /// # Panics
    ///
    /// When it is not text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is text")
    }
}

/// Connects, sends the bytes, and leaves the connection to the caller.
///
/// # Panics
///
/// When nobody listens. That the other side closes before it has read everything is no error.
#[must_use]
pub fn send(address: SocketAddr, bytes: impl AsRef<[u8]>) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("the endpoint listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
    stream.set_write_timeout(Some(DEADLINE)).expect("a timeout");
    let _ = stream.write_all(bytes.as_ref());
    stream
}

/// Connects from an address of this machine that other clients do not have: all of `127.0.0.0/8` are.
///
/// # Errors
///
/// What the system says; a connection that the other side closes at once may not come about.
pub fn connect_from(source: Ipv4Addr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((source, 0)).into())?;
    socket.connect(&address.into())?;
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.set_write_timeout(Some(DEADLINE))?;
    Ok(stream)
}

/// As [`request`], from an address of its own; the status is 0 if there was no answer.
#[must_use]
pub fn request_from(source: Ipv4Addr, address: SocketAddr, path: &str, headers: &str) -> Answer {
    let none = Answer { head: String::new(), body: Vec::new() };
    let Ok(mut stream) = connect_from(source, address) else { return none };
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    if stream.write_all(head.as_bytes()).is_err() {
        return none;
    }
    split(rest(&mut stream))
}

/// A scrape of which the answer has begun; the caller reads the rest of it, or not.
///
/// # Panics
///
/// When the answer does not begin with status 200.
#[must_use]
pub fn begun(address: SocketAddr) -> TcpStream {
    let head = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let mut stream = send(address, head);
    let mut first = [0; 12];
    stream.read_exact(&mut first).expect("the answer begins");
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
}

/// Everything that comes until the connection ends, by whatever side or cause.
#[must_use]
pub fn rest(stream: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset after the answer is what a client gets whose request was not read to its end.
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

/// Sends the bytes and takes everything that comes back as one answer.
#[must_use]
pub fn exchange(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Answer {
    split(rest(&mut send(address, bytes)))
}

/// As [`exchange`], and says that nothing more will be sent.
///
/// # Panics
///
/// When the endpoint is gone already.
#[must_use]
pub fn exchange_half(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Answer {
    let mut stream = send(address, bytes);
    stream.shutdown(Shutdown::Write).expect("a connection");
    split(rest(&mut stream))
}

/// The answer to `METHOD path` with these further header lines, each with its line end.
#[must_use]
pub fn request(address: SocketAddr, method: &str, path: &str, headers: &str) -> Answer {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    );
    exchange(address, head)
}

/// An answer from its bytes.
///
/// # Panics
///
/// When its head is not text.
#[must_use]
pub fn split(mut bytes: Vec<u8>) -> Answer {
    let end = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let body = bytes.split_off(end.map_or(bytes.len(), |end| end + 4));
    Answer { head: String::from_utf8(bytes).expect("a head is text"), body }
}
