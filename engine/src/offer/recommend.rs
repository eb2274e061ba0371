//! Whom an offer fits best, and which offers fit somebody best.

use std::sync::Arc;

use super::classes::Classes;
use super::factors::{Factor, Factors, factors};
use super::record::Offer;
use super::settings::{Matching, Reason};
use super::store::Offers;
use crate::block::Set;
use crate::cache::{self, Cache};
use crate::eval::{RowAt, Rows};
use crate::plan::{SegmentRows, Warning, plan};
use crate::table::View;
use crate::time::Timestamp;

/// Which part of the order is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// The least score that counts.
    pub min_score: u32,
    /// How many of the best are left out.
    pub skip: u64,
    /// How many are named after them.
    pub limit: usize,
}

/// Somebody whom an offer fits, or an offer that fits somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit<T> {
    /// Who, or what.
    pub what: T,
    /// The sum of the reasons' weights.
    pub score: u32,
    /// In the order of [`Reason::ALL`], with their weights.
    pub reasons: Vec<(Reason, u32)>,
}

/// Whom an offer fits.
#[derive(Debug, Clone)]
pub struct Recommendations {
    /// How many reach the least score; exact.
    pub total: u64,
    /// How many have each score that somebody has, the highest first.
    pub distribution: Vec<(u32, u64)>,
    /// Rows, the highest score first and then in row order.
    pub fits: Vec<Fit<u32>>,
    /// Every factor with the number of those who have it, whatever their score.
    pub factors: Vec<(Factor, u64)>,
    /// Factors that nobody can have, and words that nobody has.
    pub warnings: Vec<Warning>,
}

/// Finds whom an offer fits. Exact.
pub fn recommend(
    offer: &Offer,
    matching: &Matching,
    view: &View,
    now: Timestamp,
    ask: Ask,
    kept: &Cache,
) -> Recommendations {
    let Factors { list, mut warnings } = factors(offer, matching, view.schema());
    let sets: Vec<Arc<Set>> = list
        .iter()
        .map(|factor| {
            let nothing = SegmentRows::new();
            let rows = cache::rows(&factor.checked, view, &nothing, now, kept);
            // Only what names words that nobody has can warn, and then it is planned in a moment.
            if rows.is_empty() {
                let told = plan(&factor.checked, view, &nothing, now).warnings(view);
                warnings.extend(told.into_iter().map(|told| Warning { pointer: String::new(), ..told }));
            }
            rows
        })
        .collect();
    let weighed: Vec<(&Factor, &Set)> = list.iter().zip(&sets).map(|(factor, rows)| (factor, &**rows)).collect();
    let classes = Classes::count(view.live(), &weighed, view.block_count(), ask.min_score);
    let distribution = classes.distribution();
    let fit = |(row, score): (u32, u32)| {
        let has = weighed.iter().filter(|(_, rows)| rows.contains(row));
        Fit { what: row, score, reasons: has.map(|(factor, _)| (factor.reason, factor.weight)).collect() }
    };
    let fits = classes.rows(ask.skip, ask.limit).into_iter().map(fit).collect();
    let total = distribution.iter().map(|(_, rows)| rows).sum();
    let counts: Vec<u64> = sets.iter().map(|rows| rows.len()).collect();
    Recommendations { total, distribution, fits, factors: list.into_iter().zip(counts).collect(), warnings }
}

/// Offers for somebody.
#[derive(Debug, Clone)]
pub struct Recommended<'o> {
    /// How many reach the least score.
    pub total: u64,
    /// Those asked for, the highest score first, then the one that begins first, then by id.
    pub fits: Vec<Fit<&'o Offer>>,
}

/// Finds offers for a live row: those that are on sale and have not begun. Each is asked about this row alone.
pub fn recommended_to<'o>(row: u32, offers: &'o Offers, view: &View, now: Timestamp, ask: Ask) -> Recommended<'o> {
    let fit = |offer: &'o Arc<Offer>| {
        let Factors { list, .. } = factors(offer, offers.matching(), view.schema());
        let rows = Rows::new(view, now);
        let at = RowAt { rows: &rows, row };
        let has = list.iter().filter(|factor| at.satisfies(&factor.checked.root, &|_| false));
        let reasons: Vec<(Reason, u32)> = has.map(|factor| (factor.reason, factor.weight)).collect();
        Fit { what: &**offer, score: reasons.iter().map(|(_, weight)| weight).sum(), reasons }
    };
    let ahead = offers.iter().filter(|offer| offer.details.is_ahead(now));
    let mut fits: Vec<_> = ahead.map(fit).filter(|fit| fit.score >= ask.min_score).collect();
    let start = |offer: &Offer| offer.details.starts_at.map_or(i64::MAX, |start| start.0);
    fits.sort_by_key(|fit| (std::cmp::Reverse(fit.score), start(fit.what), fit.what.id));
    let total = fits.len() as u64;
    let skip = usize::try_from(ask.skip).unwrap_or(usize::MAX);
    Recommended { total, fits: fits.into_iter().skip(skip).take(ask.limit).collect() }
}
