//! Which machines may be asked.
//!
//! In: the host of an address. Out: the addresses of its machine. Never: one of a private, local or reserved network, whether a name
//! or a redirect leads there, unless a flag for tests opens them.
//!
//! It is the resolver of the HTTP client, so that what was checked is what is connected to.

pub use ipnet::IpNet as Network;
use once_cell::sync::Lazy;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Networks that are not the public internet: the registries of special purpose of IANA (RFC 6890 and later).
static RESERVED: Lazy<Vec<Network>> = Lazy::new(|| {
    let v4 = "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 \
              198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4";
    let v6 = "::/128 ::1/128 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8";
    v4.split_whitespace().chain(v6.split_whitespace()).filter_map(|n| n.parse().ok()).collect()
});

/// The most addresses of one host that the client takes.
const ADDRESSES: usize = 16;

/// The addresses that a machine is asked at.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Networks that are opened although they are not public: for tests.
    pub open: Vec<Network>,
    /// Hosts with an address of their own, before any look-up.
    pub hosts: HashMap<String, SocketAddr>,
}

/// Why a machine is not asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the name {0} is not known")]
    Unknown(String),
    #[error("{host} is at {address}, which is no public address")]
    Private { host: String, address: IpAddr },
}

impl Guard {
    /// The addresses of a host.
    ///
    /// # Errors
    /// When there is none, or one of them is not public: a name with both is a trick.
    pub fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Refused> {
        let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
        let found: Vec<SocketAddr> = match self.hosts.get(&host) {
            Some(address) => vec![*address],
            None => (host.as_str(), port).to_socket_addrs().map_err(|_| Refused::Unknown(host.clone()))?.collect(),
        };
        if let Some(bad) = found.iter().find(|a| is_reserved(a.ip()) && !self.open.iter().any(|net| net.contains(&a.ip()))) {
            return Err(Refused::Private { host, address: bad.ip() });
        }
        if found.is_empty() { Err(Refused::Unknown(host)) } else { Ok(found) }
    }
}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or("");
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let found = self.addresses(host, port).map_err(|refused| match refused {
            Refused::Unknown(_) => ureq::Error::HostNotFound,
            Refused::Private { .. } => ureq::Error::Other(Box::new(refused)),
        })?;
        let mut out = self.empty();
        found.into_iter().take(ADDRESSES).for_each(|a| out.push(a));
        Ok(out)
    }
}

/// Is it an address that the public internet does not lead to?
pub fn is_reserved(ip: IpAddr) -> bool {
    let ip = inner(ip);
    RESERVED.iter().any(|net| net.contains(&ip))
}

/// The IPv4 address that an IPv6 one wraps: mapped, NAT64, 6to4.
fn inner(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else {
        return ip;
    };
    let s = v6.segments();
    let v4 = |a: u16, b: u16| IpAddr::V4(Ipv4Addr::from(u32::from(a) << 16 | u32::from(b)));
    match s {
        [0, 0, 0, 0, 0, 0xFFFF, a, b] | [0x64, 0xFF9B, 0, 0, 0, 0, a, b] => v4(a, b),
        [0, 0, 0, 0, 0, 0, a, b] if a != 0 => v4(a, b),
        [0x2002, a, b, ..] => v4(a, b),
        _ => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_internet_is_open_and_nothing_else() {
        let reserved = |ip: &str| is_reserved(ip.parse().unwrap());
        let closed = [
            "127.0.0.1",
            "10.1.2.3",
            "172.20.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "::",
        ];
        assert!(closed.iter().all(|ip| reserved(ip)), "{:?}", closed.iter().filter(|ip| !reserved(ip)).collect::<Vec<_>>());
        assert!(["113.160.0.1", "8.8.8.8", "2405:4800::1", "::ffff:8.8.8.8", "172.32.0.1"].iter().all(|ip| !reserved(ip)));
    }

    #[test]
    fn names_and_odd_writings_of_private_addresses_are_refused() {
        let guard = Guard::default();
        for host in ["localhost", "127.0.0.1", "[::1]", "127.1", "LOCALHOST."] {
            let refused = guard.addresses(host, 80);
            assert!(matches!(refused, Err(Refused::Private { .. } | Refused::Unknown(_))), "{host}: {refused:?}");
        }
        assert!(Guard { open: vec!["127.0.0.0/8".parse().unwrap()], ..Guard::default() }.addresses("127.0.0.1", 80).is_ok());
    }

    #[test]
    fn a_mapped_host_is_checked_too() {
        let hosts = HashMap::from([("a.example".to_owned(), "127.0.0.1:81".parse().unwrap())]);
        assert!(matches!(Guard { hosts: hosts.clone(), ..Guard::default() }.addresses("A.example", 80), Err(Refused::Private { .. })));
        assert_eq!(Guard { hosts, open: vec!["127.0.0.1/32".parse().unwrap()] }.addresses("A.example", 80).unwrap()[0].port(), 81);
    }
}
