//! A population is the same however it is produced, and its fields hang together.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
use muster_engine::time::DAY_US;
use sha2::{Digest, Sha256};

use super::*;
use crate::ndjson;

const ROWS: u64 = 65_537;

/// All rows as one batch.
fn whole(population: &Population) -> RecordBatch {
    concat_batches(&population.schema(), &population.batches().collect::<Vec<_>>()).expect("batches of one schema")
}

/// One population for all tests that only look at it.
fn sample() -> &'static RecordBatch {
    static SAMPLE: std::sync::OnceLock<RecordBatch> = std::sync::OnceLock::new();
    SAMPLE.get_or_init(|| whole(&Population::new(42, ROWS, DEFAULT_NOW)))
}

fn ints(name: &str) -> &'static [i64] {
    sample()[name].as_primitive::<Int64Type>().values()
}

fn cents(name: &str) -> &'static arrow::array::Decimal128Array {
    sample()[name].as_primitive::<Decimal128Type>()
}

fn times(name: &str) -> &'static arrow::array::TimestampMicrosecondArray {
    sample()[name].as_primitive::<TimestampMicrosecondType>()
}

fn texts(name: &str) -> Vec<Option<&'static str>> {
    sample()[name].as_string::<i32>().iter().collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0.0, 0.0), |(count, sum), value| (count + 1.0, sum + value));
    sum / count
}

#[test]
fn a_population_has_the_rows_asked_for() {
    for rows in [0, 1, 65_536, 65_537] {
        let population = Population::new(1, rows, DEFAULT_NOW);
        let found: Vec<usize> = population.batches().map(|batch| batch.num_rows()).collect();
        assert_eq!(found.iter().sum::<usize>() as u64, rows);
        assert_eq!(found.len() as u64, population.block_count());
        assert!(population.block(population.block_count()).is_empty());
    }
}

#[test]
fn a_seed_gives_the_same_bytes_on_every_machine() {
    // If this digest changes, published measurements no longer describe the same data: change it on purpose only.
    let mut text = Vec::new();
    ndjson::append(&whole(&Population::new(1, 1_000, DEFAULT_NOW)), &mut text).expect("types that NDJSON has");
    let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "05c6db19119dce1d700b091884c5b2fcad2afc4531ccfe041d515a87934ce16f");
}

#[test]
fn threads_batches_and_size_do_not_change_a_row() {
    let population = Population::new(42, ROWS, DEFAULT_NOW);
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    assert!(one_thread.install(|| whole(&population)) == *sample());
    let three_threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("a pool of three threads");
    assert!(three_threads.install(|| whole(&population.clone().with_batch_rows(1_000))) == *sample());
    assert!(population.block(1) == [sample().slice(BLOCK_ROWS, 1)], "a block can be drawn alone");
    assert!(whole(&Population::new(42, 5_000, DEFAULT_NOW)) == sample().slice(0, 5_000), "a prefix");
    assert!(whole(&Population::new(43, 5_000, DEFAULT_NOW)) != sample().slice(0, 5_000), "another seed");
}

#[test]
fn fewer_fields_have_the_same_values() {
    let population = Population::new(42, 5_000, DEFAULT_NOW).with_fields(&["tags", "id"]).expect("known fields");
    let wanted: Vec<usize> =
        ["tags", "id"].iter().map(|name| sample().schema().index_of(name).expect("a field")).collect();
    assert_eq!(whole(&population), sample().project(&wanted).expect("known columns").slice(0, 5_000));

    let refused = |names: &[&str]| match Population::new(1, 1, DEFAULT_NOW).with_fields(names) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    assert!(refused(&["cuntry"]).contains("it has id, country"), "{}", refused(&["cuntry"]));
    assert!(refused(&["id", "id"]).contains("named twice"));
}

#[test]
fn missing_shares_are_within_bounds() {
    let bounds = [
        ("id", 0.0, 0.0),
        ("city", 0.03, 0.05),
        ("gender", 0.07, 0.09),
        ("birth_date", 0.11, 0.13),
        ("email_consent", 0.09, 0.11),
        ("sms_consent", 0.09, 0.11),
        ("push_consent", 0.09, 0.11),
        ("income_band", 0.29, 0.31),
        ("family_status", 0.14, 0.16),
        ("vehicle_interest", 0.70, 0.74),
        ("genres", 0.07, 0.09),
        ("event_types", 0.02, 0.04),
        ("tags", 0.14, 0.16),
        ("last_purchase", 0.22, 0.26),
        ("email", 0.05, 0.07),
        ("phone", 0.44, 0.46),
    ];
    for (name, low, high) in bounds {
        let share = sample()[name].null_count() as f64 / ROWS as f64;
        assert!((low..=high).contains(&share), "{name}: {share}");
    }
    for name in ["genres", "tags"] {
        let empty = sample()[name].as_list::<i32>().iter().flatten().filter(|set| set.is_empty()).count();
        assert!(empty > 1_000, "{name}: {empty} empty sets");
    }
}

