//! Offers: whom they fit, compared with a scorer that looks at one profile after the other and at no rule, index or set;
//! and changes of offers in random histories.

use std::cmp::Ordering;

use harness::decimal::Decimal;
use harness::population::{Population, population, value_of};
use harness::rng::Rng;
use harness::tenant::tenant_in_order;
use harness::twin::Customer;
use muster_engine::catalog::Status;
use muster_engine::command::{Command, OfferChange, Outcome};
use muster_engine::error::Error;
use muster_engine::id::{OfferId, Row};
use muster_engine::limits::OFFER_WORDS_MAX;
use muster_engine::offer::{Ask, Details, Generated, Matching, Offer, Price, PriceRange, ProfileField, Reason};
use muster_engine::rule::to_text;
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::segment;
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::{DAY_US, Timestamp};

use crate::history::History;

/// Random tenants of the ordinary run, and offers in each.
const TENANTS: u64 = 40;
const OFFERS: usize = 12;

/// Fields that may be named for each, some of them of a type that cannot say, or not there.
fn candidates(field: ProfileField) -> &'static [&'static str] {
    match field {
        ProfileField::Genres | ProfileField::EventTypes | ProfileField::Artists => {
            &["genres", "country", "city", "genres", "visits", "none"]
        }
        ProfileField::PriceMin | ProfileField::PriceMax => &["visits", "age", "total_spent", "score", "none", "city"],
        ProfileField::AverageOrder => &["total_spent", "score", "visits", "total_spent", "none"],
        ProfileField::City | ProfileField::Country => &["city", "country", "never", "genres", "none"],
        ProfileField::Engagement => &["visits", "age", "score", "total_spent", "member"],
        ProfileField::Watchlist => &["products", "genres", "visits", "none"],
    }
}

fn matching(rng: &mut Rng) -> Matching {
    let pools: [&[u32]; 3] = [&[25, 20, 20, 15, 10, 5, 5], &[0, 1, 1, 2, 3], &[7, 7, 100, 1_000]];
    let pool = *rng.pick(&pools);
    let mut matching = Matching { weights: [0; 7].map(|_| *rng.pick(pool)), ..Matching::default() };
    let most = matching.weight(Reason::Location);
    matching.country_weight = rng.chance(60).then(|| rng.below(most as usize + 1) as u32);
    matching.engagement_min = *rng.pick(&[0, 1, 2, 3, 70]);
    matching.price_tolerance = *rng.pick(&[0, 1, 33, 50, 99]);
    for field in ProfileField::ALL {
        matching.fields[field as usize] = (*rng.pick(candidates(field))).to_owned();
    }
    matching
}

/// Words of which a population has most.
fn words(rng: &mut Rng, now: Timestamp) -> Vec<String> {
    let mut words = Vec::new();
    for _ in 0..rng.below(3) {
        if let Value::KeywordSet(members) = value_of(rng, 8, now) {
            words.extend(members.into_iter().filter(|word| !word.is_empty()));
        }
    }
    if rng.chance(10) {
        words.push("nobody has it".to_owned());
    }
    words
}

fn details(rng: &mut Rng, now: Timestamp) -> Details {
    let prices = [0, 1, 9_999, 10_000, 30_000, 50_000, 655_350_000, 655_360_001];
    let (left, right) = (Price(*rng.pick(&prices)), Price(*rng.pick(&prices)));
    let price = PriceRange { min: left.min(right), max: left.max(right) };
    let mut place = |chance| rng.chance(chance).then(|| words(rng, now).pop()).flatten();
    let (city, country) = (place(70), place(70));
    Details {
        name: format!("offer {}", rng.below(9)),
        genres: words(rng, now),
        event_types: words(rng, now),
        artists: words(rng, now),
        price: rng.chance(80).then_some(price),
        city,
        country,
        starts_at: rng.chance(70).then(|| now.plus_days(rng.below(5) as i64 - 2)),
        status: *rng.pick(&[Status::Active, Status::Active, Status::Active, Status::Draft, Status::Archived]),
    }
}

