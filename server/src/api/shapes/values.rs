//! What may be of several types: ids as they were loaded, things named or numbered, all of something or some.

use serde::Serialize;
use utoipa::ToSchema;

/// An external id, as it was loaded: a number or a string.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ExternalId {
    /// A whole number.
    Number(i64),
    /// Anything else.
    Text(String),
}

/// Something that is saved, by its id or its name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum NameOrId {
    /// Its id.
    Id(u64),
    /// Its name, or its id as a string.
    Name(String),
}

/// All, or some.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AllOrIds {
    /// `"all"`: everything there is and will be.
    All(String),
    /// The ids of some.
    Ids(Vec<u64>),
}
