//! What a field may be called.

use crate::limits::NAME_BYTES_MAX;

/// Whether a name in NFC can be a field's; `Err` says why not.
pub(super) fn check(name: &str, is_id: bool) -> Result<(), String> {
    if name.is_empty() {
        return Err("a field needs a name".into());
    }
    if is_id {
        return Err(format!("\"{name}\" is the profile's external id; give the field another name"));
    }
    if name.len() > NAME_BYTES_MAX {
        return Err(format!("a field name has at most {NAME_BYTES_MAX} bytes, this one has {}", name.len()));
    }
    if name.chars().any(char::is_control) {
        return Err("a field name holds no control characters".into());
    }
    Ok(())
}
