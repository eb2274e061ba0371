//! Random lives, and random tests of what people did, that hit every edge: instants exactly at the ends of windows and
//! a microsecond beside them, several events at one instant, missing properties, events of the future.

use std::collections::BTreeMap;

use muster_engine::rule::{
    EventTest, EventWindow, Follower, Group, Literal, Match, Measure, Operand, Operator, Rule, Test,
};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::time::{DAY_US, Timestamp};

use crate::life::{Happened, Life};
use crate::population::{Population, value};
use crate::rng::Rng;
use crate::rules;
use crate::twin::Twin;

/// Types of events; nobody ever did the last.
const KINDS: [&str; 4] = ["purchase", "cart add", "visit", "never.done"];

/// Properties of every type; one that no event has.
const PROPERTIES: [(&str, FieldType); 11] = [
    ("amount", FieldType::Decimal(2)),
    ("items", FieldType::Int),
    ("rating", FieldType::Float),
    ("weight", FieldType::Decimal(6)),
    ("category", FieldType::Keyword),
    ("tags", FieldType::KeywordSet),
    ("products", FieldType::IntSet),
    ("gift", FieldType::Bool),
    ("due", FieldType::Time),
    ("day", FieldType::Date),
    ("nothing", FieldType::Keyword),
];

/// Days of windows and between events; events lie at their ends.
const DAYS: [i64; 5] = [0, 1, 3, 30, 365];

/// Events of the people of a population.
pub fn life(rng: &mut Rng, population: &Population) -> Life {
    let mut properties = Schema::default();
    properties.add(&PROPERTIES.map(|(name, kind)| (name.to_owned(), kind))).expect("good names");
    let mut events: Vec<Happened> = Vec::new();
    for customer in &population.twin.profiles {
        for _ in 0..*rng.pick(&[0, 0, 1, 2, 3, 5, 9]) {
            // At times the instant of another one.
            let own =
                events.iter().filter(|event| event.profile == customer.id).map(|event| event.at).collect::<Vec<_>>();
            let at = if !own.is_empty() && rng.chance(20) {
                Timestamp(rng.pick(&own).0 + *rng.pick(&[0, 0, 1, 3 * DAY_US, 3 * DAY_US + 1]))
            } else {
                instant(rng, population.now)
            };
            let kind = (*rng.pick(&KINDS[..3])).to_owned();
            let id = format!("e{}", events.len());
            events.push(Happened { id, profile: customer.id.clone(), kind, at, properties: some(rng, population) });
        }
    }
    // A retention that ends where events lie; what is kept for ever is most of it.
    let mut kept = BTreeMap::new();
    for kind in KINDS {
        if rng.chance(25) {
            kept.insert(kind.to_owned(), *rng.pick(&[1, 3, 30]));
        }
    }
    Life { kinds: KINDS.map(str::to_owned).to_vec(), properties, events, kept }
}

/// An instant near the ends of windows.
fn instant(rng: &mut Rng, now: Timestamp) -> Timestamp {
    let beside = *rng.pick(&[0, 0, 1, -1, 1_000_000, -3_600_000_000]);
    let days = if rng.chance(8) { -1 } else { *rng.pick(&DAYS) };
    Timestamp(now.0 - days * DAY_US + beside)
}

fn some(rng: &mut Rng, population: &Population) -> BTreeMap<String, Value> {
    let mut properties = BTreeMap::new();
    for (name, kind) in PROPERTIES {
        if name != "nothing" && rng.chance(75) {
            properties.insert(name.to_owned(), number(rng, kind).unwrap_or_else(|| value(rng, kind, population.now)));
        }
    }
    properties
}

/// Small numbers, so that sums stay within a type and float sums are exact in any order.
fn number(rng: &mut Rng, kind: FieldType) -> Option<Value> {
    let small = *rng.pick(&[0, 1, 1, 2, -1, 3, 50, 999, 1_000]);
    Some(match kind {
        FieldType::Int => Value::Int(small),
        FieldType::Decimal(scale) => Value::Decimal(small, scale),
        FieldType::Float => Value::Float(small as f64 / 4.0),
        _ => return None,
    })
}

/// A random rule with tests of events, and of fields beside them.
pub fn rule(rng: &mut Rng, population: &Population, life: &Life) -> Rule {
    if rng.chance(50) {
        return event(rng, population, life);
    }
    let join = *rng.pick(&[Match::All, Match::Any, Match::None]);
    let rules = (0..1 + rng.below(3)).map(|_| match rng.below(4) {
        0 => rules::rule(rng, population, &[]),
        1 => rule(rng, population, life),
        _ => event(rng, population, life),
    });
    let rules = rules.collect();
    Rule::Group(Group { join, rules })
}

