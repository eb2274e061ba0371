//! `/api/segments/{id}/diff`: what an edit of a segment would move, before it is saved; and asking twice before much is.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::SegmentContent;
use muster_engine::error::{Error, Problem};
use muster_engine::id::SegmentId;
use muster_engine::insight::{Moment, Moved, diff, moved};
use muster_engine::rule::check;
use muster_engine::segment::{IdList, SegmentKind};
use muster_engine::table::Profile;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::path::PathId;
use super::segments::resolve;
use super::shapes::{DiffAnswer, DiffRequest};

use crate::clock::{self, Stopwatch};
use crate::limits::{CHANGE_PEOPLE_MIN, CHANGE_SHARE_MAX};

/// People shown of each direction when the request does not say.
const SAMPLE: usize = 10;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(compare))
}

/// What another content of a segment would move, without saving it.
///
/// Who would come in and who would go out, and how the segments and audiences change that refer to it: all of one version
/// at one instant.
#[utoipa::path(post, path = "/api/segments/{id}/diff", tag = "segments", params(("id" = String, Path)),
    request_body = DiffRequest,
    responses((status = 200, body = DiffAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn compare(State(app): State<App>, PathId(id): PathId, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let id = resolve(&state, &id)?;
    let rule = form.rule(&state);
    let ids = form.ids("ids");
    let now = form.instant("now").unwrap_or_else(clock::now);
    let sample = form.number("sample").unwrap_or(SAMPLE);
    let kind = match (rule, ids) {
        (Some((rule, checked)), None) => {
            Some(SegmentKind::Dynamic { rule: Arc::new(rule), checked: Arc::new(checked) })
        }
        (None, Some(ids)) => Some(SegmentKind::Static(IdList::new(&ids, &state.view))),
        (Some(_), Some(_)) => {
            form.mistake("/ids", "two_rules", "give the content once: as a rule or as ids");
            None
        }
        (None, None) => {
            form.missing_rule();
            None
        }
    };
    form.finish()?;
    let Some(kind) = kind else { return Err(ApiError::internal("a form without content was accepted")) };
    let found = heavy(|| diff(id, &kind, sample, &state.at(now)))?;
    let people = |profiles: &[Profile]| -> Json {
        profiles.iter().map(|profile| answer::profile(profile, &state.view)).collect()
    };
    let mut body = described(&found.moved);
    body.insert("unchanged".into(), json!(found.moved.after - found.moved.entered));
    body.insert("entered_sample".into(), people(&found.entered));
    body.insert("left_sample".into(), people(&found.left));
    let named = |id: u64, name: &str, moved: &Moved| {
        let mut body = Map::from_iter([("id".to_owned(), json!(id)), ("name".to_owned(), json!(name))]);
        body.extend(described(moved));
        Json::from(body)
    };
    // Those that refer to it and stay as they are would only be in the way.
    let segments = found.segments.iter().filter(|one| one.moved.people() > 0);
    let audiences = found.audiences.iter().filter(|one| one.moved.people() > 0);
    body.insert("segments".into(), segments.map(|one| named(one.id.0, &one.name, &one.moved)).collect());
    body.insert("audiences".into(), audiences.map(|one| named(one.id.0, &one.name, &one.moved)).collect());
    body.insert("referrers".into(), json!(found.segments.len() + found.audiences.len()));
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

fn described(moved: &Moved) -> Map<String, Json> {
    let Moved { before, after, entered, left } = moved;
    let counts = [("before", before), ("after", after), ("entered", entered), ("left", left)];
    counts.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect()
}

/// How much a change may move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Consent {
    is_confirmed: bool,
    /// Millionths of the members, when the request says.
    share: Option<u64>,
}

impl Consent {
    /// What a request says.
    pub(super) fn read(form: &mut Form) -> Self {
        Self { is_confirmed: form.flag("confirm"), share: form.share("max_change_share") }
    }

    /// In millionths.
    fn share_max(self) -> u64 {
        self.share.unwrap_or(CHANGE_SHARE_MAX)
    }

    fn is_large(self, moved: &Moved) -> bool {
        // A share that was asked for holds for few people as well.
        let least = if self.share.is_some() { 1 } else { CHANGE_PEOPLE_MIN };
        let most = u128::from(moved.before) * u128::from(self.share_max());
        let exceeds_share = u128::from(moved.people()) * 1_000_000 > most;
        moved.people() >= least && exceeds_share
    }

    /// Refuses a change that moves more than that, unless it is confirmed.
    pub(super) fn check(self, id: SegmentId, content: &SegmentContent, moment: &Moment<'_>) -> Result<(), ApiError> {
        let kind = match content {
            _ if self.is_confirmed => return Ok(()),
            SegmentContent::Same => return Ok(()),
            SegmentContent::Rule(rule) => {
                let checked = check(rule, moment.view, moment.segments);
                let checked = checked.map_err(|problems| Error::Invalid(problems).below("/criteria"))?;
                SegmentKind::Dynamic { rule: Arc::new(rule.clone()), checked: Arc::new(checked) }
            }
            SegmentContent::Lookalike(model) => {
                let checked = model.checked(moment.view.schema()).map_err(Error::Invalid)?;
                SegmentKind::Lookalike { model: model.clone(), checked: Arc::new(checked) }
            }
            SegmentContent::Ids(ids) => SegmentKind::Static(IdList::new(ids, moment.view)),
            SegmentContent::Rows(rows) => SegmentKind::Static(IdList::of_rows(rows.clone())),
            SegmentContent::List(list) => match moment.lists.get(*list) {
                Ok(list) => SegmentKind::Static(list.ids.clone()),
                // Saving it says what is wrong.
                Err(_) => return Ok(()),
            },
        };
        let moved = moved(id, &kind, moment)?;
        if !self.is_large(&moved) {
            return Ok(());
        }
        let Moved { before, after, entered, left } = moved;
        let percent = self.share_max() as f64 / 10_000.0;
        let message = format!(
            "the change would move more than {percent}% of the members: of {before}, {left} would leave and {entered} \
             enter, {after} in the end; send \"confirm\": true if that is meant"
        );
        Err(Error::Conflict(Problem::new("/confirm", "large_change", message)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_large_by_its_share_and_from_so_many_people_on() {
        let is_large = |share: Option<u64>, before: u64, entered: u64, left: u64| {
            let moved = Moved { before, after: before + entered - left, entered, left };
            Consent { is_confirmed: false, share }.is_large(&moved)
        };
        let most = CHANGE_SHARE_MAX;
        assert!(!is_large(None, 1_000_000, 1, most - 1) && is_large(None, 1_000_000, 1, most));
        let least = CHANGE_PEOPLE_MIN;
        assert!(!is_large(None, least, 0, least - 1) && is_large(None, least, 0, least));
        assert!(!is_large(Some(500_000), 10, 0, 5) && is_large(Some(500_000), 10, 0, 6), "few people, and a share");
        assert!(!is_large(Some(0), 10, 0, 0) && is_large(Some(0), 10, 1, 0));
    }
}
