//! What segments and audiences have in common in requests and answers: name, description, tags, status, owner.

use muster_engine::catalog::{AttributeChanges, Attributes, Status};
use serde_json::{Map, Value as Json, json};

use super::form::Form;

/// How a request is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Something new (POST).
    New,
    /// All of it anew (PUT): what is left out is as in something new, but for the name and what it holds, without which
    /// there is nothing: these stay.
    Replace,
    /// Some of it (PATCH): what is left out stays, `null` is as in something new.
    Merge,
}

/// The attributes that a request gives.
pub(crate) fn read(form: &mut Form, way: Way) -> AttributeChanges {
    let name = match way {
        Way::New => Some(form.required_text("name")),
        Way::Replace | Way::Merge => form.text("name"),
    };
    AttributeChanges {
        name,
        description: given(form, &["description"], way, |form| form.text("description")),
        tags: given(form, &["tags"], way, |form| form.list("tags", "words", |tag| tag.as_str().map(str::to_owned))),
        status: given(form, &["status", "is_active"], way, status),
        owner: given(form, &["owner"], way, |form| form.text("owner")),
        campaign: None,
    }
}

/// The campaign that a request gives.
pub(crate) fn campaign(form: &mut Form, way: Way) -> Option<Option<u64>> {
    given(form, &["campaign_id"], way, |form| form.number("campaign_id").map(|id| Some(id as u64)))
}

/// Who makes the change, in free words.
pub(crate) fn by(form: &mut Form) -> String {
    form.text("changed_by").unwrap_or_default()
}

fn given<T: Default>(form: &mut Form, keys: &[&str], way: Way, read: impl FnOnce(&mut Form) -> Option<T>) -> Option<T> {
    let is_cleared = keys.iter().any(|key| form.peek(key).is_some_and(Json::is_null));
    read(form).or_else(|| (way != Way::Merge || is_cleared).then(T::default))
}

/// `status`, or `is_active` as older systems say it: what is not active any more is archived.
fn status(form: &mut Form) -> Option<Status> {
    let named = form.text("status");
    let status = named.as_deref().and_then(Status::from_name);
    if let (Some(named), None) = (&named, status) {
        let names = Status::ALL.map(Status::name).join(", ");
        form.mistake("/status", "bad_status", &format!("a status is one of {names}, not \"{named}\""));
    }
    let is_active = form.optional_flag("is_active");
    match (status, is_active) {
        (Some(status), Some(is_active)) if (status == Status::Active) != is_active => {
            let message = format!("status is {} and is_active is {is_active}; give one of them", status.name());
            form.mistake("/is_active", "two_statuses", &message);
            None
        }
        (None, Some(is_active)) => Some(if is_active { Status::Active } else { Status::Archived }),
        (status, _) => status,
    }
}

/// Puts attributes into an answer.
pub(crate) fn onto(body: &mut Map<String, Json>, attributes: &Attributes) {
    body.insert("name".into(), json!(attributes.name));
    body.insert("description".into(), json!(attributes.description));
    body.insert("tags".into(), json!(attributes.tags));
    body.insert("status".into(), json!(attributes.status.name()));
    body.insert("is_active".into(), json!(attributes.status == Status::Active));
    body.insert("owner".into(), json!(attributes.owner));
}
