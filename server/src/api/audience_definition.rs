//! Who is to be in an audience, in requests and in answers.

use muster_engine::audience::{Definition, IncludeMatch, SegmentChoice};
use muster_engine::error::Error;
use muster_engine::gate::{Gating, IgnoredSuppressions, channel_name};
use muster_engine::id::SuppressionId;
use muster_engine::tenant;
use serde_json::{Map, Value as Json, json};

use super::attributes::Way;
use super::form::Form;
use super::gate_words::{range, range_json, share, share_json};
use super::sight;

/// What kinds of audiences there are, as `audience_type` calls them.
const TYPES: [&str; 5] = ["everyone", "segments", "customers", "lists", "combined"];

/// The keys of a definition.
const KEYS: [&str; 7] = [
    "include_match",
    "include_segments",
    "include_customers",
    "include_lists",
    "exclude_segments",
    "exclude_customers",
    "exclude_lists",
];

/// Those of gates.
pub(super) const GATE_KEYS: [&str; 5] = ["channel", "holdout", "split", "ignore_suppressions", "ignore_reason"];

/// The definition that a request gives, if it says anything of it or of something new. A change that leaves no source,
/// and so means everybody where others were meant, takes a confirmation.
pub(super) fn changed(
    form: &mut Form,
    state: &tenant::State,
    before: Option<&Definition>,
    way: Way,
) -> Option<Definition> {
    let is_confirmed = form.flag("confirm_everyone");
    kind(form);
    let is_given = KEYS.iter().chain(&GATE_KEYS).any(|key| form.peek(key).is_some());
    let start = if way == Way::Merge { before.cloned().unwrap_or_default() } else { Definition::default() };
    let definition = read(form, state, start);
    let Some(before) = before else { return Some(definition) };
    if way == Way::Merge && definition.means_everyone() && !before.means_everyone() && !is_confirmed {
        let message =
            "no include key is left, which means every profile; say \"confirm_everyone\": true if that is meant";
        form.mistake("/confirm_everyone", "everyone_not_confirmed", message);
    }
    is_given.then_some(definition)
}

/// `audience_type` follows from the definition; whoever sends it is told when there is no such type.
fn kind(form: &mut Form) {
    if let Some(kind) = form.text("audience_type").filter(|kind| !TYPES.contains(&kind.as_str())) {
        let message = format!("an audience_type is one of {}, not \"{kind}\"", TYPES.join(", "));
        form.mistake("/audience_type", "bad_audience_type", &message);
    }
}

/// The keys that a request gives; `null` stands for a key that is not there.
fn read(form: &mut Form, state: &tenant::State, mut definition: Definition) -> Definition {
    let is_null = KEYS.map(|key| form.peek(key).is_some_and(Json::is_null));
    let [any, include_segments, include_customers, include_lists, exclude_segments, exclude_customers, exclude_lists] =
        is_null;
    if any {
        definition.include_match = IncludeMatch::Any;
    }
    definition.include_segments = definition.include_segments.filter(|_| !include_segments);
    definition.include_customers = definition.include_customers.filter(|_| !include_customers);
    definition.include_lists = definition.include_lists.filter(|_| !include_lists);
    if exclude_segments {
        definition.exclude_segments.clear();
    }
    if exclude_customers {
        definition.exclude_customers.clear();
    }
    if exclude_lists {
        definition.exclude_lists.clear();
    }
    match form.text("include_match").as_deref() {
        None => {}
        Some("any") => definition.include_match = IncludeMatch::Any,
        Some("all") => definition.include_match = IncludeMatch::All,
        Some(other) => form.mistake(
            "/include_match",
            "bad_include_match",
            &format!("include_match is any or all, not \"{other}\""),
        ),
    }
    if let Some(chosen) = segments(form, "include_segments", state) {
        definition.include_segments = Some(chosen);
    }
    if let Some(chosen) = segments(form, "exclude_segments", state) {
        definition.exclude_segments = chosen;
    }
    if let Some(ids) = form.ids("include_customers") {
        definition.include_customers = Some(ids);
    }
    if let Some(ids) = form.ids("exclude_customers") {
        definition.exclude_customers = ids;
    }
    for (key, is_include) in [("include_lists", true), ("exclude_lists", false)] {
        let Some(ids) = form.lists(key) else { continue };
        for (index, id) in ids.iter().enumerate() {
            if state.lists.get(*id).is_err() {
                form.mistake(&format!("/{key}/{index}"), "unknown_list", &format!("there is no list {id}"));
            }
        }
        if is_include { definition.include_lists = Some(ids) } else { definition.exclude_lists = ids }
    }
    gates(form, state, &mut definition.gates);
    definition
}

