//! Percentiles, histograms and most frequent values, beside the same read off a sorted vector.
//!
//! Every type, values missing and repeated, both ends of each type, nobody at all, one block and several; of everybody
//! and of sets of every density.

use std::cmp::Ordering;

use harness::population::population;
use harness::rng::Rng;
use harness::tenant::tenant_in_order;
use harness::twin::{Customer, Twin};
use muster_engine::block::Set;
use muster_engine::error::Error;
use muster_engine::limits::{BINS_MAX, PERCENTILES_MAX, TOP_MAX};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::table::{Bins, Distribution, Percentile, Question, View};
use muster_engine::time::{Date, Timestamp};

/// Shares of the rows in percent that sets hold.
const DENSITIES: [usize; 6] = [0, 1, 10, 50, 90, 100];

fn percentile(millionths: u32) -> Percentile {
    Percentile::new(millionths).expect("a share")
}

fn compared(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right).expect("finite"),
        (Value::Int(left), Value::Int(right)) | (Value::Decimal(left, _), Value::Decimal(right, _)) => left.cmp(right),
        (Value::Time(left), Value::Time(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Keyword(left), Value::Keyword(right)) => left.cmp(right),
        _ => panic!("{left} and {right} are of different types"),
    }
}

fn singles(value: &Value) -> Vec<Value> {
    match value {
        Value::KeywordSet(members) => members.iter().cloned().map(Value::Keyword).collect(),
        Value::IntSet(members) => members.iter().copied().map(Value::Int).collect(),
        // The two zeros are one value.
        Value::Float(value) => vec![Value::Float(value + 0.0)],
        value => vec![value.clone()],
    }
}

/// A question with random bounds from among the values.
fn question(rng: &mut Rng, kind: FieldType, values: &[Value]) -> Question {
    let top = [None, Some(0), Some(1), Some(3), Some(1_000)];
    let mut question = Question { top: *rng.pick(&top), ..Question::default() };
    if kind.is_scalar() {
        question.percentiles = (0..rng.below(5)).map(|_| percentile(rng.below(1_000_001) as u32)).collect();
        question.percentiles.extend([percentile(0), percentile(500_000), percentile(1_000_000)]);
        question.bins = match rng.below(3) {
            0 => None,
            1 => Some(Bins::AtMost(1 + rng.below(40))),
            _ if values.is_empty() => None,
            _ => {
                let mut bounds: Vec<Value> = (0..1 + rng.below(6)).map(|_| rng.pick(values).clone()).collect();
                bounds.sort_by(compared);
                bounds.dedup();
                Some(Bins::At(bounds))
            }
        };
    }
    question
}

/// Compares an answer with the values of the rows, one by one.
fn check(found: &Distribution, kind: FieldType, values: &[&Value], rows: usize, question: &Question, place: &str) {
    assert_eq!((found.rows, found.present), (rows as u64, values.len() as u64), "{place}");
    let mut sorted: Vec<Value> = values.iter().flat_map(|value| singles(value)).collect();
    sorted.sort_by(compared);
    if kind.is_scalar() {
        assert_eq!((found.min.as_ref(), found.max.as_ref()), (sorted.first(), sorted.last()), "{place}");
        // The least value that so large a share of all values does not exceed.
        let nearest_rank = |percentile: &Percentile| {
            let is_enough =
                |count: &usize| *count as u64 * 1_000_000 >= u64::from(percentile.millionths()) * sorted.len() as u64;
            let count = (1..=sorted.len()).find(is_enough)?;
            Some(sorted[count - 1].clone())
        };
        let expected: Vec<Option<Value>> = question.percentiles.iter().map(nearest_rank).collect();
        assert_eq!(found.percentiles, expected, "{place}");
        check_bins(found, question, &sorted, place);
    }
    let Some(top) = question.top else {
        assert_eq!(found.frequencies, None, "{place}");
        return;
    };
    let runs = sorted.chunk_by(|left, right| compared(left, right).is_eq());
    let mut counted: Vec<(Value, u64)> = runs.map(|run| (run[0].clone(), run.len() as u64)).collect();
    counted.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| compared(&left.0, &right.0)));
    let frequencies = found.frequencies.as_ref().expect("they were asked for");
    assert_eq!(frequencies.distinct, counted.len() as u64, "{place}");
    counted.truncate(top);
    assert_eq!(frequencies.top, counted, "{place}");
    let listed: u64 = counted.iter().map(|(_, count)| count).sum();
    assert_eq!(frequencies.others, sorted.len() as u64 - listed, "{place}");
}

