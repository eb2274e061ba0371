//! A model from a segment: fields weighed, fitted, turned into whole points, and cut at a threshold.

use rayon::prelude::*;

use super::features::features;
use super::fit::shares;
use super::threshold::{Scored, choose};
use super::weights::{Sides, WeighedField};
use crate::block::Set;
use crate::error::{Error, Problem, Result};
use crate::eval::ScoreTally;
use crate::id::{FieldId, SegmentId};
use crate::insight::Moment;
use crate::limits::{LOOKALIKE_FIELDS_MAX, LOOKALIKE_POINTS_MAX, LOOKALIKE_SAMPLE_MAX, LOOKALIKE_SOURCE_MIN};
use crate::patience::Patience;
use crate::rule::nearest;
use crate::schema::normalize;
use crate::segment::{Aim, Model, SCORE_UNIT, Term, Trained};
use crate::table::View;

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Whom others are to be like.
    pub source: SegmentId,
    /// Whether the people of the source are to be in as well; they come on top of the size.
    pub include_source: bool,
    /// How many look-alikes.
    pub aim: Aim,
    /// The fields that may count; none for all that are fit for it and do not define the source.
    pub fields: Option<Vec<String>>,
}

/// A trained model, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookalike {
    /// The model.
    pub model: Model,
    /// The fields that count, the most telling first.
    pub fields: Vec<FieldShare>,
    /// The fields that do not, in the schema's order.
    pub skipped: Vec<Skipped>,
}

/// How much a field counts.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldShare {
    /// Its name.
    pub field: String,
    /// How much it tells by itself, in nats.
    pub divergence: f64,
    /// Which share of that counts beside the other fields; 1 is all.
    pub share: f64,
}

/// A field that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its name.
    pub field: String,
    /// Stable machine-readable reason, such as `nearly_unique`.
    pub code: &'static str,
    /// Lower case, one sentence, no full stop.
    pub why: String,
}

/// A model whose threshold is chosen, and all that it was chosen by.
pub(super) struct Trial {
    pub(super) lookalike: Lookalike,
    pub(super) scored: Scored,
    /// Of the people who are not in the source.
    pub(super) tally: ScoreTally,
}

/// Trains a model.
///
/// # Errors
/// `Invalid` with every mistake: a source with nobody, too few or everybody, unknown fields, no field that tells
/// anything; `NotFound` when there is no such segment.
pub fn train(request: &Request, moment: &Moment<'_>, data_version: u64) -> Result<Lookalike> {
    let source = source(request, moment)?;
    Ok(train_on(request, moment, data_version, &source)?.lookalike)
}

/// The people to be like.
pub(super) fn source(request: &Request, moment: &Moment<'_>) -> Result<Set> {
    let source = moment.rows_of_segment(request.source)?.and(moment.view.live());
    let (count, everybody) = (source.len(), moment.view.live().len());
    let refuse = |code, message: String| Err(Error::invalid("/source", code, message));
    let name = moment.segment_name(request.source).unwrap_or_default();
    match count {
        0 => refuse("empty_source", format!("segment \"{name}\" is empty: there is nobody to be like")),
        1..LOOKALIKE_SOURCE_MIN => refuse(
            "source_too_small",
            format!(
                "segment \"{name}\" has {count} people, and it takes {LOOKALIKE_SOURCE_MIN} to tell a trait from chance"
            ),
        ),
        _ if count == everybody => refuse(
            "source_is_everyone",
            format!("segment \"{name}\" is everybody: nobody is left who could be like them"),
        ),
        _ => Ok(source),
    }
}

