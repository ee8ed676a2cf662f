//! The `Host` headers that an endpoint answers: protection against DNS rebinding.
//!
//! A page that a browser shows may send requests to `localhost` under a name of its own (DNS rebinding), and read what
//! is answered. The name stands in the request, so an endpoint that only this machine reaches asks for one of this
//! machine's names.

use std::net::IpAddr;

use hyper::{
    Request,
    header::{HOST, HeaderValue},
};

/// Which hosts are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::exporter) enum Hosts {
    /// The names of this machine if only this machine reaches the endpoint, else any.
    Automatic,
    Any,
    /// These, and the names of this machine. As they were given.
    Named(Vec<String>),
}

/// The hosts of one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    Any,
    /// These, in the form of [`host`], and the names of this machine.
    Named(Vec<String>),
}

impl Hosts {
    /// What they are for an endpoint with this address; `Err` with the first that is none.
    pub(in crate::exporter) fn check(&self) -> Result<(), String> {
        let Self::Named(names) = self else { return Ok(()) };
        names.iter().find(|name| host(name).is_none()).map_or(Ok(()), |name| Err(name.clone()))
    }

    pub(super) fn at(&self, address: IpAddr) -> Allowed {
        match self {
            Self::Automatic if address.to_canonical().is_loopback() => Allowed::Named(Vec::new()),
            Self::Automatic | Self::Any => Allowed::Any,
            Self::Named(names) => {
                Allowed::Named(names.iter().filter_map(|name| host(name)).collect())
            }
        }
    }
}

impl Allowed {
    /// Whether a request is for one of them: it says so in its header, and may say so in its target. A request of
    /// HTTP/1.0 may say nothing, which no browser does.
    pub(super) fn serves<B>(&self, request: &Request<B>) -> bool {
        let header = request.headers().get(HOST).map(HeaderValue::to_str);
        let target = request.uri().authority().map(|authority| Ok(authority.as_str()));
        header.into_iter().chain(target).all(|named| named.is_ok_and(|named| self.has(named)))
    }

    fn has(&self, named: &str) -> bool {
        let Self::Named(names) = self else { return true };
        let Some(host) = host(named) else { return false };
        is_this_machine(&host) || names.contains(&host)
    }
}

fn is_this_machine(host: &str) -> bool {
    host.parse::<IpAddr>().map_or_else(
        |_| host == "localhost" || host.ends_with(".localhost"),
        |address| address.to_canonical().is_loopback(),
    )
}

/// The host of `host`, `host:port`, `[address]` or `[address]:port`, in one form; `None` if it is none of them.
pub(super) fn host(named: &str) -> Option<String> {
    if let Some(rest) = named.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        let address = address.parse::<std::net::Ipv6Addr>().ok().filter(|_| is_port)?;
        return Some(address.to_string());
    }
    if let Ok(address) = named.parse::<IpAddr>() {
        return Some(address.to_string());
    }
    let (name, port) = named.split_once(':').unwrap_or((named, ""));
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_host = !name.is_empty() && name.bytes().all(is_name) && is_port(port);
    is_host.then(|| name.to_ascii_lowercase())
}

/// A client may leave the number out and the colon not.
fn is_port(port: &str) -> bool {
    port.len() <= 5 && port.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serves(allowed: &Allowed, host: &str, target: &str) -> bool {
        let request = Request::builder().uri(target).header(HOST, host).body(());
        allowed.serves(&request.expect("a request"))
    }

    #[test]
    fn names_of_this_machine_are_served_on_loopback() {
        let here = Hosts::Automatic.at([127, 0, 0, 1].into());
        for host in [
            "localhost",
            "LOCALHOST:9464",
            "localhost.:9464",
            "shop.localhost",
            "127.0.0.1",
            "127.1.2.3:9464",
            "[::1]",
            "[::1]:9464",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(serves(&here, host, "/metrics"), "{host}");
        }
        for host in [
            "attacker.example",
            "localhost.attacker.example",
            "localhost:80@attacker.example",
            "127.0.0.1.attacker.example",
            "10.0.0.1",
            "[::2]",
            "[::1",
            "[localhost]",
            "localhost:port",
            "local host",
            "",
        ] {
            assert!(!serves(&here, host, "/metrics"), "{host}");
        }
        assert!(!serves(&here, "localhost", "http://attacker.example/metrics"));
        assert!(serves(&here, "localhost", "http://localhost:9464/metrics"));
        assert!(here.serves(&Request::new(())), "HTTP/1.0 names none");
    }

    #[test]
    fn other_endpoints_serve_what_they_are_told_to() {
        for address in [[0, 0, 0, 0], [10, 0, 0, 1]] {
            assert_eq!(Hosts::Automatic.at(address.into()), Allowed::Any);
        }
        assert_eq!(Hosts::Any.at([127, 0, 0, 1].into()), Allowed::Any);
        let named = Hosts::Named(vec!["Metrics.Example:80".to_owned(), "10.0.0.1".to_owned()]);
        assert_eq!(named.check(), Ok(()));
        let named = named.at([127, 0, 0, 1].into());
        for host in ["metrics.example", "metrics.EXAMPLE:8080", "10.0.0.1", "localhost"] {
            assert!(serves(&named, host, "/"), "{host}");
        }
        assert!(!serves(&named, "other.example", "/"));
        let wrong = Hosts::Named(vec!["http://metrics.example".to_owned()]);
        assert_eq!(wrong.check(), Err("http://metrics.example".to_owned()));
    }
}
