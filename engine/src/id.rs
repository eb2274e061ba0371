//! Names for rows and things, so that no bare integer is ever mistaken for another.

use std::fmt;
use std::sync::Arc;

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// The dense, stable number of a profile within its tenant: never renumbered.
    Row(u32)
);
number_id!(
    /// Position of a field in its tenant's schema; fields are never removed, so it is stable.
    FieldId(u16)
);
number_id!(
    /// A saved segment.
    SegmentId(u64)
);
number_id!(
    /// A saved audience.
    AudienceId(u64)
);
number_id!(
    /// An imported list of external ids.
    ListId(u64)
);

number_id!(
    /// A list that is kept out of every audience.
    SuppressionId(u64)
);
number_id!(
    /// A group of audiences that shut each other out.
    GroupId(u64)
);

number_id!(
    /// A frozen audience.
    SnapshotId(u64)
);

number_id!(
    /// A type of event, by its place in the schema of events; types are never removed.
    EventTypeId(u16)
);
number_id!(
    /// A property of events, by its place in the schema of events; properties are never removed.
    PropertyId(u16)
);

impl EventTypeId {
    /// Index into arrays of one entry for each type.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl PropertyId {
    /// What an event was worth: `decimal(2)`, in every schema.
    pub const AMOUNT: Self = Self(0);

    /// Index into arrays of one entry for each property.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

number_id!(
    /// Something for sale that customers are matched with.
    OfferId(u64)
);

impl FieldId {
    /// Index into per-field arrays.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Whose data: every profile, segment and list belongs to exactly one tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(Arc<str>);

impl TenantId {
    /// The tenant of a server that was not told of any other.
    pub const DEFAULT: &'static str = "default";

    /// Names a tenant.
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for TenantId {
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