/// Trains on some people of the source.
pub(super) fn train_on(request: &Request, moment: &Moment<'_>, data_version: u64, source: &Set) -> Result<Trial> {
    let view = moment.view;
    let (allowed, mut skipped) = allowed(request, moment)?;
    let (sample, positive) = sample(view, source);
    let sides = Sides { view, source, sample: &sample };
    let patience = Patience::current();
    let weigh = |id: &FieldId| {
        patience.check();
        let field = view.schema().field(*id);
        Ok(features(field, view, source)?.and_then(|features| {
            let nothing = || Skipped {
                field: field.name.to_string(),
                code: "tells_nothing",
                why: "the source is spread over its values as everybody is".into(),
            };
            WeighedField::new(field.name.to_string(), features, sides).ok_or_else(nothing)
        }))
    };
    let weighed: Vec<_> = allowed.par_iter().map(weigh).collect::<Result<_>>()?;
    let mut fields = Vec::new();
    for found in weighed {
        match found {
            Ok(field) => fields.push(field),
            Err(why) => skipped.push(why),
        }
    }
    fields.sort_by(|left, right| right.divergence.total_cmp(&left.divergence).then_with(|| left.name.cmp(&right.name)));
    for field in fields.drain(LOOKALIKE_FIELDS_MAX.min(fields.len())..) {
        let why = format!("{LOOKALIKE_FIELDS_MAX} other fields tell more");
        skipped.push(Skipped { field: field.name, code: "too_many_fields", why });
    }
    let columns: Vec<&[f64]> = fields.iter().map(|field| &field.sample[..]).collect();
    let shares = shares(&columns, positive);
    let (mut kept, mut model) = (Vec::new(), untrained(request, moment, data_version));
    for (field, share) in fields.iter().zip(shares) {
        if add_terms(&mut model, field, share) {
            kept.push(FieldShare { field: field.name.clone(), divergence: field.divergence, share });
        } else {
            let why = "other fields say the same already".into();
            skipped.push(Skipped { field: field.name.clone(), code: "said_by_others", why });
        }
    }
    if kept.is_empty() {
        let suggestions = skipped.iter().map(|field| format!("{}: {}", field.field, field.why)).collect();
        let message = "no field tells the people of the source from the others";
        let problem = Problem::new("/source", "nothing_in_common", message).with_suggestions(suggestions);
        return Err(Error::Invalid(vec![problem]));
    }
    skipped.sort_by_key(|field| view.schema().find(&field.field).map(|field| field.id.index()));
    cut(model, moment, source).map(|(model, scored, tally)| Trial {
        lookalike: Lookalike { model, fields: kept, skipped },
        scored,
        tally,
    })
}

/// Gives a model its threshold.
fn cut(mut model: Model, moment: &Moment<'_>, source: &Set) -> Result<(Model, Scored, ScoreTally)> {
    let view = moment.view;
    let score = model.score(view.schema()).map_err(Error::Invalid)?;
    let eligible = view.live().and_not(source);
    let scored = Scored::new(score.clone());
    let tally = scored.tally(view, &[&eligible]);
    model.trained.source = source.len();
    model.trained.size = choose(&mut model, &score, &tally, view, &eligible);
    Ok((model, scored, tally))
}

fn untrained(request: &Request, moment: &Moment<'_>, data_version: u64) -> Model {
    let source_version = moment.segments.get(request.source).map_or(0, |segment| segment.version);
    let population = moment.view.live().len();
    let trained = Trained { at: moment.now, data_version, source_version, source: 0, population, size: 0 };
    let Request { source, include_source, aim, fields } = request.clone();
    let (terms, least, most, at_least, cut) = (Vec::new(), 0, 0, 0, 0);
    Model { source, include_source, aim, fields, terms, least, most, at_least, cut, trained }
}

/// Adds what a field says to a model, as far as it makes a point.
fn add_terms(model: &mut Model, field: &WeighedField, share: f64) -> bool {
    let before = model.terms.len();
    for weighed in &field.tests {
        let points = (weighed.weight * share * SCORE_UNIT).round();
        // Saturates, and is never far from its bounds.
        let weight = (points as i32).clamp(-LOOKALIKE_POINTS_MAX, LOOKALIKE_POINTS_MAX);
        if weight != 0 {
            let (test, source, others) = (weighed.test.clone(), weighed.source, weighed.others);
            model.terms.push(Term { test, weight, source, others });
        }
    }
    let weights = model.terms[before..].iter().map(|term| i64::from(term.weight));
    let (down, up) = weights.fold((0, 0), |(down, up): (i64, i64), weight| match (field.exclusive, weight < 0) {
        (true, _) => (down.min(weight), up.max(weight)),
        (false, true) => (down + weight, up),
        (false, false) => (down, up + weight),
    });
    (model.least, model.most) = (model.least + down, model.most + up);
    model.terms.len() > before
}