#[test]
fn places_are_many_and_uneven() {
    let distinct = |name: &str| texts(name).into_iter().flatten().collect::<std::collections::HashSet<_>>().len();
    assert_eq!(distinct("country"), 40);
    assert!((1_700..=1_920).contains(&distinct("city")), "{} cities", distinct("city"));
    let share = |code: &str| texts("country").iter().filter(|country| **country == Some(code)).count();
    assert!(share("US") > 50 * share("IS").max(1));

    let (countries, languages) = (texts("country"), texts("language"));
    let german = |country: &str| {
        let there = countries.iter().zip(&languages).filter(|pair| *pair.0 == Some(country));
        mean(there.map(|pair| f64::from(u8::from(*pair.1 == Some("de")))))
    };
    assert!(german("DE") > 0.9 && german("CH") > 0.5 && german("FR") == 0.0);
}

#[test]
fn money_agrees_with_purchases() {
    let (total, average) = (cents("total_spent"), cents("avg_order"));
    for (row, &count) in ints("purchase_count").iter().enumerate() {
        let bought = count > 0;
        assert_eq!(bought, total.value(row) > 0, "row {row}");
        assert_eq!(bought, average.is_valid(row), "row {row}");
        assert_eq!(bought, times("last_purchase").is_valid(row), "row {row}");
        if bought {
            // Half up: the average is at most half a cent above the exact one, and less than half a cent below.
            let twice_off = 2 * (average.value(row) * i128::from(count) - total.value(row));
            assert!(-i128::from(count) < twice_off && twice_off <= i128::from(count), "row {row}");
        }
    }
    let mut amounts = total.values().to_vec();
    amounts.sort_unstable();
    let (median, top) = (amounts[amounts.len() / 2], amounts[amounts.len() * 99 / 100]);
    assert!(median > 0 && top > 8 * median, "a heavy tail: median {median}, 99 % {top}");
}

#[test]
fn spending_follows_income() {
    let spent = |band: &str| {
        let rows = texts("income_band").into_iter().zip(cents("total_spent").values());
        mean(rows.filter(|(found, _)| *found == Some(band)).map(|(_, cents)| *cents as f64))
    };
    assert!(spent("over 150k") > 2.0 * spent("50k-75k"));
    assert!(spent("50k-75k") > 1.5 * spent("under 15k"));
}

#[test]
fn time_runs_forward_and_absence_costs() {
    let (signup, seen, bought) = (times("signup"), times("last_seen"), times("last_purchase"));
    let born = sample()["birth_date"].as_primitive::<Date32Type>();
    for row in 0..seen.len() {
        assert!(signup.value(row) <= seen.value(row) && seen.value(row) <= DEFAULT_NOW.0, "row {row}");
        if bought.is_valid(row) {
            assert!((signup.value(row)..=seen.value(row)).contains(&bought.value(row)), "row {row}");
        }
        if born.is_valid(row) {
            let age_days = signup.value(row) / DAY_US - i64::from(born.value(row));
            assert!(age_days >= 14 * 365, "row {row} signed up {age_days} days old");
        }
        for score in ["engagement_score", "churn_risk"] {
            assert!((0..=100).contains(&ints(score)[row]), "row {row}: {score}");
        }
    }
    let score = |name: &str, days: std::ops::Range<i64>| {
        let away = |row: usize| (DEFAULT_NOW.0 - seen.value(row)) / DAY_US;
        mean((0..seen.len()).filter(|&row| days.contains(&away(row))).map(|row| ints(name)[row] as f64))
    };
    assert!(score("churn_risk", 300..3_000) > 50.0 + score("churn_risk", 0..14));
    assert!(score("engagement_score", 0..14) > 40.0 + score("engagement_score", 300..3_000));
}

#[test]
fn age_decides_what_is_heard() {
    let born = sample()["birth_date"].as_primitive::<Date32Type>();
    let genres = sample()["genres"].as_list::<i32>();
    let ages = |genre: &str| {
        let fans = (0..born.len()).filter(|&row| born.is_valid(row) && genres.is_valid(row));
        let fans = fans.filter(|&row| genres.value(row).as_string::<i32>().iter().any(|found| found == Some(genre)));
        mean(fans.map(|row| (DEFAULT_NOW.0 / DAY_US - i64::from(born.value(row))) as f64 / 365.25))
    };
    let (old, middle, young) = (ages("classical"), ages("metal"), ages("trap"));
    assert!(old > 10.0 + middle && middle > 10.0 + young, "{old}, {middle}, {young}");
}

#[test]
fn nearly_every_mailbox_is_of_one_customer() {
    let emails: Vec<&str> = texts("email").into_iter().flatten().collect();
    let distinct = emails.iter().collect::<std::collections::HashSet<_>>().len();
    assert!(distinct < emails.len() && distinct as f64 > 0.98 * emails.len() as f64);
    assert!(emails.iter().all(|email| email.is_ascii() && *email == email.to_lowercase()));
}
