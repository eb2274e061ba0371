//! A JSON request body, read key by key: every mistake with its place, all of them at once.
//!
//! Unknown keys are mistakes like any other, with the nearest known key; only `tenant_id` is let pass everywhere,
//! because callers of older systems send it with every request. It must be that of the caller's key, if there are keys.

use axum::body::HttpBody;
use axum::extract::{FromRequest, Request};
use muster_engine::error::{Error, Problem, pointer_to};
use muster_engine::id::{AudienceId, ListId, SegmentId};
use muster_engine::limits::{LIST_VALUES_MAX, PROBLEMS_MAX};
use muster_engine::rule::{CheckedRule, Rule, SegmentNames, SegmentRef, nearest, resolve_segment};
use muster_engine::schema::{Number, normalize};
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value};

use super::body::{self, Json};
use super::error::ApiError;
use super::gate::same_tenant;
use super::sight;
use crate::access::{ambient, may_read_people};

/// Keys that any body may have and nobody reads.
const IGNORED: [&str; 1] = ["tenant_id"];

/// A body on its way to being understood.
#[derive(Debug, Default)]
pub(crate) struct Form {
    map: Map<String, Value>,
    asked: Vec<&'static str>,
    problems: Vec<Problem>,
    /// Why the caller may not ask this at all, whatever is wrong with it besides.
    forbidden: Option<ApiError>,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let Json(map) = Json::<Map<String, Value>>::from_request(request, state).await?;
        Self::of(map)
    }
}

/// A body that may be left out: then every key is.
#[derive(Debug, Default)]
pub(crate) struct MaybeForm(pub(crate) Form);

impl<S: Send + Sync> FromRequest<S> for MaybeForm {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if request.body().is_end_stream() {
            return Ok(Self::default());
        }
        Form::from_request(request, state).await.map(Self)
    }
}

/// Refuses what a body calls its tenant, if that is not the one of the caller's key.
pub(super) fn check_tenant(named: Option<&Value>) -> Result<(), ApiError> {
    let named = named.filter(|named| !named.is_null());
    let (Some(named), Some(caller)) = (named, ambient()) else { return Ok(()) };
    let text = named.as_str().map_or_else(|| named.to_string(), str::to_owned);
    same_tenant(&caller, &text)
}