/// The fields that may count, and those that may not.
fn allowed(request: &Request, moment: &Moment<'_>) -> Result<(Vec<FieldId>, Vec<Skipped>)> {
    let schema = moment.view.schema();
    if let Some(names) = &request.fields {
        let (mut fields, mut problems) = (Vec::new(), Vec::new());
        for (at, name) in names.iter().enumerate() {
            match schema.find(&normalize(name)) {
                Some(field) if !fields.contains(&field.id) => fields.push(field.id),
                Some(_) => {}
                None => {
                    let near = nearest(name, schema.fields().iter().map(|field| &*field.name));
                    let message = format!("there is no field \"{name}\" that could count");
                    let problem = Problem::new(format!("/fields/{at}"), "unknown_field", message);
                    problems.push(problem.with_suggestions(near));
                }
            }
        }
        if names.is_empty() {
            problems.push(Problem::new("/fields", "empty_list", "name a field, or leave \"fields\" out for all"));
        }
        return if problems.is_empty() { Ok((fields, Vec::new())) } else { Err(Error::Invalid(problems)) };
    }
    let defining = moment.segments.get(request.source)?.kind.checked().map(|rule| rule.fields()).unwrap_or_default();
    let (out, fields): (Vec<_>, Vec<_>) = schema.fields().iter().partition(|field| defining.contains(&field.id));
    let why = "the source's own rule tests it, so it would find that rule again; name it in \"fields\" to let it count";
    let skipped = |field: &crate::schema::Field| Skipped {
        field: field.name.to_string(),
        code: "defines_source",
        why: why.to_owned(),
    };
    Ok((fields.into_iter().map(|field| field.id).collect(), out.into_iter().map(skipped).collect()))
}

/// Rows to fit to, those of the source first, and how many these are: evenly spread over each side.
fn sample(view: &View, source: &Set) -> (Vec<u32>, usize) {
    let mut rows: Vec<u32> = source.rows().step_by(sample_step(source.len())).collect();
    let positive = rows.len();
    let others = view.live().len() - source.len();
    // Every so manieth row: of the others about as many are found as are wanted, erased rows not counted.
    let step = sample_step(others);
    let is_other = |row: &u32| view.live().contains(*row) && !source.contains(*row);
    rows.extend((0..view.row_count()).step_by(step).filter(is_other));
    (rows, positive)
}

/// Every which of so many is looked at.
fn sample_step(count: u64) -> usize {
    count.div_ceil(LOOKALIKE_SAMPLE_MAX).max(1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::lookalike::weights::Weighed;
    use crate::rule::{Operator, Test};
    use crate::time::Timestamp;

    fn of_weights(weights: &[f64]) -> Vec<i32> {
        let trained =
            Trained { at: Timestamp(0), data_version: 0, source_version: 0, source: 0, population: 0, size: 0 };
        let (source, aim, terms) = (SegmentId(1), Aim::Size(1), Vec::new());
        let (include_source, fields, least, most, at_least, cut) = (false, None, 0, 0, 0, 0);
        let mut model = Model { source, include_source, aim, fields, terms, least, most, at_least, cut, trained };
        let test = Test { field: "n".into(), operator: Operator::Exists, value: None };
        let tests = weights.iter().map(|weight| Weighed { test: test.clone(), source: 0, others: 0, weight: *weight });
        let (name, tests) = ("n".to_owned(), tests.collect());
        let field = WeighedField { name, tests, exclusive: true, divergence: 0.0, sample: Vec::new() };
        add_terms(&mut model, &field, 1.0);
        model.terms.iter().map(|term| term.weight).collect()
    }

    #[test]
    fn one_test_adds_so_many_points_at_most() {
        let most = f64::from(LOOKALIKE_POINTS_MAX) / SCORE_UNIT;
        let point = 1.0 / SCORE_UNIT;
        let found = of_weights(&[most - point, most, most + point, -most - point, f64::INFINITY]);
        let max = LOOKALIKE_POINTS_MAX;
        assert_eq!(found, [max - 1, max, max, -max, max]);
    }

    #[test]
    fn everybody_is_looked_at_up_to_so_many() {
        let most = LOOKALIKE_SAMPLE_MAX;
        assert_eq!([0, most, most + 1, 2 * most, 2 * most + 1].map(sample_step), [1, 1, 2, 2, 3]);
    }
}
