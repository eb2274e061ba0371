//! What the customers of a population did in the shop lately, as it fits what is known of each.
//!
//! Whoever was seen in the last [`DEED_DAYS`] was seen in a visit, and the last purchase is one of the events, at its
//! instant; how many visits and purchases there were before follows from engagement and habit. Nobody did anything before
//! signing up.
//!
//! Not here: a shop whose visitors are known by nothing else (`days`).

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringBuilder};
use arrow::datatypes::{Decimal128Type, Int64Type, TimestampMicrosecondType};
use muster_engine::event::{EventBatch, PropertyValues};
use muster_engine::schema::FieldType;
use muster_engine::time::{DAY_US, Timestamp};

use super::products::Products;
use super::visitor::Kind;
use crate::random::Random;

/// How far back events go, in days.
pub const DEED_DAYS: i64 = 30;

/// Keeps these streams of random numbers apart from those of the population.
const DEEDS_SEED: u64 = 0x0DEE_D5ED;

/// The most visits of one customer.
const VISITS_MAX: u64 = 8;

/// Decimals of an amount.
const AMOUNT_SCALE: u8 = 2;

const SECOND_US: i64 = 1_000_000;

/// What is drawn from.
pub struct Deeds {
    seed: u64,
    now: Timestamp,
    products: Products,
}

/// One event of a customer.
struct Deed {
    at: i64,
    kind: Kind,
    product: usize,
    /// What was paid, of purchases.
    cents: Option<i64>,
}

/// What matters of a customer.
struct Customer {
    row: usize,
    number: u64,
    signup: i64,
    last_seen: i64,
    last_purchase: Option<i64>,
    purchase_count: i64,
    average_cents: i64,
    engagement: i64,
}

impl Deeds {
    /// Of a population that was drawn as of `now`.
    pub fn new(seed: u64, now: Timestamp) -> Self {
        Self { seed: seed ^ DEEDS_SEED, now, products: Products::new() }
    }

    /// The events of some rows of a [`crate::Population`] with all fields, each person's in order of time.
    pub fn of(&self, people: &RecordBatch) -> EventBatch {
        let ids = people["id"].as_string::<i32>();
        let mut columns = Columns::default();
        let mut deeds = Vec::new();
        for customer in self.lately_seen(people) {
            deeds.clear();
            self.draw(&customer, &mut deeds);
            deeds.sort_by_key(|deed| deed.at);
            let id = ids.value(customer.row);
            for (place, deed) in deeds.iter().enumerate() {
                columns.push(id, place, deed, &self.products);
            }
        }
        columns.finish()
    }

