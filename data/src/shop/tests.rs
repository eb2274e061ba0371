//! A month is the same however it is produced, in order, and of the shape that is promised.

use std::collections::{HashMap, HashSet};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Decimal128Type, TimestampMicrosecondType};
use muster_engine::time::DAY_US;
use sha2::{Digest, Sha256};

use super::*;
use crate::ndjson;

const PEOPLE: u32 = 20_000;

fn whole(shop: &Shop) -> RecordBatch {
    concat_batches(&shop.schema(), &shop.events().collect::<Vec<_>>()).expect("batches of one schema")
}

fn month() -> &'static RecordBatch {
    static MONTH: std::sync::OnceLock<RecordBatch> = std::sync::OnceLock::new();
    MONTH.get_or_init(|| whole(&Shop::new(42, PEOPLE, DEFAULT_START, 30)))
}

fn texts(name: &str) -> Vec<Option<&'static str>> {
    month()[name].as_string::<i32>().iter().collect()
}

#[test]
fn a_seed_gives_the_same_bytes_on_every_machine() {
    // If this digest changes, published measurements no longer describe the same data: change it on purpose only.
    let mut text = Vec::new();
    ndjson::append(&whole(&Shop::new(1, 100, DEFAULT_START, 30)), &mut text).expect("types that NDJSON has");
    let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, "0d7e90cdaf6dcde2c118cd752d195fba5dd2bde89c4d34bdb6ad1c8bac66fd4a");
}

#[test]
fn threads_do_not_change_an_event() {
    let shop = Shop::new(42, PEOPLE, DEFAULT_START, 30);
    let three_threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("a pool of three threads");
    assert!(three_threads.install(|| whole(&shop)) == *month());
    assert!(whole(&Shop::new(43, PEOPLE, DEFAULT_START, 30)) != *month(), "another seed");
    assert_eq!(Shop::new(1, 0, DEFAULT_START, 30).events().count(), 0);
}

#[test]
fn events_come_in_order_and_within_the_month() {
    let times = month()["time"].as_primitive::<TimestampMicrosecondType>().values();
    assert!(times.is_sorted());
    assert!(times[0] >= DEFAULT_START.0 && times[times.len() - 1] < DEFAULT_START.0 + 30 * DAY_US);
    let ids: HashSet<_> = texts("event_id").into_iter().collect();
    assert_eq!(ids.len(), month().num_rows());
}

#[test]
fn the_shape_is_that_of_a_shop() {
    let mut kinds: HashMap<&str, f64> = HashMap::new();
    texts("type").into_iter().flatten().for_each(|kind| *kinds.entry(kind).or_default() += 1.0);
    let all = month().num_rows() as f64;
    let per_person = all / f64::from(PEOPLE);
    assert!((16.0..20.0).contains(&per_person), "{per_person} events a person");
    for (kind, from, to) in [("view", 0.93, 0.95), ("cart", 0.038, 0.052), ("purchase", 0.011, 0.017)] {
        assert!((from..to).contains(&(kinds[kind] / all)), "{kind}: {}", kinds[kind] / all);
    }
    let mut by_person: HashMap<Option<&str>, usize> = HashMap::new();
    texts("profile_id").into_iter().for_each(|person| *by_person.entry(person).or_default() += 1);
    assert_eq!(by_person.len(), PEOPLE as usize, "everybody came at least once");
    let mut counts: Vec<usize> = by_person.into_values().collect();
    counts.sort_unstable_by_key(|count| std::cmp::Reverse(*count));
    let top: usize = counts[..counts.len() / 10].iter().sum();
    assert!((0.35..0.6).contains(&(top as f64 / all)), "the busiest tenth has {top} of {all} events");
}

#[test]
fn purchases_pay_the_price_and_others_nothing() {
    let (amounts, prices) = (&month()["amount"], &month()["price"]);
    let (amounts, prices) = (amounts.as_primitive::<Decimal128Type>(), prices.as_primitive::<Decimal128Type>());
    for (row, kind) in texts("type").into_iter().enumerate() {
        assert!(prices.value(row) > 0);
        let paid = amounts.is_valid(row).then(|| amounts.value(row));
        assert_eq!(paid, (kind == Some("purchase")).then(|| prices.value(row)), "row {row}");
    }
    let unknown = |name| month()[name].null_count() as f64 / month().num_rows() as f64;
    assert!((0.1..0.25).contains(&unknown("category")) && (0.1..0.2).contains(&unknown("brand")));
}

#[test]
fn what_customers_did_fits_what_is_known_of_them() {
    let now = DEFAULT_START;
    let people = concat_batches(
        &crate::Population::new(7, 5_000, now).schema(),
        &crate::Population::new(7, 5_000, now).batches().collect::<Vec<_>>(),
    )
    .expect("batches of one schema");
    let deeds = Deeds::new(7, now).of(&people);
    deeds.check().expect("a batch that can be imported");
    let time = |name: &str| people[name].as_primitive::<TimestampMicrosecondType>().clone();
    let (signup, last_seen, last_purchase) = (time("signup"), time("last_seen"), time("last_purchase"));
    let rows: HashMap<&str, usize> = people["id"].as_string::<i32>().iter().flatten().zip(0..).collect();
    let mut bought: HashMap<usize, i64> = HashMap::new();
    for (event, person) in deeds.profiles.iter().flatten().enumerate() {
        let (row, at) = (rows[person], deeds.times.value(event));
        assert!((signup.value(row)..=last_seen.value(row)).contains(&at), "{person} at {at}");
        let is_purchase = deeds.types.value(event) == "purchase";
        assert_eq!(deeds.properties[0].values.is_valid(event), is_purchase, "only purchases have an amount");
        if is_purchase {
            let newest = bought.entry(row).or_default();
            *newest = at.max(*newest);
        }
    }
    let from = now.0 - DEED_DAYS * DAY_US;
    for row in 0..people.num_rows() {
        let last = last_purchase.is_valid(row).then(|| last_purchase.value(row)).filter(|at| *at >= from);
        let last = last.filter(|at| *at >= signup.value(row));
        assert_eq!(bought.get(&row).copied(), last, "the last purchase is one of the events, row {row}");
    }
    let ids: HashSet<&str> = deeds.ids.iter().flatten().collect();
    assert_eq!(ids.len(), deeds.len(), "no two events are called alike");
}