/// Why an offer fits a customer: the naive scorer.
fn reasons(customer: &Customer, schema: &Schema, offer: &Offer, matching: &Matching) -> Vec<(Reason, u32)> {
    let value = |field| customer.values.get(matching.field(field));
    let has = |field, wanted: &[String]| match value(field) {
        Some(Value::KeywordSet(words)) => words.iter().any(|word| wanted.contains(word)),
        Some(Value::Keyword(word)) => wanted.contains(word),
        _ => false,
    };
    let Offer { id, details, .. } = offer;
    let mut found = Vec::new();
    let mut give = |reason, weight: u32, is_so: bool| {
        if is_so && weight > 0 {
            found.push((reason, weight));
        }
    };
    let weight = |reason| matching.weight(reason);
    give(Reason::Genre, weight(Reason::Genre), has(ProfileField::Genres, &details.genres));
    give(Reason::Type, weight(Reason::Type), has(ProfileField::EventTypes, &details.event_types));
    give(Reason::Artist, weight(Reason::Artist), has(ProfileField::Artists, &details.artists));
    let fits = details.price.is_some_and(|range| price_fits(customer, schema, range, matching));
    give(Reason::Price, weight(Reason::Price), fits);
    let worth = location(customer, schema, details, matching);
    give(Reason::Location, worth.min(weight(Reason::Location)), worth > 0);
    let least = i64::from(matching.engagement_min) * 10_000;
    let is_engaged =
        value(ProfileField::Engagement).and_then(|value| compare(value, least)).is_some_and(Ordering::is_ge);
    give(Reason::Engagement, weight(Reason::Engagement), is_engaged);
    let watches = match value(ProfileField::Watchlist) {
        Some(Value::IntSet(ids)) => ids.contains(&(id.0 as i64)),
        Some(Value::KeywordSet(ids)) => ids.contains(&id.to_string()),
        _ => false,
    };
    give(Reason::Watchlist, weight(Reason::Watchlist), watches);
    found
}

/// Where a number lies, seen from ten-thousandths; none for what is no number.
fn compare(value: &Value, units: i64) -> Option<Ordering> {
    let other = Decimal::from_units(units, 4);
    Some(match value {
        Value::Int(value) => Decimal::from_units(*value, 0).cmp(&other),
        Value::Decimal(units, scale) => Decimal::from_units(*units, *scale).cmp(&other),
        // So few digits are exact in a float of this size before they are divided, so the quotient is the nearest one.
        Value::Float(value) => value.partial_cmp(&(units as f64 / 10_000.0)).expect("finite"),
        _ => return None,
    })
}

fn is_number(schema: &Schema, name: &str) -> bool {
    let number = |kind| matches!(kind, FieldType::Int | FieldType::Decimal(_) | FieldType::Float);
    schema.find(name).is_some_and(|field| number(field.kind))
}

fn price_fits(customer: &Customer, schema: &Schema, range: PriceRange, matching: &Matching) -> bool {
    let value = |field| customer.values.get(matching.field(field));
    let at_most =
        |value: Option<&Value>, price: i64| value.and_then(|value| compare(value, price)).is_some_and(Ordering::is_le);
    let at_least =
        |value: Option<&Value>, price: i64| value.and_then(|value| compare(value, price)).is_some_and(Ordering::is_ge);
    let (min, max) = (matching.field(ProfileField::PriceMin), matching.field(ProfileField::PriceMax));
    if is_number(schema, min) && is_number(schema, max) {
        return at_most(value(ProfileField::PriceMin), range.max.0)
            && at_least(value(ProfileField::PriceMax), range.min.0);
    }
    // The least and the greatest average with four digits of which the tolerance still reaches the price.
    let tolerance = i64::from(matching.price_tolerance);
    let mut least = range.min.0 * 100 / (100 + tolerance);
    while least * (100 + tolerance) < range.min.0 * 100 {
        least += 1;
    }
    let mut most = range.max.0 * 100 / (100 - tolerance) + 1;
    while most * (100 - tolerance) > range.max.0 * 100 {
        most -= 1;
    }
    at_least(value(ProfileField::AverageOrder), least) && at_most(value(ProfileField::AverageOrder), most)
}

/// What living where somebody lives is worth.
fn location(customer: &Customer, schema: &Schema, details: &Details, matching: &Matching) -> u32 {
    let of = |field: ProfileField, place: &Option<String>| {
        let name = matching.field(field);
        let is_keyword = schema.find(name).is_some_and(|field| field.kind == FieldType::Keyword);
        let place = place.clone().filter(|_| is_keyword)?;
        let lives = match customer.values.get(name) {
            Some(Value::Keyword(word)) => Some(*word == place),
            _ => None,
        };
        Some(lives)
    };
    let city = of(ProfileField::City, &details.city);
    let country = of(ProfileField::Country, &details.country);
    let in_city = city.flatten() == Some(true) && country.flatten() != Some(false);
    let in_country = country.flatten() == Some(true);
    let weight = matching.weight(Reason::Location);
    if in_city {
        weight
    } else if in_country && weight > 0 {
        matching.country()
    } else {
        0
    }
}

