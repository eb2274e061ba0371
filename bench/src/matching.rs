//! How long it takes to find the hundred customers whom an event fits best, with reasons and with the sizes of all
//! classes of scores, beside scoring one row after the other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use muster_data::population::DEFAULT_NOW;
use muster_engine::cache::Cache;
use muster_engine::column::Column;
use muster_engine::command::{Command, OfferChange, Outcome};
use muster_engine::offer::{Ask, Details, Matching, Price, PriceRange, ProfileField, factors, recommend};
use muster_engine::rule::LeafTest;
use muster_engine::rule::{CheckedKind, CheckedNode, Match};
use muster_engine::table::View;
use muster_engine::tenant::Tenant;
use rayon::prelude::*;
use serde_json::{Value as Json, json};

use crate::clock::{Repeat, median_us};
use crate::document::rounded;
use crate::machine;
use crate::workload::{loaded, parquet};
use crate::{Failure, Size};

const REPEAT: Repeat = Repeat { runs_max: 15, budget: Duration::from_secs(2) };

/// Rows that one thread scores at a time.
const PIECE: u32 = 65_536;

/// Customers that are named.
const BEST: usize = 100;

/// Least scores that are asked for: quality, reach, and any reason at all.
const LEAST: [u32; 3] = [60, 40, 1];

/// Offers: genres, types, artists, where, and the price in ten-thousandths.
type Row = (
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
    (&'static str, &'static str),
    (i64, i64),
);

#[rustfmt::skip]
const OFFERS: [Row; 4] = [
    (&["rock", "metal"], &["purchase"], &["summer-fan", "music-fan"], ("Berlin", "DE"), (250_000, 600_000)),
    (&["jazz"], &["review"], &["art-club"], ("Paris", "FR"), (800_000, 1_500_000)),
    (&["pop", "indie", "latin"], &["purchase", "cart_add"], &["sale-vip"], ("London", "GB"), (100_000, 400_000)),
    (&["opera", "classical"], &["email_click"], &["wine-buyer", "books-fan"], ("Wien", "AT"), (500_000, 2_000_000)),
];

pub(crate) fn run(size: &Size) -> Result<(), Failure> {
    let (tenant, _) = loaded(&parquet(size.profiles)?, size.row_order())?;
    // Tags stand for artists; nobody watches anything.
    let mut matching = Matching { country_weight: Some(6), ..Matching::default() };
    matching.fields[ProfileField::Artists as usize] = "tags".into();
    tenant.apply(Command::Offer(OfferChange::Settings(matching)))?;
    let asked = OFFERS.iter().map(|offer| measured(&tenant, offer)).collect::<Result<Vec<_>, _>>()?;
    let document = json!({
        "profiles": size.profiles,
        "threads": size.threads,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "best": BEST,
        "offers": asked,
    });
    println!("{document:#}");
    Ok(())
}

fn measured(tenant: &Tenant, (genres, types, artists, (city, country), (min, max)): &Row) -> Result<Json, Failure> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let details = Details {
        name: genres.join(", "),
        genres: words(genres),
        event_types: words(types),
        artists: words(artists),
        price: Some(PriceRange { min: Price(*min), max: Price(*max) }),
        city: Some((*city).to_owned()),
        country: Some((*country).to_owned()),
        ..Details::default()
    };
    let change = OfferChange::Put { id: None, is_new: true, details, now: DEFAULT_NOW };
    let Outcome::Offer(id) = tenant.apply(Command::Offer(change))? else {
        return Err(Failure("an offer was saved as something else".into()));
    };
    let state = tenant.state();
    let (offer, matching) = (state.offers.get(id)?, state.offers.matching());
    let scorers: Vec<Scorer<'_>> = factors(offer, matching, state.view.schema())
        .list
        .iter()
        .map(|factor| Ok((factor.weight, asks(&factor.checked.root, &state.view)?)))
        .collect::<Result<_, Failure>>()?;
    let mut scores = Vec::new();
    for min_score in LEAST {
        let ask = Ask { min_score, skip: 0, limit: BEST };
        let (found, us) =
            median_us(REPEAT, || told(&recommend(offer, matching, &state.view, DEFAULT_NOW, ask, &state.cache)));
        let fresh = || told(&recommend(offer, matching, &state.view, DEFAULT_NOW, ask, &Cache::default()));
        let (_, fresh_us) = median_us(REPEAT, fresh);
        let (naive, naive_us) =
            median_us(Repeat { runs_max: 3, ..REPEAT }, || row_by_row(&scorers, &state.view, min_score));
        if naive != found {
            return Err(Failure(format!("offer {id} from {min_score}: {found:?}, row by row {naive:?}")));
        }
        let times = json!({"min_score": min_score, "total": found.0, "kept_sets_us": rounded(us),
            "fresh_sets_us": rounded(fresh_us), "row_by_row_us": rounded(naive_us)});
        scores.push(times);
    }
    Ok(json!({"genres": genres, "factors": scorers.len(), "scores": scores}))
}

