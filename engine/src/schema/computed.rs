//! Which fields nobody writes. What they are made from is in `enrich`.

use super::Schema;
use crate::id::FieldId;

impl Schema {
    /// Whether nobody writes a field, since it is made from others and from events.
    pub fn is_computed(&self, id: FieldId) -> bool {
        self.computed.contains(&id)
    }

    /// Says whether nobody writes a field.
    pub fn set_computed(&mut self, id: FieldId, is_computed: bool) {
        if is_computed {
            self.computed.insert(id);
        } else {
            self.computed.remove(&id);
        }
    }
}