/// A customer's place in the twin with score and reasons, the best first.
type Scored = Vec<(usize, u32, Vec<(Reason, u32)>)>;

fn scored(material: &Population, offer: &Offer, matching: &Matching, least: u32) -> Scored {
    let each = material.twin.profiles.iter().enumerate().map(|(place, customer)| {
        let reasons = reasons(customer, &material.twin.schema, offer, matching);
        (place, reasons.iter().map(|(_, weight)| weight).sum(), reasons)
    });
    let mut found: Scored = each.filter(|(_, score, _)| *score >= least).collect();
    found.sort_by_key(|(place, score, _)| (std::cmp::Reverse(*score), *place));
    found
}

fn put(tenant: &Tenant, id: Option<u64>, details: Details) -> OfferId {
    let change = OfferChange::Put { id: id.map(OfferId), is_new: false, details, now: Timestamp(0) };
    match tenant.apply(Command::Offer(change)) {
        Ok(Outcome::Offer(id)) => id,
        other => panic!("{other:?}"),
    }
}

/// A score at which somebody is left out and somebody is not, if there is one.
fn some_score(rng: &mut Rng, matching: &Matching) -> u32 {
    let sum: u32 = matching.weights.iter().filter(|_| rng.chance(40)).sum();
    *rng.pick(&[0, 1, sum, sum, sum + 1, matching.max_score(), matching.max_score() + 1])
}

/// Everything that is said about an offer is what the naive scorer says.
fn compare_offer(state: &State, material: &Population, id: OfferId, rng: &mut Rng) -> usize {
    let (offer, matching) = (state.offers.get(id).expect("it is there"), state.offers.matching());
    let least = some_score(rng, matching);
    let wanted = scored(material, offer, matching, least);
    let place = format!("{offer:?}, {matching:?}, from {least}");
    let ask = Ask { min_score: least, skip: rng.below(wanted.len() + 3) as u64, limit: 1 + rng.below(60) };
    let found = state.recommendations(id, ask, material.now).expect("it is there");
    assert_eq!(found.total, wanted.len() as u64, "{place}");
    let fits: Scored = found.fits.into_iter().map(|fit| (fit.what as usize, fit.score, fit.reasons)).collect();
    let page: Scored = wanted.iter().skip(ask.skip as usize).take(ask.limit).cloned().collect();
    assert_eq!(fits, page, "{place}, {ask:?}");
    let mut classes: Vec<(u32, u64)> = Vec::new();
    for (_, score, _) in &wanted {
        match classes.last_mut() {
            Some((last, count)) if last == score => *count += 1,
            _ => classes.push((*score, 1)),
        }
    }
    assert_eq!(found.distribution, classes, "{place}");
    let rule = state.rule_of_offer(id, least).expect("it is there");
    let checked = state.check(&rule).expect("a rule within all bounds");
    let rows = segment::rows(&checked, &state.segments, &state.view, material.now, &state.cache).0;
    let mut members: Vec<usize> = wanted.iter().map(|(place, ..)| *place).collect();
    members.sort_unstable();
    let rows: Vec<usize> = rows.rows().map(|row| row as usize).collect();
    assert_eq!(rows, members, "{place}: {}", to_text(&rule, &|_| None));
    wanted.len()
}

#[test]
fn offers_fit_whom_the_naive_scorer_says() {
    let (mut some, mut most) = (0, 0);
    for seed in 0..TENANTS {
        let material = population(seed, 150);
        let tenant = tenant_in_order(&material.twin);
        let mut rng = Rng::new(seed ^ 0x0ffe4);
        for _ in 0..OFFERS {
            tenant.apply(Command::Offer(OfferChange::Settings(matching(&mut rng)))).expect("good settings");
            let id = Some(1 + rng.below(6) as u64).filter(|_| rng.chance(70));
            let id = put(&tenant, id, details(&mut rng, material.now));
            let count = compare_offer(&tenant.state(), &material, id, &mut rng);
            some += usize::from(count > 0 && count < 150);
            most += usize::from(count == 150);
        }
    }
    assert!(some > 120 && most < 150, "{some} of some people, {most} of everybody");
}