/// How many, and the best of them: scores and rows.
type Told = (u64, Vec<(u32, u32)>);

fn told(found: &muster_engine::offer::Recommendations) -> Told {
    (found.total, found.fits.iter().map(|fit| (fit.score, fit.what)).collect())
}

/// A weight, and who has it, row by row.
type Scorer<'v> = (u32, Box<dyn Fn(u32) -> bool + Sync + 'v>);

/// The plain way: every row's values are looked at, in codes and keys that were looked up before; the best are kept.
fn row_by_row(scorers: &[Scorer<'_>], view: &View, least: u32) -> Told {
    let pieces = view.row_count().div_ceil(PIECE);
    let piece = |piece: u32| {
        let (mut total, mut best) = (0, BinaryHeap::with_capacity(BEST + 1));
        for row in piece * PIECE..view.row_count().min((piece + 1) * PIECE) {
            let score: u32 = scorers.iter().filter(|(_, has)| has(row)).map(|(weight, _)| weight).sum();
            if score >= least {
                total += 1;
                best.push((Reverse(score), row));
                if best.len() > BEST {
                    best.pop();
                }
            }
        }
        (total, best.into_vec())
    };
    let found: Vec<(u64, Vec<_>)> = (0..pieces).into_par_iter().map(piece).collect();
    let mut best: Vec<_> = found.iter().flat_map(|(_, best)| best).copied().collect();
    best.sort_unstable();
    best.truncate(BEST);
    (found.iter().map(|(total, _)| total).sum(), best.into_iter().map(|(score, row)| (score.0, row)).collect())
}

/// A rule as a question to one row. All rows are live here.
fn asks<'v>(node: &CheckedNode, view: &'v View) -> Result<Box<dyn Fn(u32) -> bool + Sync + 'v>, Failure> {
    let (test, negated) = match &node.kind {
        CheckedKind::Group { join, rules } => {
            let rules = rules.iter().map(|rule| asks(rule, view)).collect::<Result<Vec<_>, _>>()?;
            return Ok(match join {
                Match::All => Box::new(move |row| rules.iter().all(|rule| rule(row))),
                Match::Any => Box::new(move |row| rules.iter().any(|rule| rule(row))),
                Match::None => Box::new(move |row| !rules.iter().any(|rule| rule(row))),
            });
        }
        CheckedKind::Leaf { test, negated } => (test, *negated),
    };
    let field = test.field().ok_or_else(|| Failure("a factor asks no field".into()))?;
    let data = view.field(field);
    Ok(match (test, &data.column) {
        (LeafTest::Range { lo, hi, .. }, Column::Scalar(column)) => {
            let (lo, hi) = (*lo, *hi);
            Box::new(move |row| column.get(row).is_some_and(|key| lo <= key && key <= hi) != negated)
        }
        (LeafTest::Words { words, .. }, Column::Keyword(keyword)) => {
            let codes: Vec<u32> = words.iter().filter_map(|word| keyword.dict.code(word.as_bytes())).collect();
            Box::new(move |row| codes.contains(&keyword.codes.get(row)) != negated)
        }
        (LeafTest::WordMembers { words, .. }, Column::Members(members)) => {
            let codes: Vec<u32> = words.iter().filter_map(|word| members.dict.code(word.as_bytes())).collect();
            Box::new(move |row| members.get(row).iter().any(|code| codes.contains(code)) != negated)
        }
        (LeafTest::Exists { .. }, _) => Box::new(move |row| data.present.contains(row) != negated),
        _ => return Err(Failure("a factor asks in another way".into())),
    })
}
