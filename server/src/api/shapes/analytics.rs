//! How segments do, and how many people there are.

use serde::Serialize;
use utoipa::ToSchema;

use super::changes::SizePoint;

/// All segments that are not archived.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentAnalytics {
    /// By id.
    items: Vec<SegmentPerformance>,
    /// Days that are looked back.
    days: u64,
    /// From when on `entered_since` and `left_since` count: the begin of the hour that was asked, UTC.
    since: Option<String>,
    /// People there are.
    population: u64,
    /// Version of the data.
    data_version: u64,
    /// The instant.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// How one segment does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentPerformance {
    /// Which.
    id: u64,
    /// Its name.
    name: String,
    /// `dynamic`, `static` or `lookalike`.
    segment_type: String,
    /// `draft` or `active`.
    status: String,
    /// People in it; exact.
    count: u64,
    /// Their share of all people; none where there is nobody.
    share: Option<f64>,
    /// How often somebody entered in these days.
    entered: u64,
    /// How often somebody left.
    left: u64,
    /// People before these days; none of a segment that is younger.
    count_before: Option<u64>,
    /// How much larger it is since: 0.1 is a tenth.
    growth: Option<f64>,
    /// The days in which it changed, ascending.
    trend: Vec<SizePoint>,
    /// How often somebody entered from `since` on; none where that was not asked.
    entered_since: Option<u64>,
    /// How often somebody left from `since` on; none where that was not asked.
    left_since: Option<u64>,
}

/// How many people there are, day by day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PopulationAnalytics {
    /// The days in which some came or were erased, ascending: `entered` came, `left` were erased.
    items: Vec<SizePoint>,
    /// People before these days; none where nobody counted then.
    count_before: Option<u64>,
    /// Days that are looked back.
    days: u64,
    /// People there are.
    population: u64,
    /// Version of the data.
    data_version: u64,
    /// The instant.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}
