//! What stands between clients and the server: whether they are encrypted, and whose address theirs is.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::api::Peer;

/// The header in which a proxy says who has sent a request. Each writes the address it sees at the end; what stands before
/// may be invented.
const FORWARDED: &str = "x-forwarded-for";

/// How clients reach the server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings {
    /// The server encrypts.
    pub is_encrypted: bool,
    /// A proxy encrypts, and nobody else reaches the server.
    pub is_behind_proxy: bool,
}

impl Surroundings {
    /// Where a request comes from.
    pub(crate) fn peer(self, headers: &HeaderMap, peer: SocketAddr) -> Peer {
        let told = self.is_behind_proxy.then(|| headers.get_all(FORWARDED).iter().next_back()).flatten();
        let last = told.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
        Peer { address: last.unwrap_or_else(|| peer.ip()), is_secure: self.is_encrypted || self.is_behind_proxy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_says_whose_address_it_is_and_only_its_own_word_counts() {
        let peer: SocketAddr = "127.0.0.1:9".parse().expect("an address");
        let address = |is_behind_proxy: bool, told: &[&str]| {
            let mut headers = HeaderMap::new();
            for told in told {
                headers.append(FORWARDED, told.parse().expect("a value"));
            }
            Surroundings { is_encrypted: false, is_behind_proxy }.peer(&headers, peer).address.to_string()
        };
        assert_eq!(address(false, &["10.0.0.1"]), "127.0.0.1");
        assert_eq!(address(true, &["10.0.0.1, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(address(true, &["10.0.0.1", "2001:db8::1"]), "2001:db8::1");
        assert_eq!(address(true, &["x"]), "127.0.0.1");
        assert_eq!(address(true, &[]), "127.0.0.1");
    }
}
