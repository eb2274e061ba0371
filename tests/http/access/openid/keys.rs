//! Keys of an issuer: RSA written out after RFC 8017, since no library here makes such keys, the others by `ring`.

use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Bytes of an RSA modulus: the shortest that counts.
const MODULUS_BYTES: usize = 256;

/// What stands before a SHA-256 in a signature (RFC 8017, section 9.2).
const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

pub(super) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A key that signs.
pub(super) enum Signer {
    Rsa { modulus: BigUint, exponent: BigUint },
    Elliptic(EcdsaKeyPair),
    Edwards(Ed25519KeyPair),
}

impl Signer {
    /// One that all tests share: making it takes a moment.
    pub(super) fn rsa() -> Self {
        static MADE: OnceLock<(BigUint, BigUint)> = OnceLock::new();
        let (modulus, exponent) = MADE.get_or_init(rsa).clone();
        Self::Rsa { modulus, exponent }
    }

    pub(super) fn elliptic() -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        Self::Elliptic(EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).expect("a key"))
    }

    pub(super) fn edwards() -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        Self::Edwards(Ed25519KeyPair::from_pkcs8(made.as_ref()).expect("a key"))
    }

    /// What a token says about how it is signed.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "RS256",
            Self::Elliptic(_) => "ES256",
            Self::Edwards(_) => "EdDSA",
        }
    }

    /// What the issuer publishes.
    pub(super) fn published(&self, name: &str) -> Json {
        match self {
            Self::Rsa { modulus, .. } => json!({"kty": "RSA", "kid": name, "use": "sig", "alg": "RS256",
                                                "n": encoded(modulus.to_bytes_be()), "e": "AQAB"}),
            Self::Elliptic(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "kid": name, "x": encoded(x), "y": encoded(y)})
            }
            Self::Edwards(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": name, "x": encoded(pair.public_key())})
            }
        }
    }

    pub(super) fn sign(&self, message: &str) -> Vec<u8> {
        match self {
            Self::Rsa { modulus, exponent } => {
                let digest = Sha256::digest(message.as_bytes());
                let mut padded = vec![0, 1];
                padded.resize(MODULUS_BYTES - DIGEST_INFO.len() - digest.len() - 1, 0xff);
                padded.push(0);
                padded.extend_from_slice(&DIGEST_INFO);
                padded.extend_from_slice(&digest);
                let signed = BigUint::from_bytes_be(&padded).modpow(exponent, modulus).to_bytes_be();
                [vec![0; MODULUS_BYTES - signed.len()], signed].concat()
            }
            Self::Elliptic(pair) => {
                pair.sign(&SystemRandom::new(), message.as_bytes()).expect("signed").as_ref().to_vec()
            }
            Self::Edwards(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        }
    }
}

/// A modulus, and the exponent that signs.
fn rsa() -> (BigUint, BigUint) {
    let (one, public) = (BigUint::from(1_u8), BigUint::from(65_537_u32));
    loop {
        let (p, q) = (prime(), prime());
        let order = (&p - &one) * (&q - &one);
        if let Some(exponent) = public.modinv(&order).filter(|_| p != q) {
            return (p * q, exponent);
        }
    }
}

/// A random prime of half a modulus.
fn prime() -> BigUint {
    let small: Vec<u32> = (3..2_000).step_by(2).filter(|n| (3..*n).all(|divisor| n % divisor != 0)).collect();
    loop {
        let mut bytes = [0; MODULUS_BYTES / 2];
        SystemRandom::new().fill(&mut bytes).expect("randomness");
        // Odd, and so large that two of them fill a modulus.
        bytes[0] |= 0xc0;
        bytes[MODULUS_BYTES / 2 - 1] |= 1;
        let candidate = BigUint::from_bytes_be(&bytes);
        let is_divided = small.iter().any(|divisor| &candidate % divisor == BigUint::ZERO);
        if !is_divided && is_probably_prime(&candidate) {
            return candidate;
        }
    }
}

/// Miller and Rabin's test with a few bases: enough for numbers that nobody has chosen.
fn is_probably_prime(candidate: &BigUint) -> bool {
    let one = BigUint::from(1_u8);
    let less = candidate - &one;
    let twos = less.trailing_zeros().unwrap_or_default();
    let odd = &less >> twos;
    [2_u8, 3, 5, 7, 11].iter().all(|base| {
        let mut power = BigUint::from(*base).modpow(&odd, candidate);
        let mut is_passed = power == one || power == less;
        for _ in 1..twos {
            if is_passed {
                break;
            }
            power = power.modpow(&BigUint::from(2_u8), candidate);
            is_passed = power == less;
        }
        is_passed
    })
}
