//! Ready-made sets of computed fields: the one place where their formulas stand.
//!
//! Each is an ordinary definition that can be read, changed and declared anew; what is adjustable (weights, borders,
//! days) is in it. Recency, frequency and monetary value in five bands each: Hughes, "Strategic Database Marketing"
//! (1994). Engagement and the risk of churn are sums of clipped proportions; their weights are conventions, no estimates.

use crate::schema::FieldType;

/// A ready-made set of computed fields, and what events must be able to say for it.
#[derive(Debug)]
pub struct Template {
    /// How it is asked for.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Types of events.
    pub types: &'static [&'static str],
    /// Properties of events.
    pub properties: &'static [(&'static str, FieldType)],
    /// Fields and their definitions.
    fields: &'static [&'static [(&'static str, &'static str)]],
}

/// All of them.
pub const TEMPLATES: [Template; 2] = [
    Template {
        name: "shop",
        about: "what a shop knows of views, carts and purchases, each with category, brand and price",
        types: &["view", "cart", "purchase"],
        properties: &[("category", FieldType::Keyword), ("brand", FieldType::Keyword)],
        fields: &[&PURCHASES, &BROWSING, &SHOP_TASTE, &SHOP_SCORES, &RFM],
    },
    Template {
        name: "events",
        about: "what a seller of tickets knows of purchases, each with genre, type of event and artist",
        types: &["purchase"],
        properties: &[
            ("genre", FieldType::Keyword),
            ("event_type", FieldType::Keyword),
            ("artist", FieldType::Keyword),
        ],
        fields: &[&PURCHASES, &TICKET_TASTE, &TICKET_SCORES, &RFM],
    },
];

/// A template by its name.
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}

impl Template {
    /// Fields and their definitions, those first that others read.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.fields.iter().flat_map(|part| part.iter().copied())
    }
}

const PURCHASES: [(&str, &str); 10] = [
    ("purchase_count", r#"{"of":"events","type":"purchase","fn":"count"}"#),
    ("total_spent", r#"{"of":"events","type":"purchase","fn":"sum","property":"amount"}"#),
    ("avg_order", r#"{"of":"fields","fn":"ratio","field":"total_spent","over":"purchase_count","scale":2}"#),
    ("first_purchase", r#"{"of":"events","type":"purchase","fn":"first"}"#),
    ("last_purchase", r#"{"of":"events","type":"purchase","fn":"last"}"#),
    ("price_min", r#"{"of":"events","type":"purchase","fn":"min","property":"amount"}"#),
    ("price_max", r#"{"of":"events","type":"purchase","fn":"max","property":"amount"}"#),
    ("preferred_days", r#"{"of":"events","type":"purchase","fn":"top","by":"weekday","time_zone":"UTC","most":2}"#),
    ("purchases_30_days", r#"{"of":"events","type":"purchase","fn":"count","within_days":30}"#),
    ("recency_days", r#"{"of":"fields","fn":"days_since","field":"last_purchase"}"#),
];

const BROWSING: [(&str, &str); 5] = [
    ("views", r#"{"of":"events","type":"view","fn":"count"}"#),
    ("carts", r#"{"of":"events","type":"cart","fn":"count"}"#),
    (
        "conversion_rate",
        r#"{"of":"fields","fn":"ratio","field":"purchase_count","over":"views","times":100,"scale":2,"about":"purchases for each hundred views"}"#,
    ),
    ("views_30_days", r#"{"of":"events","type":"view","fn":"count","within_days":30}"#),
    ("carts_30_days", r#"{"of":"events","type":"cart","fn":"count","within_days":30}"#),
];

const SHOP_TASTE: [(&str, &str); 2] = [
    ("favourite_categories", r#"{"of":"events","type":"purchase","fn":"top","property":"category","most":3}"#),
    ("favourite_brands", r#"{"of":"events","type":"purchase","fn":"top","property":"brand","most":3}"#),
];

const TICKET_TASTE: [(&str, &str); 4] = [
    ("genres", r#"{"of":"events","type":"purchase","fn":"top","property":"genre","most":3}"#),
    ("event_types", r#"{"of":"events","type":"purchase","fn":"top","property":"event_type","most":3}"#),
    ("artists", r#"{"of":"events","type":"purchase","fn":"unique_set","property":"artist"}"#),
    ("purchases_365_days", r#"{"of":"events","type":"purchase","fn":"count","within_days":365}"#),
];

const SHOP_SCORES: [(&str, &str); 2] = [
    (
        "engagement_score",
        r#"{"of":"fields","fn":"score","about":"what was done in 30 days, and how long ago the last purchase is","terms":[
            {"field":"views_30_days","weight":25,"full_at":50},{"field":"carts_30_days","weight":20,"full_at":5},
            {"field":"purchases_30_days","weight":30,"full_at":3},{"field":"recency_days","weight":25,"full_at":90,"falling":true}]}"#,
    ),
    (
        "churn_risk",
        r#"{"of":"fields","fn":"score","about":"a long time since the last purchase, and little done in 30 days","terms":[
            {"field":"recency_days","weight":60,"full_at":180,"full_if_missing":true},
            {"field":"views_30_days","weight":25,"full_at":20,"falling":true},
            {"field":"purchases_30_days","weight":15,"full_at":1,"falling":true}]}"#,
    ),
];

const TICKET_SCORES: [(&str, &str); 2] = [
    (
        "engagement_score",
        r#"{"of":"fields","fn":"score","about":"purchases of a year, and how long ago the last one is","terms":[
            {"field":"purchases_365_days","weight":50,"full_at":6},{"field":"recency_days","weight":50,"full_at":365,"falling":true}]}"#,
    ),
    (
        "churn_risk",
        r#"{"of":"fields","fn":"score","about":"a long time since the last purchase, and few in a year","terms":[
            {"field":"recency_days","weight":70,"full_at":540,"full_if_missing":true},
            {"field":"purchases_365_days","weight":30,"full_at":2,"falling":true}]}"#,
    ),
];

/// Borders are fifths of the population at the time when they are declared, or at the first rebuild with enough people;
/// who declares the set again gets others.
const RFM: [(&str, &str); 4] = [
    ("rfm_recency", r#"{"of":"fields","fn":"bands","field":"last_purchase","bands":5}"#),
    ("rfm_frequency", r#"{"of":"fields","fn":"bands","field":"purchase_count","bands":5}"#),
    ("rfm_monetary", r#"{"of":"fields","fn":"bands","field":"total_spent","bands":5}"#),
    (
        "rfm",
        r#"{"of":"fields","fn":"sum","terms":[{"field":"rfm_recency","times":100},{"field":"rfm_frequency","times":10},{"field":"rfm_monetary"}]}"#,
    ),
];
