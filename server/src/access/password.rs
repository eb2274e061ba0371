//! Passwords: what may be one, what is kept of it, and whether a text is it.
//!
//! People choose them, so they can be guessed: what is kept is slow to try, Argon2id (RFC 9106) with the memory and passes
//! that OWASP names as the least. It is kept in the usual text form with the costs it was made at, so that they can grow.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;
use muster_engine::error::{Error, Result};
use ring::rand::{SecureRandom, SystemRandom};

use super::secret::is_same;
use crate::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN, PASSWORD_MEMORY_KIB, PASSWORD_PASSES};

/// Bytes of what keeps equal passwords from looking equal.
const SALT_BYTES: usize = 16;

/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// KiB of memory, passes, what keeps equal passwords from looking equal, and the hash.
type Work = (u32, u32, Vec<u8>, [u8; HASH_BYTES]);

/// Refuses what is too short to be a secret, too long to be typed, or the name itself.
pub(super) fn check(password: &str, name: &str) -> Result<()> {
    let message = if password.chars().count() < PASSWORD_CHARS_MIN {
        format!("a password has at least {PASSWORD_CHARS_MIN} characters; a few words are easy to keep")
    } else if password.len() > PASSWORD_BYTES_MAX {
        format!("a password has at most {PASSWORD_BYTES_MAX} bytes")
    } else if password.to_lowercase() == name {
        "a password is not the name it is for".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::invalid("/password", "weak_password", message))
}

/// What is kept of a password.
pub(super) fn keep(password: &str) -> Result<String> {
    let mut salt = [0; SALT_BYTES];
    SystemRandom::new().fill(&mut salt).map_err(|_| Error::Io("the system gives no random bytes".into()))?;
    let hash = hash(password, &salt, PASSWORD_MEMORY_KIB, PASSWORD_PASSES)?;
    let (salt, hash) = (BASE64.encode(salt), BASE64.encode(hash));
    Ok(format!("$argon2id$v=19$m={PASSWORD_MEMORY_KIB},t={PASSWORD_PASSES},p=1${salt}${hash}"))
}

/// Whether a text is the password that something was kept of. Where nothing is kept the same work is done in vain, so that
/// the time it takes does not tell who there is.
pub(super) fn is_right(password: &str, kept: Option<&str>) -> Result<bool> {
    let (memory, passes, salt, wanted) = work(kept)?;
    let is_equal = is_same(&hash(password, &salt, memory, passes)?, &wanted);
    Ok(kept.is_some() && is_equal)
}

/// What has to be done for an answer, and what is to come of it.
fn work(kept: Option<&str>) -> Result<Work> {
    let nobodys = (PASSWORD_MEMORY_KIB, PASSWORD_PASSES, vec![0; SALT_BYTES], [0; HASH_BYTES]);
    let damaged = || Error::Corrupt("a kept password is damaged".into());
    kept.map_or(Ok(nobodys), |kept| parse(kept).ok_or_else(damaged))
}

fn hash(password: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<[u8; HASH_BYTES]> {
    let refused = |error: argon2::Error| Error::Io(format!("a password could not be hashed: {error}"));
    let params = Params::new(memory_kib, passes, 1, Some(HASH_BYTES)).map_err(refused)?;
    let mut hash = [0; HASH_BYTES];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.as_bytes(), salt, &mut hash).map_err(refused)?;
    Ok(hash)
}

fn parse(kept: &str) -> Option<Work> {
    let mut parts = kept.strip_prefix("$argon2id$v=19$m=")?.split('$');
    let (memory, passes) = parts.next()?.strip_suffix(",p=1")?.split_once(",t=")?;
    let (salt, hash) = (BASE64.decode(parts.next()?).ok()?, BASE64.decode(parts.next()?).ok()?);
    Some((memory.parse().ok()?, passes.parse().ok()?, salt, hash.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other_is() {
        let kept = keep("correct horse battery").expect("a hash");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_ne!(kept, keep("correct horse battery").expect("a hash"), "equal passwords look different");
        assert!(is_right("correct horse battery", Some(&kept)).expect("an answer"));
        assert!(!is_right("correct horse batterz", Some(&kept)).expect("an answer"));
        assert!(!is_right("correct horse battery", None).expect("an answer"));
        assert!(is_right("x", Some("$argon2id$")).is_err());
    }

    #[test]
    fn what_is_easily_guessed_is_refused_at_the_edge() {
        let edge = "a".repeat(PASSWORD_CHARS_MIN);
        assert!(check(&edge, "ann").is_ok());
        assert!(check(&edge[1..], "ann").is_err());
        assert!(check(&edge.to_uppercase(), &edge).is_err());
        let long = "a".repeat(PASSWORD_BYTES_MAX);
        assert!(check(&long, "ann").is_ok());
        assert!(check(&format!("{long}a"), "ann").is_err());
    }

    #[test]
    fn somebody_there_is_not_takes_as_much_work_as_somebody_there_is() {
        let kept = keep("correct horse battery").expect("a hash");
        let costs = |kept| work(kept).map(|(memory, passes, salt, hash)| (memory, passes, salt.len(), hash.len()));
        assert_eq!(costs(None).expect("work"), costs(Some(&kept)).expect("work"));
        assert!(!is_right("a password", None).expect("an answer"));
    }
}