    fn lately_seen<'p>(&self, people: &'p RecordBatch) -> impl Iterator<Item = Customer> + 'p {
        let times = |name: &str| people[name].as_primitive::<TimestampMicrosecondType>();
        let numbers = |name: &str| people[name].as_primitive::<Int64Type>();
        let (ids, signup) = (people["id"].as_string::<i32>(), times("signup"));
        let (last_seen, last_purchase) = (times("last_seen"), times("last_purchase"));
        let (purchase_count, engagement) = (numbers("purchase_count"), numbers("engagement_score"));
        let average = people["avg_order"].as_primitive::<Decimal128Type>();
        let from = self.now.0 - DEED_DAYS * DAY_US;
        let rows = (0..people.num_rows()).filter(move |row| last_seen.value(*row) >= from);
        rows.map(move |row| Customer {
            row,
            number: ids.value(row).trim_start_matches('c').parse().unwrap_or(0),
            signup: signup.value(row),
            last_seen: last_seen.value(row),
            last_purchase: (!last_purchase.is_null(row)).then(|| last_purchase.value(row)),
            purchase_count: purchase_count.value(row),
            average_cents: if average.is_null(row) { 0 } else { average.value(row) as i64 },
            engagement: engagement.value(row),
        })
    }

    fn draw(&self, customer: &Customer, deeds: &mut Vec<Deed>) {
        let mut random = Random::new(self.seed, customer.number);
        let favourites: [usize; 2] = std::array::from_fn(|_| self.products.categories.draw(&mut random));
        let from = (self.now.0 - DEED_DAYS * DAY_US).max(customer.signup);
        let between = |random: &mut Random, end: i64| from + ((end - from) as f64 * random.unit()) as i64;
        let mut visit = |random: &mut Random, at: i64, paid: Option<i64>| {
            let category = favourites[usize::from(random.chance(0.3))];
            let product = |random: &mut Random| self.products.draw(category, random);
            let bought = product(random);
            let mut add = |at: i64, kind, product, cents| {
                if at >= from {
                    deeds.push(Deed { at, kind, product, cents });
                }
            };
            let wanted = paid.is_some() || random.chance(0.16);
            let before = if wanted { (40 + random.below(200) as i64) * SECOND_US } else { 0 };
            for look in 1..=random.below(2) as i64 {
                add(at - before - look * 70 * SECOND_US, Kind::View, product(random), None);
            }
            add(at - before, Kind::View, bought, None);
            match paid {
                Some(_) => {
                    add(at - before / 2, Kind::Cart, bought, None);
                    add(at, Kind::Purchase, bought, paid);
                }
                None if wanted => add(at, Kind::Cart, bought, None),
                None => {}
            }
        };
        visit(&mut random, customer.last_seen, None);
        let others = (random.exponential() * customer.engagement as f64 / 100.0) as u64;
        for _ in 0..others.min(VISITS_MAX) {
            let at = between(&mut random, customer.last_seen);
            visit(&mut random, at, None);
        }
        let Some(last) = customer.last_purchase.filter(|at| *at >= from) else { return };
        let paid = |random: &mut Random| {
            let cents = customer.average_cents as f64 * (0.6 + 0.8 * random.unit());
            Some((cents as i64).max(99))
        };
        let amount = paid(&mut random);
        visit(&mut random, last, amount);
        // As often as ever since they signed up, the last one not counted.
        let tenure = (self.now.0 - customer.signup).max(DAY_US) as f64;
        let usual = customer.purchase_count as f64 * (self.now.0 - from) as f64 / tenure;
        let earlier = (usual + random.unit() - 1.0).max(0.0) as u64;
        for _ in 0..earlier.min(VISITS_MAX).min(customer.purchase_count.max(1) as u64 - 1) {
            let (at, amount) = (between(&mut random, last), paid(&mut random));
            visit(&mut random, at, amount);
        }
    }
}

/// Events on their way into columns.
#[derive(Default)]
struct Columns {
    ids: StringBuilder,
    people: StringBuilder,
    types: StringBuilder,
    times: Vec<i64>,
    amounts: Vec<Option<i64>>,
    categories: StringBuilder,
    brands: StringBuilder,
    text: String,
}

impl Columns {
    fn push(&mut self, person: &str, place: usize, deed: &Deed, products: &Products) {
        self.text.clear();
        write!(self.text, "{person}-{place}").expect("a string takes everything");
        self.ids.append_value(&self.text);
        self.people.append_value(person);
        self.types.append_value(deed.kind.name());
        self.times.push(deed.at);
        self.amounts.push(deed.cents);
        let product = products.all[deed.product];
        self.categories.append_option(Products::category(product.category));
        self.brands.append_option(product.brand.map(|brand| &products.brands[usize::from(brand)]));
    }

    fn finish(mut self) -> EventBatch {
        let property = |name: &str, kind, values: ArrayRef| PropertyValues { name: name.to_owned(), kind, values };
        EventBatch {
            ids: self.ids.finish(),
            profiles: self.people.finish(),
            number_profiles: None,
            types: self.types.finish(),
            times: Int64Array::from(self.times),
            properties: vec![
                property("amount", FieldType::Decimal(AMOUNT_SCALE), Arc::new(Int64Array::from(self.amounts))),
                property("category", FieldType::Keyword, Arc::new(self.categories.finish())),
                property("brand", FieldType::Keyword, Arc::new(self.brands.finish())),
            ],
        }
    }
}