fn check_bins(found: &Distribution, question: &Question, sorted: &[Value], place: &str) {
    let Some(bins) = &question.bins else {
        assert!(found.bins.is_empty(), "{place}");
        return;
    };
    let total: u64 = found.bins.iter().map(|bin| bin.count).sum();
    assert_eq!(total, found.present, "{place}: bins add up");
    assert!(found.bins.windows(2).all(|pair| pair[0].to.is_some() && pair[0].to == pair[1].from), "{place}");
    for bin in &found.bins {
        let is_in = |value: &&Value| {
            bin.from.as_ref().is_none_or(|from| compared(value, from).is_ge())
                && bin.to.as_ref().is_none_or(|to| compared(value, to).is_lt())
        };
        assert_eq!(bin.count, sorted.iter().filter(is_in).count() as u64, "{place}: {bin:?}");
    }
    match bins {
        Bins::At(bounds) => {
            let inner: Vec<&Value> = found.bins.iter().filter_map(|bin| bin.to.as_ref()).collect();
            assert_eq!(inner, bounds.iter().collect::<Vec<_>>(), "{place}");
            assert!(found.bins[0].from.is_none() && found.bins[bounds.len()].to.is_none(), "{place}");
        }
        Bins::AtMost(count) => {
            assert!(found.bins.len() <= *count, "{place}: {} bins", found.bins.len());
            assert_eq!(found.bins.is_empty(), sorted.is_empty(), "{place}");
            let ends = [found.bins.first(), found.bins.last()];
            assert!(ends.into_iter().flatten().all(|bin| bin.count > 0), "{place}: {:?}", found.bins);
        }
    }
}

/// A set of about so many percent of the rows, scattered or in one piece.
fn some_rows(rng: &mut Rng, rows: usize, percent: usize) -> Set {
    if rng.chance(30) {
        let first = rng.below(rows.max(1));
        let last = (first + rows * percent / 100).min(rows);
        return Set::from_rows((first as u32..last as u32).collect());
    }
    Set::from_rows((0..rows as u32).filter(|_| rng.chance(percent)).collect())
}

pub(crate) fn compare(view: &View, twin: &Twin, rng: &mut Rng, seed: u64) {
    for field in twin.schema.fields() {
        let column: Vec<Option<&Value>> =
            twin.profiles.iter().map(|profile| profile.values.get(&*field.name)).collect();
        let values: Vec<Value> = column.iter().flatten().map(|value| (*value).clone()).collect();
        let sets = DENSITIES.map(|percent| Some(some_rows(rng, column.len(), percent)));
        for within in [None].into_iter().chain(sets) {
            let asked = question(rng, field.kind, &values);
            let found = view.distribution(field.id, within.as_ref(), &asked).expect("a good question");
            let is_in = |row: usize| within.as_ref().is_none_or(|rows| rows.contains(row as u32));
            let chosen: Vec<&Value> =
                (0..column.len()).filter(|row| is_in(*row)).filter_map(|row| column[row]).collect();
            let rows = within.as_ref().map_or(column.len(), |rows| rows.len() as usize);
            let place = format!("seed {seed}, {} of {rows} rows: {asked:?}", field.name);
            check(&found, field.kind, &chosen, rows, &asked, &place);
        }
    }
}

#[test]
fn distributions_are_those_of_sorted_vectors() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let twin = population(seed, [0, 1, 2, 30, 120, 400][seed as usize % 6]).twin;
        let tenant = tenant_in_order(&twin);
        compare(&tenant.state().view, &twin, &mut rng, seed);
    }
}

/// Values of one row for [`wide`].
fn wide_values(rng: &mut Rng) -> Vec<(&'static str, Value)> {
    let bits = rng.bits();
    let any = [i64::MIN, i64::MAX, -1, 0];
    let wide = if rng.chance(1) { *rng.pick(&any) } else { bits.cast_signed() >> (bits % 60) };
    let float = f64::from_bits(rng.bits());
    let mut values = vec![
        ("visits", Value::Int((bits % 90).cast_signed() - 30)),
        ("spent", Value::Decimal((bits % 3_000_000).cast_signed(), 2)),
        ("any", Value::Int(wide)),
        ("float", Value::Float(if float.is_finite() { float } else { 0.5 })),
        ("seen", Value::Time(Timestamp((bits % 100_000_000).cast_signed() * 1_000_000 - 50_000_000_000_000))),
        ("born", Value::Date(Date((bits % 40_000) as i32 - 25_000))),
        ("email", Value::Keyword(format!("{}@example.com", bits % 60_000))),
        ("country", Value::Keyword(format!("{}", bits % 40))),
        ("products", Value::IntSet((0..bits % 4).map(|i| (bits >> i).cast_signed() % 300).collect())),
    ];
    values.retain(|_| rng.chance(90));
    values
}