#[test]
fn pages_lead_through_blocks() {
    let material = population(5, 70_000);
    let tenant = tenant_in_order(&material.twin);
    let mut rng = Rng::new(5);
    for _ in 0..4 {
        tenant.apply(Command::Offer(OfferChange::Settings(matching(&mut rng)))).expect("good settings");
        let id = put(&tenant, None, details(&mut rng, material.now));
        let (state, least) = (tenant.state(), rng.below(3) as u32);
        let offer = state.offers.get(id).expect("it is there");
        let wanted = scored(&material, offer, state.offers.matching(), least);
        let mut skip = 0;
        loop {
            let ask = Ask { min_score: least, skip, limit: 9_000 };
            let found = state.recommendations(id, ask, material.now).expect("it is there");
            assert_eq!(found.total, wanted.len() as u64);
            let fits = found.fits.iter().map(|fit| (fit.what as usize, fit.score, fit.reasons.clone()));
            assert!(fits.eq(wanted.iter().skip(skip as usize).take(9_000).cloned()), "{skip}");
            skip += found.fits.len() as u64;
            if found.fits.is_empty() {
                break;
            }
        }
        assert_eq!(skip, wanted.len() as u64);
    }
}

#[test]
fn offers_for_somebody_are_those_that_fit_and_are_ahead() {
    let mut told = 0;
    for seed in 100..110 {
        let material = population(seed, 40);
        let tenant = tenant_in_order(&material.twin);
        let mut rng = Rng::new(seed);
        tenant.apply(Command::Offer(OfferChange::Settings(matching(&mut rng)))).expect("good settings");
        (0..20).for_each(|_| _ = put(&tenant, None, details(&mut rng, material.now)));
        let state = tenant.state();
        let least = some_score(&mut rng, state.offers.matching());
        for (row, customer) in (0..).zip(&material.twin.profiles) {
            let mut wanted = Vec::new();
            for offer in state.offers.iter() {
                let found = reasons(customer, &material.twin.schema, offer, state.offers.matching());
                let score: u32 = found.iter().map(|(_, weight)| weight).sum();
                let start = offer.details.starts_at;
                let is_ahead = offer.details.status == Status::Active && start.is_none_or(|at| at > material.now);
                if is_ahead && score >= least {
                    wanted.push((std::cmp::Reverse(score), start.map_or(i64::MAX, |at| at.0), offer.id, found));
                }
            }
            wanted.sort_by_key(|(score, start, id, _)| (*score, *start, *id));
            let ask = Ask { min_score: least, skip: 1, limit: 5 };
            let found = state.recommended_to(Row(row), ask, material.now);
            assert_eq!(found.total, wanted.len() as u64);
            let page: Vec<_> = wanted.iter().skip(1).take(5).map(|(score, _, id, why)| (score.0, *id, why)).collect();
            let fits: Vec<_> = found.fits.iter().map(|fit| (fit.score, fit.what.id, &fit.reasons)).collect();
            assert_eq!(fits, page);
            told += fits.len();
        }
    }
    assert!(told > 100, "{told}");
}

#[test]
fn what_nobody_can_have_is_said() {
    let material = population(1, 50);
    let tenant = tenant_in_order(&material.twin);
    let price = Some(PriceRange { min: Price(0), max: Price(1_000_000_000_000) });
    let words = |count: usize| (0..count).map(|word| format!("w{word}")).collect::<Vec<_>>();
    let details = Details {
        name: "n".into(),
        genres: words(1),
        event_types: words(2),
        artists: words(1),
        price,
        city: Some("x".into()),
        ..Details::default()
    };
    let id = put(&tenant, None, details);
    let mut matching = Matching::default();
    matching.fields[ProfileField::EventTypes as usize] = "visits".into();
    matching.fields[ProfileField::AverageOrder as usize] = "rate".into();
    matching.fields[ProfileField::Engagement as usize] = "agee".into();
    tenant.apply(Command::Offer(OfferChange::Settings(matching))).expect("good settings");
    let state = tenant.state();
    let ask = Ask { min_score: 1, skip: 0, limit: 10 };
    let found = state.recommendations(id, ask, material.now).expect("it is there");
    let told: Vec<_> = found.warnings.iter().map(|told| (told.pointer.as_str(), told.code)).collect();
    let wanted = [
        ("/fields/event_types", "wrong_type"),
        ("/fields/artists", "unknown_field"),
        ("", "out_of_range"),
        ("/fields/engagement_score", "unknown_field"),
        ("/fields/watchlist", "unknown_field"),
        ("", "unknown_value"),
        ("", "unknown_value"),
    ];
    assert_eq!(told, wanted);
    assert_eq!(found.warnings[3].suggestions, ["age"]);
    assert_eq!((found.total, found.factors.len()), (0, 2));
}

