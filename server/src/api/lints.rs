//! `/api/segments/lint`: what a rule says in vain.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::id::SegmentId;
use muster_engine::insight::{Basis, Finding, Lint, lint};
use muster_engine::rule::{Rule, to_json, to_text};
use muster_engine::segment::SegmentKind;
use muster_engine::tenant;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::shapes::{LintAnswer, LintRequest};
use super::sight;

use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(examine))
}

/// What a rule says in vain.
///
/// Tests that change nothing, contradict each other or repeat what another says, rules that select nobody or everybody,
/// and saved segments with the same people, or with all of them or a part. Every finding with the counts that prove it and
/// a rule that says less.
#[utoipa::path(post, path = "/api/segments/lint", tag = "segments", request_body = LintRequest,
    responses((status = 200, body = LintAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn examine(State(app): State<App>, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let mut rule = form.rule(&state);
    let own = form.segment("segment", &state);
    let now = form.instant("now").unwrap_or_else(clock::now);
    match own.and_then(|id| state.segments.get(id).ok()).map(|segment| &segment.kind) {
        Some(SegmentKind::Dynamic { rule: saved, checked }) => {
            rule = rule.or_else(|| Some(((**saved).clone(), (**checked).clone())));
        }
        Some(SegmentKind::Static(_)) if rule.is_none() => {
            form.mistake("/segment", "not_a_rule", "a static segment is a list and has no rule to look at");
        }
        Some(SegmentKind::Lookalike { .. }) if rule.is_none() => {
            form.mistake("/segment", "not_a_rule", "a look-alike segment is a model and has no rule to look at");
        }
        _ => {}
    }
    // Findings quote the rule, also one that others saved.
    let refusal = rule.as_ref().and_then(|(rule, checked)| sight::refusal(rule, checked));
    refusal.into_iter().for_each(|refusal| form.forbid(refusal));
    if rule.is_none() {
        form.missing_rule();
    }
    form.finish()?;
    let Some((rule, checked)) = rule else { return Err(ApiError::internal("a form without a rule was accepted")) };
    let found = heavy(|| lint(&rule, &checked, own, &state.at(now)));
    let mut body = Map::new();
    body.insert("count".into(), json!(found.count));
    body.insert("findings".into(), found.findings.iter().map(|finding| described(finding, &state)).collect());
    body.insert("is_complete".into(), json!(found.is_complete));
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

fn described(finding: &Finding, state: &tenant::State) -> Json {
    let mut body = Map::new();
    body.insert("code".into(), json!(finding.code));
    body.insert("pointer".into(), json!(finding.pointer));
    body.insert("message".into(), json!(finding.message));
    let basis = match finding.basis {
        Basis::Logic => "logic",
        Basis::Data => "data",
    };
    body.insert("basis".into(), json!(basis));
    let proof = finding.proof.iter().map(|(name, count)| ((*name).to_owned(), json!(count)));
    body.insert("proof".into(), proof.collect::<Map<_, _>>().into());
    if let Some(other) = &finding.other {
        body.insert("other".into(), json!(other));
    }
    if let Some((id, name)) = &finding.segment {
        body.insert("segment".into(), json!({"id": id.0, "name": name}));
    }
    if let Some(cure) = &finding.cure {
        let name_of = |id: SegmentId| Some(state.segments.get(id).ok()?.name.clone());
        body.insert("cure".into(), json!({"criteria": to_json(cure, &name_of), "text": to_text(cure, &name_of)}));
    }
    body.into()
}

/// The findings as remarks of a preview; what would cure one is its suggestion.
pub(super) fn remarks(lint: &Lint, state: &tenant::State) -> Json {
    let text = |cure: &Rule| to_text(cure, &|id| Some(state.segments.get(id).ok()?.name.clone()));
    let remark = |finding: &Finding| {
        let cure: Vec<String> = finding.cure.iter().map(text).collect();
        json!({"pointer": finding.pointer, "code": finding.code, "message": finding.message, "suggestions": cure})
    };
    lint.findings.iter().map(remark).collect()
}
