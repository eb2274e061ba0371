//! Where messages may go: to public addresses, so that nobody makes this server speak to the machines beside it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::outgoing::Target;

/// Which addresses are allowed beside public ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// The machine itself, also without encryption: for tests.
    pub loopback: bool,
}

/// Reads the address of a receiver.
///
/// # Errors
/// Why nothing is sent there, in words.
pub(crate) fn receiver(url: &str, policy: Policy) -> Result<Target, String> {
    let target = Target::parse(url)?;
    if !target.is_encrypted && !policy.loopback {
        return Err("messages are sent to https:// addresses only".into());
    }
    if let Ok(ip) = target.host.parse::<IpAddr>() {
        policy.check(ip, target.is_encrypted)?;
    }
    Ok(target)
}

impl Policy {
    /// Refuses an address that a name led to.
    ///
    /// # Errors
    /// Why nothing is sent there.
    pub(crate) fn check(self, ip: IpAddr, is_encrypted: bool) -> Result<(), String> {
        let ip = ip.to_canonical();
        let is_allowed = if self.loopback && ip.is_loopback() { true } else { is_encrypted && is_public(ip) };
        if is_allowed { Ok(()) } else { Err(format!("{ip} is no public address; messages are not sent there")) }
    }
}

/// Whether an address belongs to somebody on the internet, by the registries of special addresses (RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = match (a, b, c) {
        // This network, carriers' own, protocols, 6to4 relays, benchmarks, reserved.
        (0 | 240..=255, ..) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _) => true,
        _ => false,
    };
    !(is_special
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Only 2000::/3 is given to anybody; of it not protocols (Teredo among them), documentation and 6to4, which lead
    // elsewhere.
    let is_special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    a & 0xe000 == 0x2000 && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_refused() {
        for special in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::a00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            let ip: IpAddr = special.parse().expect(special);
            assert!(Policy::default().check(ip, true).is_err(), "{special}");
            let is_loopback = ip.to_canonical().is_loopback();
            assert_eq!(Policy { loopback: true }.check(ip, false).is_ok(), is_loopback, "{special}");
        }
        for public in ["1.1.1.1", "100.63.0.1", "100.128.0.1", "172.32.0.1", "198.20.0.1", "2606:4700::1", "2a00::1"] {
            let ip: IpAddr = public.parse().expect(public);
            assert!(Policy::default().check(ip, true).is_ok(), "{public}");
            assert!(Policy { loopback: true }.check(ip, false).is_err(), "{public} without encryption");
        }
    }

    #[test]
    fn addresses_are_taken_apart() {
        let read = |url: &str, loopback| receiver(url, Policy { loopback });
        let target = read("https://example.com/a?b=c", false).expect("good");
        assert_eq!((target.host.as_str(), target.port, target.path.as_str()), ("example.com", 443, "/a?b=c"));
        assert_eq!(read("https://[2a00::1]:8443", false).expect("good").host, "2a00::1");
        for refused in [
            "http://example.com/",
            "ftp://example.com/",
            "example.com",
            "/a",
            "https://user:secret@example.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1:8080/",
            "https://",
            "not an address",
        ] {
            assert!(read(refused, false).is_err(), "{refused}");
        }
        assert!(read("http://127.0.0.1:9/", true).is_ok() && read("http://10.0.0.1/", true).is_err());
        let long = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
        assert!(read(&long(2_048), false).is_ok() && read(&long(2_049), false).is_err());
    }
}