/// With as many factors and words as there can be, a segment's rule is still one that can be saved.
#[test]
fn the_longest_rule_of_an_offer_can_be_saved() {
    let tenant = Tenant::default();
    let fields = [
        ("genres", FieldType::KeywordSet),
        ("event_types", FieldType::KeywordSet),
        ("artists", FieldType::KeywordSet),
        ("price_min", FieldType::Decimal(2)),
        ("price_max", FieldType::Decimal(2)),
        ("city", FieldType::Keyword),
        ("country", FieldType::Keyword),
        ("engagement_score", FieldType::Int),
        ("watchlist", FieldType::IntSet),
    ];
    tenant.apply(Command::AddFields(fields.map(|(name, kind)| (name.to_owned(), kind)).into())).expect("fields");
    let words = || (0..OFFER_WORDS_MAX).map(|word| format!("w{word}")).collect::<Vec<_>>();
    let details = Details {
        name: "n".into(),
        genres: words(),
        event_types: words(),
        artists: words(),
        price: Some(PriceRange { min: Price(1), max: Price(2) }),
        city: Some("x".into()),
        country: Some("y".into()),
        ..Details::default()
    };
    let id = put(&tenant, None, details);
    let matching = Matching { weights: [10; 7], country_weight: Some(9), ..Matching::default() };
    tenant.apply(Command::Offer(OfferChange::Settings(matching))).expect("good settings");
    let state = tenant.state();
    for least in 0..=71 {
        let rule = state.rule_of_offer(id, least).expect("it is there");
        state.check(&rule).expect("a rule within all bounds");
    }
}

impl History {
    /// A change of offers, in the engine alone: what becomes of it is compared here, and that it stays by whoever
    /// compares states.
    pub(crate) fn change_offer(&mut self) -> &'static str {
        let before = self.tenant.state().offers.clone();
        let id = OfferId(1 + self.rng.below(4) as u64);
        let unknown = before.get(id).is_err().then_some("there is no event");
        let change = match self.rng.below(6) {
            0 => OfferChange::Delete(id),
            1 => OfferChange::Settings(matching(&mut self.rng)),
            2 => {
                let generated = Generated { now: self.material.now, data_version: 7, min_score: 60, total: 1 << 40 };
                OfferChange::Note { id, generated }
            }
            _ => {
                let details = details(&mut self.rng, self.material.now);
                let now = Timestamp(self.material.now.0 + DAY_US);
                let id = self.rng.chance(70).then_some(id);
                OfferChange::Put { id, is_new: self.rng.chance(40), details, now }
            }
        };
        let refused = match &change {
            OfferChange::Delete(_) | OfferChange::Note { .. } => unknown,
            OfferChange::Put { id: Some(id), is_new: true, .. } => {
                before.get(*id).is_ok().then_some("is there already")
            }
            OfferChange::Put { .. } | OfferChange::Settings(_) => None,
        };
        let outcome = self.apply(Command::Offer(change.clone()), refused);
        let after = self.tenant.state().offers.clone();
        match (change, outcome) {
            (_, None) => assert_eq!(after, before),
            (OfferChange::Put { id, details, .. }, Some(Outcome::Offer(saved))) => {
                assert_eq!(saved, id.unwrap_or(OfferId(before.last_id() + 1)));
                assert_eq!(after.get(saved).expect("it was saved").details, details.checked().expect("good"));
            }
            (OfferChange::Delete(id), Some(_)) => assert!(matches!(after.get(id), Err(Error::NotFound(_)))),
            (OfferChange::Settings(matching), Some(_)) => assert_eq!(**after.matching(), matching),
            (OfferChange::Note { id, generated }, Some(_)) => {
                assert_eq!(after.get(id).expect("it is there").generated, Some(generated));
            }
            (change, outcome) => panic!("{change:?} became {outcome:?}"),
        }
        "an offer"
    }
}
