//! One random test of one field.

use std::cmp::Ordering;

use muster_engine::rule::{Literal, Operand, Operator, Rule, Test};

use super::vocabulary::{Field, Kind};
use crate::random::Random;

/// A test that fits the field; a negative one if `negated` and the field's operator has a complement of its own.
/// Says whether the test still has to be negated.
pub(super) fn leaf(random: &mut Random, field: &Field, negated: bool) -> (Rule, bool) {
    if field.kind == Kind::Unique || (field.may_miss && random.chance(0.06)) {
        return test(field, if negated { Operator::NotExists } else { Operator::Exists }, None, false);
    }
    match field.kind {
        Kind::Keyword | Kind::Unique => keyword(random, field, negated),
        Kind::Words => words(random, field, negated),
        Kind::Flag => {
            let value = Some(Operand::One(Literal::Bool(random.chance(0.8))));
            test(field, if negated { Operator::IsNot } else { Operator::Is }, value, false)
        }
        Kind::Int | Kind::Money => number(random, field, negated),
        Kind::Time | Kind::Date => time(random, field, negated),
    }
}

fn test(field: &Field, operator: Operator, value: Option<Operand>, negated: bool) -> (Rule, bool) {
    (Rule::Test(Test { field: field.name.to_owned(), operator, value }), negated)
}

/// Different words, at most `most`.
fn list(random: &mut Random, field: &Field, least: u64, most: u64) -> Operand {
    let wanted = (least + random.below(most - least + 1)) as usize;
    let mut list: Vec<Literal> = Vec::new();
    // Fields of few words give the same ones again: a shorter list is as good.
    for _ in 0..4 * wanted {
        let word = Literal::Text(field.word(random).to_owned());
        if list.len() < wanted && !list.contains(&word) {
            list.push(word);
        }
    }
    Operand::Many(list)
}

fn keyword(random: &mut Random, field: &Field, negated: bool) -> (Rule, bool) {
    match random.below(100) {
        0..45 => {
            let value = Some(Operand::One(Literal::Text(field.word(random).to_owned())));
            test(field, if negated { Operator::IsNot } else { Operator::Is }, value, false)
        }
        45..88 => {
            let value = Some(list(random, field, 2, 8));
            test(field, if negated { Operator::NotIn } else { Operator::In }, value, false)
        }
        _ => {
            let letters = 1 + random.below(3) as usize;
            let prefix: String = field.word(random).chars().take(letters).collect();
            test(field, Operator::StartsWith, Some(Operand::One(Literal::Text(prefix))), negated)
        }
    }
}

fn words(random: &mut Random, field: &Field, negated: bool) -> (Rule, bool) {
    if negated {
        let value = list(random, field, 1, 3);
        return test(field, Operator::Excludes, Some(value), false);
    }
    let all = random.chance(0.3);
    let value = if all { list(random, field, 2, 3) } else { list(random, field, 1, 5) };
    test(field, if all { Operator::IncludesAll } else { Operator::Includes }, Some(value), false)
}

fn number(random: &mut Random, field: &Field, negated: bool) -> (Rule, bool) {
    let one = |operator, quantile: f64| {
        let (bound, text) = field.bound(quantile);
        // Nobody asks for less than the least there is.
        let operator = match field.side(bound) {
            Ordering::Less => Operator::Greater,
            Ordering::Equal => operator,
            Ordering::Greater => Operator::Less,
        };
        test(field, operator, Some(Operand::One(Literal::Number(text))), negated)
    };
    let share = random.unit();
    match random.below(100) {
        0..35 => one(Operator::GreaterOrEqual, share),
        35..50 => one(Operator::Greater, share),
        50..62 => one(Operator::Less, share),
        62..72 => one(Operator::LessOrEqual, share),
        72..80 if field.kind == Kind::Int => one(Operator::Equal, share),
        _ => between(random, field, Literal::Number, negated),
    }
}

fn time(random: &mut Random, field: &Field, negated: bool) -> (Rule, bool) {
    let share = random.unit();
    let one = |operator| test(field, operator, Some(Operand::One(Literal::Text(field.bound(share).1))), negated);
    let days = |operator| {
        let value = Operand::One(Literal::Number(field.days_ago(share).to_string()));
        test(field, operator, Some(value), negated)
    };
    // Windows are what instants are mostly asked for; a day of birth is compared with days.
    match random.below(100) {
        0..40 if field.kind == Kind::Time => days(Operator::WithinDays),
        40..60 if field.kind == Kind::Time => days(Operator::BeforeDays),
        0..72 => one(Operator::GreaterOrEqual),
        72..85 => one(Operator::Less),
        _ => between(random, field, Literal::Text, negated),
    }
}

fn between(random: &mut Random, field: &Field, literal: impl Fn(String) -> Literal, negated: bool) -> (Rule, bool) {
    let from = random.unit() * 0.9;
    let width = 0.02 + random.unit() * 0.5;
    let (low, high) = (field.bound(from), field.bound(from + width));
    let (low, high) = if low.0 <= high.0 { (low, high) } else { (high, low) };
    let value = Operand::Many(vec![literal(low.1), literal(high.1)]);
    test(field, Operator::Between, Some(value), negated)
}
