//! Which addresses may be gone to: http and https, and no private network in any spelling.
//!
//! Ranges are those that the IANA special-purpose registries (RFC 6890) do not call globally reachable. Addresses that
//! carry an IPv4 address inside (IPv4-mapped, 6to4, NAT64) are judged by it. Names are judged by what they resolve to, in
//! [`super::resolver`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

use crate::model::Failure;
use crate::publish::public_address;

/// Longer addresses are refused: no honest news address comes near.
const MAX_ADDRESS_LENGTH: usize = 8 * 1024;

/// The rule of where to go, with the networks that the operator opened.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    allowed: Vec<IpNet>,
}

impl Guard {
    pub(super) fn new(allowed: &[IpNet]) -> Self {
        Self {
            allowed: allowed.to_vec(),
        }
    }

    /// Lets every number pass: what is played from a recording reaches no network.
    pub(super) fn open() -> Self {
        let everywhere = [IpAddr::from([0; 4]), IpAddr::from([0; 16])];
        Self {
            allowed: everywhere
                .iter()
                .filter_map(|ip| IpNet::new(*ip, 0).ok())
                .collect(),
        }
    }

    /// Judges what an address says of itself: scheme, length, and the host where it is a number.
    pub(super) fn check(&self, address: &Url) -> Result<(), Failure> {
        if !matches!(address.scheme(), "http" | "https") {
            return Err(forbidden(address, "only http and https are fetched"));
        }
        if address.as_str().len() > MAX_ADDRESS_LENGTH {
            return Err(forbidden(address, "the address is absurdly long"));
        }
        let number = match address.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(forbidden(address, "it names no host")),
        };
        if self.admits(number) {
            return Ok(());
        }
        Err(forbidden(
            address,
            &format!("`{number}` is not a public address"),
        ))
    }

    /// Whether a connection to this address is allowed.
    pub(super) fn admits(&self, ip: IpAddr) -> bool {
        let judged = embedded(ip);
        is_public(judged)
            || self
                .allowed
                .iter()
                .any(|network| network.contains(&ip) || network.contains(&judged))
    }
}

fn forbidden(address: &Url, reason: &str) -> Failure {
    Failure::ForbiddenAddress {
        address: shown(address),
        reason: reason.to_owned(),
    }
}

/// An address as messages show it: without credentials and tokens, and not longer than a line.
pub(super) fn shown(address: &Url) -> String {
    public_address(address).chars().take(200).collect()
}

/// The IPv4 address inside an IPv6 one, where there is one; else the address itself.
fn embedded(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let octets = v6.octets();
    let segments = v6.segments();
    let last = Ipv4Addr::new(octets[12], octets[13], octets[14], octets[15]);
    if let Some(mapped) = v6.to_ipv4_mapped() {
        return IpAddr::V4(mapped);
    }
    match segments {
        // NAT64 (RFC 6052), well-known prefix.
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => IpAddr::V4(last),
        // 6to4 (RFC 3056).
        [0x2002, ..] => IpAddr::V4(Ipv4Addr::new(octets[2], octets[3], octets[4], octets[5])),
        // IPv4-compatible, out of use since RFC 4291; `::` and `::1` stay what they are.
        [0, 0, 0, 0, 0, 0, high, _] if high != 0 => IpAddr::V4(last),
        _ => ip,
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) => true,
        (100, 64..=127, _) => true, // shared by carriers (RFC 6598)
        (169, 254, _) => true,      // link-local; cloud metadata lives here
        (172, 16..=31, _) | (192, 168, _) => true, // private (RFC 1918)
        (192, 0, 0 | 2) | (192, 88, 99) => true, // protocol assignments, documentation, 6to4 relays
        (198, 18..=19, _) => true,  // benchmarks (RFC 2544)
        (198, 51, 100) | (203, 0, 113) => true, // documentation (RFC 5737)
        (224..=255, ..) => true,    // multicast, reserved, broadcast
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    match segments {
        [0x2001, second, ..] if second < 0x0200 => false, // protocol assignments, Teredo among them (RFC 2928)
        [0x2001, 0x0db8, ..] => false,                    // documentation (RFC 3849)
        [0x3fff, second, ..] if second < 0x1000 => false, // documentation (RFC 9637)
        // Only 2000::/3 is global unicast (RFC 4291): unique local, link-local, multicast and the rest are outside.
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> bool {
        let address = Url::parse(address).expect("an address");
        Guard::default().check(&address).is_err()
    }

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "2130706433",
            "0177.0.0.1",
            "0x7f.1",
            "127.1",
            "0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::7f00:1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2002:c0a8:101::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[3fff:1::1]",
            "[100::1]",
        ] {
            assert!(refused(&format!("http://{host}/feed")), "{host}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in [
            "93.184.215.14",
            "172.32.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "[2a00:1450::1]",
            "[2002:5db8:d70e::1]",
            "[64:ff9b::5db8:d70e]",
            "www.example.org",
        ] {
            assert!(!refused(&format!("https://{host}/feed")), "{host}");
        }
    }

    #[test]
    fn only_http_is_spoken_and_no_address_is_endless() {
        for address in [
            "file:///etc/passwd",
            "ftp://example.org/a",
            "data:text/html,x",
            "javascript:1",
            "gopher://example.org/",
        ] {
            assert!(refused(address), "{address}");
        }
        assert!(refused(&format!(
            "https://example.org/{}",
            "a".repeat(9000)
        )));
    }

    #[test]
    fn an_opened_network_is_open_in_its_embedded_forms_too() {
        let guard = Guard::new(&["127.0.0.0/8".parse().expect("a network")]);
        for host in ["127.0.0.1", "[::ffff:127.0.0.1]"] {
            let address = Url::parse(&format!("http://{host}:8080/")).expect("an address");
            assert!(guard.check(&address).is_ok(), "{host}");
        }
        assert!(
            guard
                .check(&Url::parse("http://10.0.0.1/").expect("an address"))
                .is_err()
        );
    }

    #[test]
    fn credentials_are_never_shown() {
        let address =
            Url::parse("ftp://user:secret@example.org/a?token=secret").expect("an address");
        assert!(!shown(&address).contains("secret"));
    }
}