/// The gates that a request gives; what is wrong with them is noted.
fn gates(form: &mut Form, state: &tenant::State, gates: &mut Gating) {
    let is_given = |form: &Form, key: &str| form.peek(key).is_some();
    if is_given(form, "channel") {
        gates.channel = form.text("channel").map(|name| channel_name(&name).unwrap_or(name));
    }
    if is_given(form, "holdout") {
        gates.holdout = form.part("holdout", share);
    }
    if is_given(form, "split") {
        gates.split = form.part("split", range);
    }
    if is_given(form, "ignore_suppressions") || is_given(form, "ignore_reason") {
        let before = gates.ignored.take().unwrap_or_default();
        let is_none = form.peek("ignore_suppressions").is_some_and(Json::is_null);
        let id = |value: Json| value.as_u64().map(SuppressionId);
        let named = form.list("ignore_suppressions", "suppression ids", id);
        let suppressions = named.unwrap_or(if is_none { Vec::new() } else { before.suppressions });
        let reason = form.text("ignore_reason").unwrap_or(before.reason);
        gates.ignored = (!suppressions.is_empty()).then_some(IgnoredSuppressions { suppressions, reason });
    }
    // Keys that are not there are known all the same.
    GATE_KEYS.into_iter().for_each(|key| _ = form.take(key));
    if let Err(error) = state.check_gating(gates) {
        form.refused(error);
    }
}

fn segments(form: &mut Form, key: &'static str, state: &tenant::State) -> Option<Vec<SegmentChoice>> {
    let references = form.segments(key)?;
    match Definition::choose(key, &references, &state.segments) {
        Ok(chosen) => Some(chosen),
        Err(Error::Invalid(problems)) => {
            problems.into_iter().for_each(|problem| form.problem(problem));
            None
        }
        Err(_) => None,
    }
}

/// Puts a definition into an answer.
pub(super) fn onto(body: &mut Map<String, Json>, definition: &Definition) {
    let segment = |choice: &SegmentChoice| json!(choice.id.0);
    let is_all = definition.include_match == IncludeMatch::All;
    body.insert("audience_type".into(), json!(type_of(definition)));
    body.insert("include_match".into(), json!(if is_all { "all" } else { "any" }));
    if let Some(chosen) = &definition.include_segments {
        body.insert("include_segments".into(), chosen.iter().map(segment).collect());
    }
    if let Some(ids) = &definition.include_customers {
        body.insert("include_customers".into(), json!(ids));
    }
    if let Some(lists) = &definition.include_lists {
        body.insert("include_lists".into(), lists.iter().map(|list| json!(list.0)).collect());
    }
    body.insert("exclude_segments".into(), definition.exclude_segments.iter().map(segment).collect());
    body.insert("exclude_customers".into(), json!(definition.exclude_customers));
    sight::mask_ids(body, definition);
    body.insert("exclude_lists".into(), definition.exclude_lists.iter().map(|list| json!(list.0)).collect());
    let Gating { channel, holdout, split, ignored } = &*definition.gates;
    body.extend(channel.as_ref().map(|channel| ("channel".to_owned(), json!(channel))));
    body.extend(holdout.as_ref().map(|slice| ("holdout".to_owned(), share_json(slice))));
    body.extend(split.as_ref().map(|slice| ("split".to_owned(), range_json(slice))));
    if let Some(IgnoredSuppressions { suppressions, reason }) = ignored {
        body.insert("ignore_suppressions".into(), suppressions.iter().map(|id| json!(id.0)).collect());
        body.insert("ignore_reason".into(), json!(reason));
    }
}

/// Of one kind of source, or of several; whatever is excluded makes it `combined`.
fn type_of(definition: &Definition) -> &'static str {
    let excludes = !definition.exclude_segments.is_empty()
        || !definition.exclude_customers.is_empty()
        || !definition.exclude_lists.is_empty();
    let (segments, customers, lists) = (
        definition.include_segments.is_some(),
        definition.include_customers.is_some(),
        definition.include_lists.is_some(),
    );
    match (segments, customers, lists) {
        _ if excludes => "combined",
        (false, false, false) => "everyone",
        (true, false, false) => "segments",
        (false, true, false) => "customers",
        (false, false, true) => "lists",
        _ => "combined",
    }
}
