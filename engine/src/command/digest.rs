//! Digests by which bytes are known again without being kept: of idempotency keys, and of what was asked under them.
//!
//! SHA-256 cut to its first half: nobody finds two requests, or two keys, that are taken for each other.

use sha2::{Digest as _, Sha256};

/// Sixteen bytes that stand for any number of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 16]);

/// A digest in the making, of bytes that come piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Digester(Sha256);

impl Digest {
    /// Of bytes that are all there.
    pub fn of(bytes: &[u8]) -> Self {
        let mut digester = Digester::default();
        digester.update(bytes);
        digester.finish()
    }
}

impl Digester {
    /// Goes on with more bytes; where one piece ends and the next begins makes no difference.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes.
    pub fn finish(self) -> Digest {
        let whole: [u8; 32] = self.0.finalize().into();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        Digest(half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_the_standard() {
        // FIPS 180-2, appendix B.1: SHA-256 of "abc" begins so.
        let wanted = [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23];
        assert_eq!(Digest::of(b"abc"), Digest(wanted));
        let mut pieces = Digester::default();
        [&b"a"[..], b"", b"bc"].into_iter().for_each(|piece| pieces.update(piece));
        assert_eq!(pieces.finish(), Digest(wanted));
    }
}
