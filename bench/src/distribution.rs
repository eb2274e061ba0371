//! How long percentiles, histograms and summaries take, of everybody and within a rule, beside sorting the column.

use std::time::Duration;

use muster_data::population::DEFAULT_NOW;
use muster_engine::block::Set;
use muster_engine::column::Column;
use muster_engine::eval;
use muster_engine::id::FieldId;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::from_text;
use muster_engine::schema::Value;
use muster_engine::table::{Bins, Percentile, Question, View};
use muster_engine::tenant::State;
use serde_json::{Value as Json, json};

use crate::clock::{Repeat, median_us};
use crate::document::rounded;
use crate::machine;
use crate::workload::{loaded, parquet};
use crate::{Failure, Size};

const REPEAT: Repeat = Repeat { runs_max: 15, budget: Duration::from_secs(3) };

/// The field that is asked about.
const FIELD: &str = "total_spent";

/// Rules that hold about a tenth of the profiles: a range, scattered over all rows, and one that rows are laid by.
const RULES: [&str; 2] = [r#"birth_date >= "2001-01-01""#, r#"country in ("DE")"#];

/// Bins of the histogram.
const BINS: usize = 20;

/// In millionths.
const PERCENTILES: [u32; 7] = [10_000, 50_000, 250_000, 500_000, 750_000, 950_000, 990_000];

/// Values that are listed.
const TOP: usize = 10;

pub(crate) fn run(size: &Size) -> Result<(), Failure> {
    let (tenant, _) = loaded(&parquet(size.profiles)?, size.row_order())?;
    let state = tenant.state();
    let field = state.view.schema().find(FIELD).ok_or_else(|| Failure(format!("there is no {FIELD}")))?.id;
    let mut asked = vec![measured(&state.view, field, "everybody", None)?];
    for text in RULES {
        let (rows, rule_us) = rows_of(&state, text)?;
        let mut within = measured(&state.view, field, text, Some(&rows))?;
        within["rule_us"] = rounded(rule_us).into();
        asked.push(within);
    }
    let (_, summaries_us) = median_us(REPEAT, || state.view.summaries().len());
    let each = state.view.schema().fields().iter().map(|field| {
        let (_, us) = median_us(REPEAT, || state.view.summary(field.id));
        (field.name.to_string(), json!(rounded(us)))
    });
    let document = json!({
        "profiles": size.profiles,
        "threads": size.threads,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "field": FIELD,
        "asked": asked,
        "summaries_us": rounded(summaries_us),
        "summary_us": each.collect::<serde_json::Map<_, _>>(),
    });
    println!("{document:#}");
    Ok(())
}

fn rows_of(state: &State, text: &str) -> Result<(Set, f64), Failure> {
    let rule = from_text(text).map_err(|_| Failure(format!("{text} cannot be read")))?;
    let checked = state.check(&rule)?;
    Ok(median_us(REPEAT, || eval::rows(&plan(&checked, &state.view, &SegmentRows::new(), DEFAULT_NOW))))
}

fn measured(view: &View, field: FieldId, who: &str, within: Option<&Set>) -> Result<Json, Failure> {
    let percentiles: Vec<Percentile> = PERCENTILES.into_iter().filter_map(Percentile::new).collect();
    let bins = Some(Bins::AtMost(BINS));
    let questions = [
        ("histogram_us", Question { bins: bins.clone(), ..Question::default() }),
        ("percentiles_us", Question { percentiles: percentiles.clone(), ..Question::default() }),
        ("both_us", Question { percentiles, bins, top: None }),
        ("top_us", Question { top: Some(TOP), ..Question::default() }),
    ];
    let rows = within.unwrap_or(view.live());
    let mut document = json!({"who": who, "share": rounded(rows.len() as f64 / view.live().len() as f64)});
    for (name, question) in questions {
        let (_, us) = median_us(REPEAT, || view.distribution(field, within, &question).ok());
        document[name] = rounded(us).into();
    }
    let (sorted, sort_us) = median_us(REPEAT, || sorted_keys(view, field, rows));
    document["sort_us"] = rounded(sort_us).into();
    let question =
        Question { percentiles: PERCENTILES.into_iter().filter_map(Percentile::new).collect(), ..Question::default() };
    let found = view.distribution(field, within, &question)?.percentiles;
    for (millionths, found) in PERCENTILES.into_iter().zip(found) {
        let rank = (sorted.len() as u64 * u64::from(millionths)).div_ceil(1_000_000);
        let key = sorted.get(rank.saturating_sub(1) as usize).copied();
        if found.as_ref().and_then(Value::to_key) != key {
            return Err(Failure(format!("percentile {millionths} of {who} is {found:?}, by sorting {key:?}")));
        }
    }
    Ok(document)
}

/// The same by the plain way.
fn sorted_keys(view: &View, field: FieldId, rows: &Set) -> Vec<i64> {
    let Column::Scalar(column) = &view.field(field).column else { return Vec::new() };
    let mut keys: Vec<i64> = rows.rows().filter_map(|row| column.get(row)).collect();
    keys.sort_unstable();
    keys
}