/// Several blocks, the last of them short, with so many different values that ranges of keys are merged one by one.
fn wide(seed: u64) -> Twin {
    let mut rng = Rng::new(seed);
    let mut schema = Schema::default();
    let kinds = [
        ("visits", FieldType::Int),
        ("spent", FieldType::Decimal(2)),
        ("any", FieldType::Int),
        ("float", FieldType::Float),
        ("seen", FieldType::Time),
        ("born", FieldType::Date),
        ("email", FieldType::Keyword),
        ("country", FieldType::Keyword),
        ("products", FieldType::IntSet),
    ];
    schema.add(&kinds.map(|(name, kind)| (name.to_owned(), kind))).expect("good fields");
    let mut profile = |id: u32| {
        let mut values = wide_values(&mut rng);
        for (_, value) in &mut values {
            if let Value::IntSet(members) = value {
                members.sort_unstable();
                members.dedup();
            }
        }
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Customer { id: id.to_string(), values }
    };
    let profiles = (0..140_000).map(&mut profile).collect();
    Twin { schema, profiles }
}

#[test]
fn several_blocks_have_the_distribution_of_one_sorted_vector() {
    let twin = wide(7);
    let tenant = tenant_in_order(&twin);
    compare(&tenant.state().view, &twin, &mut Rng::new(7), 7);
}

#[test]
fn a_question_is_refused_beyond_its_limits_and_where_there_is_no_order() {
    let twin = population(1, 50).twin;
    let tenant = tenant_in_order(&twin);
    let view = &tenant.state().view;
    let ask = |field: &str, question: Question| {
        let id = twin.schema.find(field).expect("a field").id;
        match view.distribution(id, None, &question) {
            Ok(_) => String::new(),
            Err(Error::Invalid(problems)) => {
                problems.iter().map(|problem| format!("{} {};", problem.pointer, problem.code)).collect()
            }
            Err(error) => panic!("{error}"),
        }
    };
    let asked = |percentiles: usize, bins: Option<Bins>, top: usize| Question {
        percentiles: vec![percentile(0); percentiles],
        bins,
        top: Some(top),
    };
    let ints = |count: usize| Some(Bins::At((0..count as i64).map(Value::Int).collect()));
    assert_eq!(ask("visits", asked(PERCENTILES_MAX, Some(Bins::AtMost(BINS_MAX)), TOP_MAX)), "");
    assert_eq!(ask("visits", asked(0, ints(BINS_MAX), 0)), "");
    assert_eq!(ask("visits", asked(PERCENTILES_MAX + 1, None, 0)), "/percentiles out_of_range;");
    assert_eq!(ask("visits", asked(0, Some(Bins::AtMost(BINS_MAX + 1)), 0)), "/bins out_of_range;");
    assert_eq!(ask("visits", asked(0, Some(Bins::AtMost(0)), 0)), "/bins out_of_range;");
    assert_eq!(ask("visits", asked(0, ints(BINS_MAX + 1), TOP_MAX + 1)), "/top out_of_range;/bounds out_of_range;");
    assert_eq!(ask("visits", asked(0, ints(0), 0)), "/bounds out_of_range;");
    let bounds = |values: &[Value]| Some(Bins::At(values.to_vec()));
    assert_eq!(ask("visits", asked(0, bounds(&[Value::Int(1), Value::Int(1)]), 0)), "/bounds/1 not_ascending;");
    assert_eq!(ask("visits", asked(0, bounds(&[Value::Float(1.0)]), 0)), "/bounds/0 wrong_type;");
    for field in ["country", "member", "genres", "products"] {
        assert_eq!(ask(field, asked(0, None, 3)), "", "{field}");
        let wrong = asked(1, Some(Bins::AtMost(3)), 3);
        assert_eq!(ask(field, wrong), "/percentiles not_ordered;/bins not_ordered;", "{field}");
        assert_eq!(ask(field, asked(0, ints(2), 3)), "/bounds not_ordered;", "{field}");
    }
    assert_eq!(Percentile::new(1_000_001), None);
}

#[test]
fn of_values_that_occur_as_often_the_least_are_listed() {
    let mut schema = Schema::default();
    schema.add(&[("city".to_owned(), FieldType::Keyword)]).expect("a good field");
    // The least come last, after more than are kept on the way.
    let profile = |id: u32| Customer {
        id: id.to_string(),
        values: [("city".to_owned(), Value::Keyword(format!("{:04}", 3_000 - id)))].into(),
    };
    let twin = Twin { schema, profiles: (0..3_000).map(profile).collect() };
    let tenant = tenant_in_order(&twin);
    let question = Question { top: Some(2), ..Question::default() };
    let id = twin.schema.find("city").expect("a field").id;
    let found = tenant.state().view.distribution(id, None, &question).expect("a good question");
    let frequencies = found.frequencies.expect("they were asked for");
    let least = ["0001", "0002"].map(|text| (Value::Keyword(text.to_owned()), 1));
    assert_eq!((frequencies.top, frequencies.distinct, frequencies.others), (least.to_vec(), 3_000, 2_998));
}
