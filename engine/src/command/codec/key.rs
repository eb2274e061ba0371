//! Keys of changes as bytes: the name that a client gave, and the digest of what was asked under it.

use super::VERSION;
use super::bytes::{Malformed, Read, Reader, Writer};
use crate::command::{Digest, Key};

/// What stands before a key with a digest of what was asked; one without has 1 before it, none is 0.
const DIGESTED_KEY: u8 = 2;

/// The payload of a commit, of whatever import: the key under which it was sent.
pub(super) fn encode_commit(key: Option<&Key>) -> Vec<u8> {
    let mut writer = Writer(vec![VERSION]);
    write_key(&mut writer, key);
    writer.0
}

pub(super) fn write_key(writer: &mut Writer, key: Option<&Key>) {
    match key {
        Some(Key { name, request: Some(Digest(digest)) }) => {
            writer.byte(DIGESTED_KEY);
            writer.text(name);
            writer.0.extend_from_slice(digest);
        }
        key => writer.optional(key, |writer, key| writer.text(&key.name)),
    }
}

pub(super) fn read_key(reader: &mut Reader) -> Read<Option<Key>> {
    Ok(match reader.byte()? {
        0 => None,
        1 => Some(reader.text()?.into()),
        DIGESTED_KEY => Some(Key { name: reader.text()?, request: Some(read_digest(reader)?) }),
        _ => return Err(Malformed("there is no such key")),
    })
}

pub(super) fn read_digest(reader: &mut Reader) -> Read<Digest> {
    let bytes = reader.take(16)?.try_into();
    bytes.map(Digest).map_err(|_| Malformed("it ends too early"))
}
