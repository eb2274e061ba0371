//! API keys as text: `mk_<prefix>_<secret>`. The prefix finds the key and may be shown; the secret is 256 random bits.
//! Sessions and invitations of people are such a secret alone.
//!
//! Of the secret only its SHA-256 is kept. A slow hash is for what people choose: nobody guesses one of 2^256 values,
//! however fast each guess is.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;

/// What keys begin with, so that they are recognised where they should not be.
const SCHEME: &str = "mk_";

/// Bytes of a prefix: enough that no two keys of an installation share one.
const PREFIX_BYTES: usize = 6;

/// Bytes of a secret.
const SECRET_BYTES: usize = 32;

/// Characters of the longest text that may be a key; a longer header is not looked at.
const CHARS_MAX: usize = 100;

/// A key that was just made: its text is shown once.
pub struct Secret {
    /// What finds it.
    pub prefix: String,
    /// What its holder sends.
    pub text: String,
    /// What is kept of it.
    pub digest: [u8; 32],
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({SCHEME}{}_...)", self.prefix)
    }
}

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn new() -> Result<Self, String> {
        let (mut prefix, mut secret) = ([0; PREFIX_BYTES], [0; SECRET_BYTES]);
        let random = SystemRandom::new();
        let filled = random.fill(&mut prefix).and_then(|()| random.fill(&mut secret));
        filled.map_err(|_| "the system gives no random bytes")?;
        let prefix: String = prefix.iter().map(|byte| format!("{byte:02x}")).collect();
        let secret = BASE64_URL_SAFE_NO_PAD.encode(secret);
        Ok(Self { text: format!("{SCHEME}{prefix}_{secret}"), digest: digest_of(&secret), prefix })
    }
}

/// The prefix of a text that looks like a key, and the digest of its secret.
pub(super) fn parse(text: &str) -> Option<(&str, [u8; 32])> {
    let rest = Some(text).filter(|text| text.len() <= CHARS_MAX)?.strip_prefix(SCHEME)?;
    let (prefix, secret) = rest.split_once('_')?;
    let is_prefix = prefix.len() == 2 * PREFIX_BYTES && prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_prefix.then(|| (prefix, digest_of(secret)))
}

/// Whether two digests are equal, in a time that does not tell where they differ.
pub(super) fn is_same(left: &[u8; 32], right: &[u8; 32]) -> bool {
    left.ct_eq(right).into()
}

/// 256 random bits as text, and the digest that is kept of them.
pub(crate) fn token() -> Result<(String, [u8; 32]), String> {
    let mut secret = [0; SECRET_BYTES];
    SystemRandom::new().fill(&mut secret).map_err(|_| "the system gives no random bytes")?;
    let text = BASE64_URL_SAFE_NO_PAD.encode(secret);
    let digest = digest_of(&text);
    Ok((text, digest))
}

/// The digest of a text that may be a token; none for what is too long to be one.
pub(crate) fn token_digest(text: &str) -> Option<[u8; 32]> {
    (text.len() <= CHARS_MAX).then(|| digest_of(text))
}

fn digest_of(secret: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_prefix_and_known_by_its_digest() {
        let key = Secret::new().expect("randomness");
        let (prefix, digest) = parse(&key.text).expect("a key");
        assert_eq!(prefix, key.prefix);
        assert!(is_same(&digest, &key.digest));
        assert_eq!(key.text.len(), 3 + 12 + 1 + 43);
        assert_ne!(key.text, Secret::new().expect("randomness").text);
        assert!(!format!("{key:?}").contains(&key.text[16..]), "the secret is not printed by accident");
    }

    #[test]
    fn each_bit_of_a_secret_counts() {
        let key = Secret::new().expect("randomness");
        for at in key.text.len() - 43..key.text.len() {
            let mut bytes = key.text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(bytes).expect("ASCII");
            let (_, digest) = parse(&other).expect("the form of a key");
            assert!(!is_same(&digest, &key.digest), "{at}");
        }
        for text in
            ["", "mk_", "mk_x_y", "mk_00112233445_x", "xx_001122334455_y", &format!("{}{}", key.text, "A".repeat(60))]
        {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
