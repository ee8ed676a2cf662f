//! The listen address of an exporter, as programs and configuration files write it.
//!
//! Invariant: an address is read and never looked up. What listens where is then known without a network, and a name
//! server that is down keeps no program from starting.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

mod sealed {
    pub trait Sealed {}
}

/// An address to listen on: a [`SocketAddr`], a pair of an address and a port, or a text such as `"127.0.0.1:9464"`,
/// `"[::1]:9464"` and `("0.0.0.0", 9464)`.
///
/// `localhost` is 127.0.0.1. Other names are not looked up: [`install`](crate::exporter::ExporterBuilder::install) refuses them
/// with [`InstallError::Address`](crate::exporter::InstallError::Address), as it does what is no address at all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no address to listen on",
    label = "not an address and a port",
    note = "write `\"127.0.0.1:9464\"`, `(\"127.0.0.1\", 9464)` or a `SocketAddr`"
)]
pub trait IntoListenAddress: sealed::Sealed {
    /// The address, or the text that is none.
    #[doc(hidden)]
    fn into_address(self) -> Result<SocketAddr, String>;
}

macro_rules! addresses {
    ($($address:ty),*) => {$(
        impl sealed::Sealed for $address {}

        #[diagnostic::do_not_recommend]
        impl IntoListenAddress for $address {
            fn into_address(self) -> Result<SocketAddr, String> {
                Ok(self.into())
            }
        }
    )*};
}

addresses!(
    SocketAddr,
    SocketAddrV4,
    SocketAddrV6,
    (IpAddr, u16),
    (Ipv4Addr, u16),
    (Ipv6Addr, u16),
    ([u8; 4], u16),
    ([u16; 8], u16)
);

macro_rules! texts {
    ($($text:ty),*) => {$(
        impl sealed::Sealed for $text {}

        #[diagnostic::do_not_recommend]
        impl IntoListenAddress for $text {
            fn into_address(self) -> Result<SocketAddr, String> {
                read(&self)
            }
        }

        impl sealed::Sealed for ($text, u16) {}

        #[diagnostic::do_not_recommend]
        impl IntoListenAddress for ($text, u16) {
            fn into_address(self) -> Result<SocketAddr, String> {
                let (host, port) = (&*self.0, self.1);
                match host_address(host) {
                    Some(address) => Ok((address, port).into()),
                    None => Err(format!("{host}:{port}")),
                }
            }
        }
    )*};
}

texts!(&str, String, &String);

fn read(text: &str) -> Result<SocketAddr, String> {
    let of_host = || {
        let (host, port) = text.rsplit_once(':')?;
        Some((host_address(host)?, port.parse().ok()?).into())
    };
    text.parse().ok().or_else(of_host).ok_or_else(|| text.to_owned())
}

fn host_address(host: &str) -> Option<IpAddr> {
    match host {
        "localhost" => Some(Ipv4Addr::LOCALHOST.into()),
        host => host.parse().ok(),
    }
}

/// What to write instead of a text that is no address.
pub(super) fn advice(text: &str) -> String {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port = port.parse::<u16>().ok();
    let everywhere = host.is_empty() && text.starts_with(':');
    let host = if everywhere { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
    let example = SocketAddr::from((host, port.unwrap_or(9464)));
    format!("write an IP address and a port, such as `{example}`; names are not looked up")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_programs_write_it() {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 9464));
        let read = [
            loopback.into_address(),
            ([127, 0, 0, 1], 9464).into_address(),
            (Ipv4Addr::LOCALHOST, 9464).into_address(),
            "127.0.0.1:9464".into_address(),
            "localhost:9464".to_owned().into_address(),
            ("localhost", 9464).into_address(),
            (String::from("127.0.0.1"), 9464).into_address(),
        ];
        assert!(read.iter().all(|read| *read == Ok(loopback)), "{read:?}");
        let v6 = Ok(SocketAddr::from((Ipv6Addr::LOCALHOST, 0)));
        assert_eq!("[::1]:0".into_address(), v6);
        assert_eq!(("::1", 0).into_address(), v6);
        for text in ["", ":9464", "9464", "metrics.internal:80", "127.0.0.1", "127.0.0.1:65536"] {
            assert_eq!(text.into_address(), Err(text.to_owned()));
        }
    }

    #[test]
    fn advice_keeps_what_could_be_read() {
        assert!(advice(":8080").contains("`0.0.0.0:8080`"));
        assert!(advice("8080").contains("`127.0.0.1:8080`"));
        assert!(advice("metrics.internal:80").contains("`127.0.0.1:80`"));
        assert!(advice("127.0.0.1").contains("`127.0.0.1:9464`"));
    }
}