impl Form {
    /// A body whose type and length were checked.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ApiError> {
        Self::of(body::parse(bytes)?)
    }

    /// Refuses a body that names another tenant than the caller's key.
    fn of(map: Map<String, Value>) -> Result<Self, ApiError> {
        check_tenant(map.get("tenant_id"))?;
        Ok(Self { map, ..Self::default() })
    }

    /// Notes that the caller may not ask this.
    pub(crate) fn forbid(&mut self, refusal: ApiError) {
        self.forbidden.get_or_insert(refusal);
    }

    /// Notes it where single people are named.
    fn names_people(&mut self, key: &str) {
        if self.map.get(key).is_some_and(|value| !value.is_null()) && !may_read_people() {
            self.forbid(sight::ids());
        }
    }

    /// The value of a key; `null` counts as absent.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.push(key);
        self.map.swap_remove(key).filter(|value| !value.is_null())
    }

    /// Notes a mistake.
    pub(crate) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes a mistake at a place.
    pub(crate) fn mistake(&mut self, pointer: &str, code: &'static str, message: &str) {
        self.problem(Problem::new(pointer, code, message));
    }

    /// Notes that there is no rule, unless what is there is wrong in another way already.
    pub(crate) fn missing_rule(&mut self) {
        if self.problems.is_empty() {
            self.mistake(
                "/criteria",
                "missing_key",
                "\"criteria\" is missing: a rule, or \"text\" with the rule as text",
            );
        }
    }

    /// Notes that a part names no set, unless what is there is wrong in another way already.
    pub(crate) fn missing_set(&mut self) {
        if self.problems.is_empty() {
            self.mistake(
                "",
                "missing_key",
                "a set is a \"segment\", an \"audience\", a \"list\", a \"snapshot\", or a rule as \"criteria\" or \"text\"",
            );
        }
    }

    fn wrong(&mut self, key: &str, wanted: &str) {
        self.problem(Problem::new(format!("/{key}"), "wrong_type", format!("\"{key}\" must be {wanted}")));
    }

    /// A string.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            _ => {
                self.wrong(key, "a string");
                None
            }
        }
    }

    /// A string that must be there.
    pub(crate) fn required_text(&mut self, key: &'static str) -> String {
        self.require(key);
        self.text(key).unwrap_or_default()
    }

    /// One of several names. Without an answer a mistake was noted.
    pub(crate) fn required_choice<T>(
        &mut self,
        key: &'static str,
        find: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        self.require(key);
        let text = self.text(key)?;
        find(&text).map_err(|problem| self.problem(problem)).ok()
    }

    /// A whole number, not negative, that must be there.
    pub(crate) fn required_number(&mut self, key: &'static str) -> usize {
        self.require(key);
        self.number(key).unwrap_or_default()
    }

    fn require(&mut self, key: &str) {
        if self.map.get(key).is_none_or(Value::is_null) {
            self.problem(Problem::new("", "missing_key", format!("\"{key}\" is missing")));
        }
    }

    /// `true` or `false`; absent is `false`.
    pub(crate) fn flag(&mut self, key: &'static str) -> bool {
        self.optional_flag(key).unwrap_or_default()
    }

    /// `true` or `false`, if it is there.
    pub(crate) fn optional_flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        if !value.is_boolean() {
            self.wrong(key, "true or false");
        }
        value.as_bool()
    }

    /// A whole number that is not negative.
    pub(crate) fn number(&mut self, key: &'static str) -> Option<usize> {
        let value = self.take(key)?;
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        if number.is_none() {
            self.wrong(key, "a whole number from 0 on");
        }
        number
    }

    /// An RFC 3339 instant.
    pub(crate) fn instant(&mut self, key: &'static str) -> Option<Timestamp> {
        let instant = Timestamp::parse(&self.text(key)?);
        if instant.is_none() {
            self.wrong(key, "a time such as \"2018-01-01T00:00:00Z\"");
        }
        instant
    }

    /// External ids: strings or whole numbers.
    pub(crate) fn ids(&mut self, key: &'static str) -> Option<Vec<String>> {
        self.names_people(key);
        self.list(key, "strings or whole numbers", external_id)
    }

    /// An external id that must be there.
    pub(crate) fn id(&mut self, key: &'static str) -> Option<String> {
        self.names_people(key);
        self.require(key);
        let id = external_id(self.take(key)?);
        if id.is_none() {
            self.wrong(key, "a string or a whole number");
        }
        id
    }

    /// Segments by name or id.
    pub(crate) fn segments(&mut self, key: &'static str) -> Option<Vec<SegmentRef>> {
        self.list(key, "segment names or ids", segment_ref)
    }

    /// One that there is.
    pub(crate) fn segment(&mut self, key: &'static str, state: &State) -> Option<SegmentId> {
        let Some(named) = segment_ref(self.take(key)?) else {
            self.wrong(key, "a segment's name or id");
            return None;
        };
        let found = resolve_segment(&named, &state.segments);
        if found.is_none() {
            let (shown, near) = match named {
                SegmentRef::Name(name) => (format!("\"{name}\""), state.segments.nearest(&name)),
                SegmentRef::Id(id) => (id.to_string(), Vec::new()),
            };
            let problem = Problem::new(format!("/{key}"), "unknown_segment", format!("there is no segment {shown}"));
            self.problem(problem.with_suggestions(near));
        }
        found
    }

    /// An audience that there is, by id or name.
    pub(crate) fn audience(&mut self, key: &'static str, state: &State) -> Option<AudienceId> {
        let value = self.take(key)?;
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => {
                self.wrong(key, "an audience's name or id");
                return None;
            }
        };
        let by_name = state.audiences.iter().find(|audience| value.is_string() && audience.name == text);
        let by_id = || state.audiences.get(AudienceId(text.parse().ok()?)).ok();
        let found = by_name.or_else(by_id).map(|audience| audience.id);
        if found.is_none() {
            let names = state.audiences.iter().map(|audience| audience.name.as_str());
            let message = format!("there is no audience \"{text}\"");
            let problem = Problem::new(format!("/{key}"), "unknown_audience", message);
            self.problem(problem.with_suggestions(nearest(&text, names)));
        }
        found
    }

    /// Lists by id.
    pub(crate) fn lists(&mut self, key: &'static str) -> Option<Vec<ListId>> {
        self.list(key, "list ids", |value| match value {
            Value::String(text) => text.parse().ok().map(ListId),
            value => value.as_u64().map(ListId),
        })
    }

    /// Entries of a kind, each of which `entry` understands.
    pub(crate) fn list<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        entry: impl Fn(Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Value::Array(values) = self.take(key)? else {
            self.wrong(key, &format!("an array of {wanted}"));
            return None;
        };
        if values.len() > LIST_VALUES_MAX {
            let message = format!(
                "\"{key}\" takes at most {LIST_VALUES_MAX} entries, this one has {}; import a list instead",
                values.len()
            );
            self.problem(Problem::new(format!("/{key}"), "list_too_long", message));
            return None;
        }
        let mut entries = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            match entry(value) {
                Some(entry) => entries.push(entry),
                None => self.problem(Problem::new(
                    format!("/{key}/{index}"),
                    "wrong_type",
                    format!("\"{key}\" holds {wanted}"),
                )),
            }
        }
        Some(entries)
    }

    /// A rule as `criteria` (or `conditions`, as older systems call it) or as `text`; at most one of them.
    pub(crate) fn rule(&mut self, state: &State) -> Option<(Rule, CheckedRule)> {
        let mut read = Vec::new();
        for key in ["criteria", "conditions"] {
            if let Some(value) = self.take(key) {
                read.push((key, state.read_json(&value)));
            }
        }
        if let Some(text) = self.text("text") {
            read.push(("text", state.read_text(&text)));
        }
        if let [_, (key, _), ..] = read.as_slice() {
            let pointer = format!("/{key}");
            self.mistake(&pointer, "two_rules", "give the rule once: as criteria or as text");
        }
        let mut rule: Option<(Rule, CheckedRule)> = None;
        for (key, result) in read {
            match result {
                Ok(read) => rule = Some(read),
                Err(error) if key == "text" => self.refused(in_text(error)),
                Err(error) => self.refused(error.below(&format!("/{key}"))),
            }
        }
        let refusal = rule.as_ref().and_then(|(rule, checked)| sight::refusal(rule, checked));
        refusal.into_iter().for_each(|refusal| self.forbid(refusal));
        rule
    }

    /// Notes the mistakes of a part of the request.
    pub(crate) fn refused(&mut self, error: Error) {
        match error {
            Error::Invalid(problems) => self.problems.extend(problems),
            Error::Conflict(problem) | Error::Limit(problem) | Error::Storage(problem) => self.problems.push(problem),
            Error::NotFound(text) | Error::Corrupt(text) | Error::Io(text) => self.mistake("", "refused", &text),
        }
    }

    /// Objects of a list, each of which `read` takes apart; what is wrong with them is noted with its place.
    pub(crate) fn parts<T>(&mut self, key: &'static str, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let object = |value| if let Value::Object(map) = value { Some(map) } else { None };
        let maps = self.list(key, "objects", object)?;
        let mut found = Vec::with_capacity(maps.len());
        for (index, map) in maps.into_iter().enumerate() {
            let mut part = Self { map, ..Self::default() };
            found.extend(read(&mut part));
            part.forbidden.take().into_iter().for_each(|refusal| self.forbid(refusal));
            if let Error::Invalid(problems) = Error::Invalid(part.into_problems()).below(&format!("/{key}/{index}")) {
                self.problems.extend(problems);
            }
        }
        Some(found)
    }

    /// An object that `read` takes apart; what is wrong with it is noted with its place.
    pub(crate) fn part<T>(&mut self, key: &'static str, read: impl Fn(&mut Self) -> Option<T>) -> Option<T> {
        let Value::Object(map) = self.take(key)? else {
            self.wrong(key, "an object");
            return None;
        };
        let mut part = Self { map, ..Self::default() };
        let found = read(&mut part);
        part.forbidden.take().into_iter().for_each(|refusal| self.forbid(refusal));
        if let Error::Invalid(problems) = Error::Invalid(part.into_problems()).below(&format!("/{key}")) {
            self.problems.extend(problems);
        }
        found
    }

    /// A share of one, from 0 to 1 with at most six digits after the point, in millionths.
    pub(crate) fn share(&mut self, key: &'static str) -> Option<u64> {
        let value = self.take(key)?;
        let number = value.as_number().and_then(|number| Number::parse(&number.to_string())?.units(6));
        let share = number.and_then(|millionths| u64::try_from(millionths).ok()).filter(|share| *share <= 1_000_000);
        if share.is_none() {
            self.wrong(key, "a number from 0 to 1 with at most six digits after the point");
        }
        share
    }

    /// Refuses the request when anything was wrong, unknown keys included.
    pub(crate) fn finish(mut self) -> Result<(), ApiError> {
        if let Some(refusal) = self.forbidden.take() {
            return Err(refusal);
        }
        let mut problems = self.into_problems();
        if problems.is_empty() {
            return Ok(());
        }
        problems.truncate(PROBLEMS_MAX);
        Err(Error::Invalid(problems).into())
    }

    /// Everything that was wrong, unknown keys included.
    fn into_problems(mut self) -> Vec<Problem> {
        let unknown: Vec<String> = self.map.keys().filter(|key| !IGNORED.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            if self.asked.contains(&key.as_str()) {
                continue;
            }
            let pointer = pointer_to("", &key);
            let known = nearest(&key, self.asked.iter().copied());
            let message = format!("there is no key \"{key}\" here; known are {}", self.asked.join(", "));
            self.problems.push(Problem::new(pointer, "unknown_key", message).with_suggestions(known));
        }
        self.problems
    }

    /// The value of a key, left where it is.
    pub(crate) fn peek(&self, key: &str) -> Option<&Value> {
        self.map.get(key)
    }

    /// All keys that were not asked for, to be understood by the caller: a body of field values.
    pub(crate) fn into_rest(self) -> Map<String, Value> {
        self.map
    }
}

fn external_id(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(normalize(text.trim()).into_owned()),
        Value::Number(number) if is_whole(&number.to_string()) => Some(number.to_string()),
        _ => None,
    }
}

fn segment_ref(value: Value) -> Option<SegmentRef> {
    match value {
        Value::String(name) => Some(SegmentRef::Name(name)),
        Value::Number(number) => number.as_u64().map(|id| SegmentRef::Id(SegmentId(id))),
        _ => None,
    }
}

/// The mistakes of a rule as text: line and column say where, a pointer leads no further than to the text.
fn in_text(mut error: Error) -> Error {
    if let Error::Invalid(problems) = &mut error {
        problems.iter_mut().for_each(|problem| problem.pointer = "/text".into());
    }
    error
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
