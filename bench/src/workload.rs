//! The data and the questions: a population in a Parquet file, loaded, and the canonical rules checked against it.

use std::fs::File;
use std::path::{Path, PathBuf};

use muster::load::{LoadOptions, load};
use muster::source::Format;
use muster_data::export;
use muster_data::population::{DEFAULT_NOW, Population};
use muster_data::rules::{NAMED, canonical};
use muster_engine::rule::{CheckedRule, Match, Rule, from_text, to_text};
use muster_engine::table::{Batch, BatchColumn, ImportMode, RowOrder};
use muster_engine::tenant::{Tenant, Terms};

use crate::Failure;
use crate::clock::timed;
use crate::machine::scratch;

/// The seed of the population.
const SEED: u64 = 1;

/// From this size on a population has the fields of [`FEW_FIELDS`] only.
const FEW_FIELDS_FROM: u64 = 100_000_000;

/// The eight fields of very large populations, after the id.
const FEW_FIELDS: [&str; 9] = [
    "id",
    "country",
    "gender",
    "income_band",
    "email_consent",
    "genres",
    "total_spent",
    "last_purchase",
    "engagement_score",
];

/// A question.
pub(crate) struct Query {
    /// What a named rule is called.
    pub(crate) name: Option<&'static str>,
    /// As written.
    pub(crate) text: String,
    /// The rule.
    pub(crate) rule: Rule,
    /// Ready to be planned.
    pub(crate) checked: CheckedRule,
    /// How many tests it has.
    pub(crate) leaves: usize,
}

/// The fields of a population of this size; empty for all of them.
pub(crate) fn fields(profiles: u64) -> &'static [&'static str] {
    if profiles >= FEW_FIELDS_FROM { &FEW_FIELDS } else { &[] }
}

/// The population as a Parquet file, written now unless an earlier run left it.
pub(crate) fn parquet(profiles: u64) -> Result<PathBuf, Failure> {
    let folder = scratch();
    std::fs::create_dir_all(&folder)?;
    let mut population = Population::new(SEED, profiles, DEFAULT_NOW);
    if !fields(profiles).is_empty() {
        population = population.with_fields(fields(profiles))?;
    }
    let path = folder.join(format!("population-{profiles}-{}.parquet", population.schema().fields().len()));
    if !path.exists() {
        eprintln!("writing {profiles} profiles");
        // A name of its own, so that two runs do not write the same file.
        let fresh = folder.join(format!("population-{}.parquet", std::process::id()));
        export::write_parquet(&population.schema(), population.batches(), &fresh, &mut |_| {})?;
        std::fs::rename(&fresh, &path)?;
    }
    Ok(path.canonicalize()?)
}

/// Loads a file; says how many seconds that took.
pub(crate) fn loaded(path: &Path, row_order: RowOrder) -> Result<(Tenant, f64), Failure> {
    let tenant = Tenant::default();
    let seconds = load_into(&tenant, path, row_order)?;
    Ok((tenant, seconds))
}

/// Loads a file into an empty tenant; says how many seconds that took.
pub(crate) fn load_into(tenant: &Tenant, path: &Path, row_order: RowOrder) -> Result<f64, Failure> {
    let options = LoadOptions {
        format: Format::Parquet,
        id_field: None,
        infer: true,
        mode: ImportMode::Replace,
        row_order,
        terms: Terms::default(),
    };
    let file = File::open(path)?;
    let (report, seconds) = timed(|| load(tenant, &file, &options, &mut |_| {}));
    let report = report?;
    if report.inserted != report.rows {
        return Err(Failure(format!("only {} of {} profiles were taken", report.inserted, report.rows)));
    }
    Ok(seconds)
}

/// The canonical rules and the named ones, as far as they ask for the population's fields only.
pub(crate) fn queries(tenant: &Tenant, profiles: u64) -> Result<Vec<Query>, Failure> {
    let state = tenant.state();
    let drawn = canonical(fields(profiles)).into_iter().map(|rule| (None, to_text(&rule, &|_| None), rule));
    let mut rules: Vec<(Option<&'static str>, String, Rule)> = drawn.collect();
    for named in NAMED {
        let rule = from_text(named.text).map_err(|_| Failure(format!("{} cannot be read", named.name)))?;
        rules.push((Some(named.name), named.text.to_owned(), rule));
    }
    let mut queries = Vec::new();
    for (name, text, rule) in rules {
        match state.check(&rule) {
            Ok(checked) => queries.push(Query { name, text, leaves: leaf_count(&rule), rule, checked }),
            Err(_) if name.is_some() && !fields(profiles).is_empty() => {}
            Err(error) => return Err(Failure(format!("{text}: {error}"))),
        }
    }
    Ok(queries)
}

fn leaf_count(rule: &Rule) -> usize {
    match rule {
        Rule::Group(group) => group.rules.iter().map(leaf_count).sum(),
        Rule::Test(_) | Rule::Segment(_) | Rule::Event(_) => 1,
    }
}

/// Whether a group's rules are all to be true, and whether the group is negated: `none` is "not any".
pub(crate) fn joined(join: Match) -> (bool, bool) {
    (join == Match::All, join == Match::None)
}

/// One row of a batch as a batch.
pub(crate) fn one_row(batch: &Batch, at: usize) -> Batch {
    let column = |column: &BatchColumn| BatchColumn {
        field: column.field,
        values: column.values.slice(at, 1),
        named: column.named.as_ref().map(|named| named.slice(at, 1)),
    };
    Batch {
        ids: batch.ids.slice(at, 1),
        number_ids: batch.number_ids.as_ref().map(|numbers| numbers.slice(at, 1)),
        columns: batch.columns.iter().map(column).collect(),
    }
}
