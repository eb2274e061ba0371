//! Computed fields, ready-made sets of them, and ready-made segments.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

/// Which ready-made set of computed fields to declare.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateRequest {
    /// Its name: `shop` or `events`.
    #[schema(example = "shop")]
    template: String,
}

/// Ready-made sets of computed fields.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateList {
    /// All of them.
    templates: Vec<TemplateAnswer>,
}

/// A ready-made set of computed fields.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateAnswer {
    /// How it is asked for.
    name: String,
    /// What it is for.
    about: String,
    /// Types of events that it is made from.
    event_types: Vec<String>,
    /// Its fields.
    fields: Vec<ComputedFieldShape>,
}

/// A computed field as it is declared.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComputedFieldShape {
    /// Its name.
    name: String,
    /// What it is made from, as in `PUT /api/schema`.
    #[schema(value_type = Object)]
    computed: Json,
}

/// How far a rebuild is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RebuildProgress {
    /// Whether one is under way.
    running: bool,
    /// Values that are made.
    values_done: u64,
    /// Values that are to be made; 0 until that is known.
    values_total: u64,
}

/// How to save a ready-made segment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentTemplateRequest {
    /// What to call it; its title when left out.
    name: Option<String>,
}

/// Ready-made segments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentTemplateList {
    /// All of them.
    templates: Vec<SegmentTemplateAnswer>,
}

/// A ready-made segment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentTemplateAnswer {
    /// How it is asked for.
    name: String,
    /// What it is called when it is saved.
    title: String,
    /// Whom it selects.
    description: String,
    /// Its rule.
    #[schema(value_type = Object)]
    criteria: Json,
    /// Fields that it needs and that are not there.
    missing_fields: Vec<String>,
    /// Types of events that it needs and that are not there.
    missing_events: Vec<String>,
}
