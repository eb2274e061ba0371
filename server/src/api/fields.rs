//! `/api/fields`: how the values of one field are spread.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::block::Set;
use muster_engine::error::Problem;
use muster_engine::id::{AudienceId, SegmentId};
use muster_engine::plan::Warning;
use muster_engine::rule::{CheckedRule, nearest};
use muster_engine::schema::{Field, Number, normalize};
use muster_engine::segment;
use muster_engine::table::{Bins, Distribution, Percentile, Question};
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::field_value::field_value;
use super::form::Form;
use super::path::PathId;
use super::shapes::{DistributionAnswer, DistributionRequest};
use super::sight;

use crate::access::is_hidden;
use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(distribution))
}

/// Percentiles, a histogram and the most frequent values of a field.
///
/// Exact, of everybody or of those whom a rule, a segment or an audience selects. Counts and values only, no profile is shown.
#[utoipa::path(post, path = "/api/fields/{name}/distribution", tag = "schema", params(("name" = String, Path)),
    request_body = DistributionRequest,
    responses((status = 200, body = DistributionAnswer), (status = 400, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn distribution(State(app): State<App>, PathId(name): PathId, form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let field = field(&state, &name)?;
    if is_hidden(&field.name) {
        return Err(sight::personal(&field.name));
    }
    let Asked { who, now, percents, question } = read(form, &state, field)?;
    let now = now.unwrap_or_else(clock::now);
    let (found, warnings) = heavy(|| -> Result<_, ApiError> {
        let (rows, warnings) = who.rows(&state, now)?;
        Ok((state.view.distribution(field.id, rows.as_ref(), &question)?, warnings))
    })?;
    let mut body = describe(field, &found, &percents, &question);
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }.onto(&mut body);
    body.insert("warnings".into(), answer::warnings(&warnings));
    Ok(answer::json(StatusCode::OK, body))
}

fn field<'s>(state: &'s tenant::State, name: &str) -> Result<&'s Field, ApiError> {
    let schema = state.view.schema();
    schema.find(&normalize(name)).ok_or_else(|| {
        let known = nearest(name, schema.fields().iter().map(|field| &*field.name));
        let problem = Problem::new("", "unknown_field", format!("there is no field \"{name}\""));
        ApiError::of_problems(StatusCode::NOT_FOUND, vec![problem.with_suggestions(known)])
    })
}

/// Whom a question is about.
enum Who {
    Everybody,
    Rule(CheckedRule),
    Segment(SegmentId),
    Audience(AudienceId),
}

impl Who {
    /// Their rows; none for everybody's.
    fn rows(&self, state: &tenant::State, now: Timestamp) -> Result<(Option<Set>, Vec<Warning>), ApiError> {
        Ok(match self {
            Self::Everybody => (None, Vec::new()),
            Self::Rule(rule) => {
                let (rows, warnings) = segment::rows(rule, &state.segments, &state.view, now, &state.cache);
                (Some(rows), warnings)
            }
            Self::Segment(id) => (Some(state.segment_rows(*id, now)?), Vec::new()),
            Self::Audience(id) => (Some(state.at(now).rows_of_audience(state.audiences.get(*id)?)?), Vec::new()),
        })
    }
}

/// What a body asks.
struct Asked {
    who: Who,
    now: Option<Timestamp>,
    /// Percentiles as they were written.
    percents: Vec<Json>,
    question: Question,
}

fn read(mut form: Form, state: &tenant::State, field: &Field) -> Result<Asked, ApiError> {
    let rule = form.rule(state);
    let segment = form.segment("segment", state);
    let audience = form.audience("audience", state);
    let who = match (rule, segment, audience) {
        (None, None, None) => Who::Everybody,
        (Some((_, rule)), None, None) => Who::Rule(rule),
        (None, Some(id), None) => Who::Segment(id),
        (None, None, Some(id)) => Who::Audience(id),
        (_, segment, _) => {
            let pointer = if segment.is_some() { "/segment" } else { "/audience" };
            form.mistake(pointer, "two_rules", "say whom it is about once: with a rule, a segment or an audience");
            Who::Everybody
        }
    };
    let now = form.instant("now");
    let wanted = format!("numbers from 0 to 100 with at most {} digits after the point", Percentile::DIGITS_MAX);
    let percent = |value: Json| Some((percentile(&value)?, value));
    let percents = form.list("percentiles", &wanted, percent).unwrap_or_default();
    let (percentiles, percents) = percents.into_iter().unzip();
    let at_most = form.number("bins").map(Bins::AtMost);
    let value = |value: Json| field_value(field.kind, &value).ok().flatten();
    let at = form.list("bounds", &format!("values of type {}", field.kind), value).map(Bins::At);
    if at_most.is_some() && at.is_some() {
        form.mistake("/bounds", "two_histograms", "a histogram has either so many bins or these bounds");
    }
    let question = Question { percentiles, bins: at.or(at_most), top: form.number("top") };
    question.problems(field.kind).into_iter().for_each(|problem| form.problem(problem));
    form.finish()?;
    Ok(Asked { who, now, percents, question })
}

fn percentile(value: &Json) -> Option<Percentile> {
    let number = Number::parse(&value.as_number()?.to_string())?;
    Percentile::new(u32::try_from(number.units(Percentile::DIGITS_MAX)?).ok()?)
}

fn describe(field: &Field, found: &Distribution, percents: &[Json], question: &Question) -> Map<String, Json> {
    let value = |value: &Option<_>| value.as_ref().map(answer::value);
    let mut body = Map::new();
    body.insert("field".into(), json!(&*field.name));
    body.insert("type".into(), json!(field.kind.to_string()));
    body.insert("count".into(), json!(found.rows));
    body.insert("present".into(), json!(found.present));
    body.insert("missing".into(), json!(found.rows - found.present));
    body.insert("min".into(), json!(value(&found.min)));
    body.insert("max".into(), json!(value(&found.max)));
    if !percents.is_empty() {
        let pairs = percents.iter().zip(&found.percentiles);
        let list = pairs.map(|(percent, found)| json!({"percentile": percent, "value": value(found)}));
        body.insert("percentiles".into(), list.collect());
    }
    if question.bins.is_some() {
        let bin = found.bins.iter();
        let list = bin.map(|bin| json!({"from": value(&bin.from), "to": value(&bin.to), "count": bin.count}));
        body.insert("bins".into(), list.collect());
    }
    if let Some(frequencies) = &found.frequencies {
        let top = frequencies.top.iter();
        let top = top.map(|(value, count)| json!({"value": answer::value(value), "count": count}));
        body.insert("distinct".into(), json!(frequencies.distinct));
        body.insert("top".into(), top.collect());
        body.insert("others".into(), json!(frequencies.others));
    }
    body
}