/// A random test of events.
pub fn event(rng: &mut Rng, population: &Population, life: &Life) -> Rule {
    let mut test = EventTest::any(kind(rng));
    test.conditions = conditions(rng, population, life);
    if rng.chance(60) {
        test.window = Some(window(rng, population.now));
    }
    if rng.chance(25) {
        test.then = Some(follower(rng, population, life));
    }
    if rng.chance(25) {
        test.not_followed_by = Some(follower(rng, population, life));
    }
    if rng.chance(85) {
        ask(rng, population, &mut test);
    }
    Rule::Event(Box::new(test))
}

fn kind(rng: &mut Rng) -> String {
    let kinds = if rng.chance(5) { &KINDS[3..] } else { &KINDS[..3] };
    (*rng.pick(kinds)).to_owned()
}

fn conditions(rng: &mut Rng, population: &Population, life: &Life) -> Vec<Test> {
    // A population whose fields are the properties.
    let twin = Twin { schema: life.properties.clone(), profiles: Vec::new() };
    let of_events = Population { twin, now: population.now };
    let condition = |rng: &mut Rng| {
        let (name, kind) = *rng.pick(&PROPERTIES);
        let operators: Vec<Operator> = Operator::NAMES
            .iter()
            .map(|(operator, _)| *operator)
            .filter(|operator| operator.applies_to(kind))
            .collect();
        let operator = *rng.pick(&operators);
        match rules::test(rng, &of_events, name, operator) {
            Rule::Test(test) => test,
            other => panic!("{other:?} is no test"),
        }
    };
    (0..*rng.pick(&[0, 0, 0, 1, 1, 2])).map(|_| condition(rng)).collect()
}

fn days(rng: &mut Rng) -> Literal {
    Literal::Number(rng.pick(&DAYS).to_string())
}

fn window(rng: &mut Rng, now: Timestamp) -> EventWindow {
    match rng.below(3) {
        0 => EventWindow::WithinDays(days(rng)),
        1 => EventWindow::BeforeDays(days(rng)),
        _ => {
            let mut ends = [instant(rng, now), instant(rng, now)];
            ends.sort_unstable();
            EventWindow::Between(ends.map(|at| Literal::Text(at.to_string())))
        }
    }
}

fn follower(rng: &mut Rng, population: &Population, life: &Life) -> Follower {
    let within_days = rng.chance(70).then(|| days(rng));
    Follower { event: kind(rng), conditions: conditions(rng, population, life), within_days }
}

/// Asks for a measure.
fn ask(rng: &mut Rng, population: &Population, test: &mut EventTest) {
    const COMPARE: [Operator; 7] = [
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Between,
    ];
    test.measure = *rng.pick(&Measure::NAMES.map(|(measure, _)| measure));
    let mut operator = *rng.pick(&COMPARE);
    let now = population.now;
    match test.measure {
        Measure::Count => test.value = Some(numbers(rng, operator, &["0", "1", "2", "3", "2.5"])),
        Measure::First | Measure::Last => {
            if rng.chance(50) {
                operator = *rng.pick(&[Operator::WithinDays, Operator::BeforeDays, Operator::InNextDays]);
                test.value = Some(Operand::One(days(rng)));
            } else {
                let mut ends = [instant(rng, now), instant(rng, now)];
                ends.sort_unstable();
                let ends = ends.map(|at| Literal::Text(at.to_string()));
                test.value = Some(operand(operator, ends.to_vec()));
            }
        }
        _ => {
            test.of = Some((*rng.pick(&["amount", "items", "rating", "weight"])).to_owned());
            test.value =
                Some(numbers(rng, operator, &["-1", "0", "0.01", "0.25", "1", "1.5", "2", "9.99", "0.0005", "250"]));
        }
    }
    if !matches!(test.measure, Measure::Count | Measure::Sum) && rng.chance(10) {
        operator = *rng.pick(&[Operator::Exists, Operator::NotExists]);
        test.value = None;
    }
    test.operator = Some(operator);
}

fn numbers(rng: &mut Rng, operator: Operator, pool: &[&str]) -> Operand {
    let mut at = [rng.below(pool.len()), rng.below(pool.len())];
    at.sort_unstable_by(|left, right| {
        let number = |at: &usize| pool[*at].parse::<f64>().expect("a number");
        number(left).total_cmp(&number(right))
    });
    operand(operator, at.iter().map(|at| Literal::Number(pool[*at].to_owned())).collect())
}

fn operand(operator: Operator, ends: Vec<Literal>) -> Operand {
    if operator == Operator::Between { Operand::Many(ends) } else { Operand::One(ends[0].clone()) }
}
