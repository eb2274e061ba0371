//! Random rules that fit a population: every operator, every way to nest, values that hit, nearly hit and miss.
//!
//! All of them are valid, so whoever refuses one is wrong. Rules with mistakes in them are written by hand, where the
//! mistakes are tested.

use muster_engine::rule::{Group, Literal, Match, Operand, Operator, Rule, SegmentRef, SegmentTest, Test};
use muster_engine::schema::{FieldType, Value};

use crate::decimal::Decimal;
use crate::population::{FIELDS, Population, WINDOW_DAYS, id, pool};
use crate::rng::Rng;

/// Groups on the deepest path.
const DEPTH_MAX: usize = 4;

/// Tests of one rule.
const LEAVES_MAX: usize = 16;

/// Valid, of all kinds, in NFC.
const PATTERNS: [&str; 12] =
    ["", "a", "^a", "b$", "^$", "a.b", "a\\.b", "(?i)ROCK", "^(a|b)+$", "[^a-z]", "\u{e9}$", "^.{2}$"];

/// A random rule over the fields of `population`; `segments` are those it may name, each of which must exist.
pub fn rule(rng: &mut Rng, population: &Population, segments: &[SegmentRef]) -> Rule {
    // Short rules more often than long ones: a long one selects nobody or everybody sooner.
    let longest = 1 + rng.below(LEAVES_MAX);
    let leaves = 1 + rng.below(longest);
    Rules { rng, population, segments }.node(leaves, DEPTH_MAX)
}

/// A random test of `field` by `operator`, for suites that want each pair of them.
///
/// # Panics
/// When the population has no such field, or the field no such operator.
pub fn test(rng: &mut Rng, population: &Population, field: &str, operator: Operator) -> Rule {
    let kind = population.twin.schema.find(field).expect("a field of the population").kind;
    assert!(operator.applies_to(kind), "{kind} has no {operator:?}");
    Rules { rng, population, segments: &[] }.test(field, kind, operator)
}

struct Rules<'a> {
    rng: &'a mut Rng,
    population: &'a Population,
    segments: &'a [SegmentRef],
}

impl Rules<'_> {
    /// `leaves` tests under at most `depth` groups.
    fn node(&mut self, leaves: usize, depth: usize) -> Rule {
        if depth == 0 || (leaves == 1 && self.rng.chance(70)) {
            assert_eq!(leaves, 1, "tests without a group to hold them");
            return self.leaf();
        }
        // `none` of many tests is hardly anybody, so it is the rarest.
        let join = *self.rng.pick(&[Match::All, Match::All, Match::Any, Match::Any, Match::None]);
        // The last group has to hold all that is left; a single child that is a group is wanted too.
        let children = if depth == 1 { leaves } else { 1 + self.rng.below(leaves.min(4)) };
        let mut left = leaves;
        let mut rules = Vec::new();
        for after in (0..children).rev() {
            let share = if after == 0 { left } else { 1 + self.rng.below(left - after) };
            left -= share;
            rules.push(self.node(share, depth - 1));
        }
        Rule::Group(Group { join, rules })
    }

    fn leaf(&mut self) -> Rule {
        if !self.segments.is_empty() && self.rng.chance(10) {
            let segment = self.rng.pick(self.segments).clone();
            return Rule::Segment(SegmentTest { segment, negated: self.rng.chance(50) });
        }
        if self.rng.chance(5) {
            return self.id_test();
        }
        let (field, kind) = *self.rng.pick(&FIELDS);
        let operators: Vec<Operator> = Operator::NAMES
            .iter()
            .map(|(operator, _)| *operator)
            .filter(|operator| operator.applies_to(kind))
            .collect();
        let operator = *self.rng.pick(&operators);
        self.test(field, kind, operator)
    }

    fn id_test(&mut self) -> Rule {
        let operators: Vec<Operator> =
            Operator::NAMES.iter().map(|(operator, _)| *operator).filter(|operator| operator.applies_to_id()).collect();
        let operator = *self.rng.pick(&operators);
        let value = match operator {
            Operator::Exists | Operator::NotExists => None,
            Operator::In | Operator::NotIn => Some(Operand::Many(self.list(Self::id_literal))),
            _ => Some(Operand::One(self.id_literal())),
        };
        let name = if self.rng.chance(50) { "id" } else { self.population.twin.schema.id_name() };
        Rule::Test(Test { field: name.to_owned(), operator, value })
    }

    fn test(&mut self, field: &str, kind: FieldType, operator: Operator) -> Rule {
        let value = match operator {
            Operator::Exists | Operator::NotExists => None,
            Operator::Between => Some(Operand::Many(self.range(kind))),
            Operator::In | Operator::NotIn => Some(Operand::Many(self.list(|rules| rules.member(kind)))),
            Operator::Includes | Operator::IncludesAll | Operator::Excludes => Some(if self.rng.chance(20) {
                Operand::One(self.member(kind))
            } else {
                Operand::Many(self.list(|rules| rules.member(kind)))
            }),
            Operator::WithinDays | Operator::BeforeDays | Operator::InNextDays => {
                Some(Operand::One(Literal::Number(self.rng.pick(&WINDOW_DAYS).to_string())))
            }
            Operator::Matches => Some(Operand::One(Literal::Text((*self.rng.pick(&PATTERNS)).to_owned()))),
            Operator::StartsWith | Operator::EndsWith | Operator::Contains | Operator::NotContains => {
                Some(Operand::One(self.part()))
            }
            Operator::Is | Operator::IsNot => Some(Operand::One(self.member(kind))),
            _ => Some(Operand::One(self.scalar(kind))),
        };
        Rule::Test(Test { field: field.to_owned(), operator, value })
    }

    /// 1 to 5 values, some of them twice.
    fn list(&mut self, mut value: impl FnMut(&mut Self) -> Literal) -> Vec<Literal> {
        let mut list: Vec<Literal> = (0..1 + self.rng.below(4)).map(|_| value(self)).collect();
        if self.rng.chance(20) {
            list.push(list[0].clone());
        }
        list
    }

    /// A value that a field of this type, or a member of this kind of set, can be equal to.
    fn member(&mut self, kind: FieldType) -> Literal {
        let absent = self.rng.chance(15);
        match kind {
            FieldType::Int | FieldType::IntSet if absent => Literal::Number("424242".into()),
            FieldType::Keyword | FieldType::KeywordSet if absent => Literal::Text("nowhere".into()),
            _ => {
                let value = self.rng.pick(&pool(kind, self.population.now)).clone();
                self.literal(&value)
            }
        }
    }

    /// A value that a field of this type can be compared with: of the pool, or near one.
    fn scalar(&mut self, kind: FieldType) -> Literal {
        let value = self.rng.pick(&pool(kind, self.population.now)).clone();
        let near = self.rng.chance(15);
        match value {
            Value::Int(value) if near && has_neighbours(value) => Literal::Number(between_units(value, 0)),
            Value::Decimal(units, scale) if near && has_neighbours(units) => {
                Literal::Number(between_units(units, scale))
            }
            Value::Float(_) if near => Literal::Number("0.25".into()),
            value => self.literal(&value),
        }
    }

    /// Two ends in order, at times equal.
    fn range(&mut self, kind: FieldType) -> Vec<Literal> {
        let (first, second) = (self.scalar(kind), self.scalar(kind));
        let falling = if matches!(kind, FieldType::Time | FieldType::Date) {
            instant(&first) > instant(&second)
        } else {
            number(&first) > number(&second)
        };
        if falling { vec![second, first] } else { vec![first, second] }
    }

    /// A word of the pool, or a piece of one.
    fn part(&mut self) -> Literal {
        let Value::Keyword(word) = self.rng.pick(&pool(FieldType::Keyword, self.population.now)).clone() else {
            unreachable!("keywords only")
        };
        let letters: Vec<char> = word.chars().collect();
        if letters.is_empty() || self.rng.chance(30) {
            return Literal::Text(if self.rng.chance(20) { "zz".into() } else { word });
        }
        let from = self.rng.below(letters.len());
        let to = from + 1 + self.rng.below(letters.len() - from);
        Literal::Text(letters[from..to].iter().collect())
    }

    /// The id of a profile as text or, where it is one, as a number; at times of nobody.
    fn id_literal(&mut self) -> Literal {
        let count = self.population.twin.profiles.len();
        let text = id(self.rng.below(count + count / 8 + 1));
        let is_number = text == "0" || (text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0'));
        if is_number && self.rng.chance(50) { Literal::Number(text) } else { Literal::Text(text) }
    }

    /// A value as a client might write it: numbers with needless digits, money as text, accents apart.
    fn literal(&mut self, value: &Value) -> Literal {
        let plain = value.to_string();
        let odd = self.rng.chance(15);
        match value {
            Value::Bool(value) => Literal::Bool(*value),
            Value::Int(_) if odd => Literal::Number(format!("{plain}.0")),
            Value::Decimal(..) if odd => Literal::Text(plain),
            Value::Float(value) => Literal::Number(as_json_keeps_it(&if odd { format!("{value:e}") } else { plain })),
            Value::Int(_) | Value::Decimal(..) => Literal::Number(plain),
            Value::Keyword(word) if odd => {
                Literal::Text(unicode_normalization::UnicodeNormalization::nfd(word.as_str()).collect())
            }
            Value::Time(_) if odd && plain.ends_with('Z') => Literal::Text(plain.replace('Z', "+00:00")),
            _ => Literal::Text(plain),
        }
    }
}

/// A number in the spelling that reading it from JSON gives: an exponent has a sign there.
fn as_json_keeps_it(text: &str) -> String {
    text.parse::<serde_json::Number>().expect("a number").to_string()
}

/// Whether half a unit further from zero is still within the type; beyond its ends a rule is refused.
fn has_neighbours(units: i64) -> bool {
    units > i64::MIN && units < i64::MAX
}

/// A number half a unit further from zero than `units` of 10^-`scale`: no value of such a field, but a fair bound.
fn between_units(units: i64, scale: u8) -> String {
    let plain = Value::Decimal(units, scale).to_string();
    if scale == 0 { format!("{plain}.5") } else { format!("{plain}5") }
}

fn number(literal: &Literal) -> Option<Decimal> {
    match literal {
        Literal::Number(digits) | Literal::Text(digits) => Decimal::parse(digits),
        Literal::Bool(_) => None,
    }
}

fn instant(literal: &Literal) -> Option<i64> {
    match literal {
        Literal::Text(text) => muster_engine::time::Timestamp::parse(text)
            .map(|at| at.0)
            .or_else(|| muster_engine::time::Date::parse(text).map(|day| day.midnight().0)),
        Literal::Number(_) | Literal::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::population::population;
    use crate::twin::{Saved, no_segments};

    fn walk(rule: &Rule, depth: usize, seen: &mut dyn FnMut(&Rule, usize)) {
        seen(rule, depth);
        if let Rule::Group(group) = rule {
            group.rules.iter().for_each(|rule| walk(rule, depth + 1, seen));
        }
    }

    #[test]
    fn a_seed_repeats_its_rule() {
        let population = population(1, 20);
        let draw = |seed| rule(&mut Rng::new(seed), &population, &[]);
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }

    #[test]
    fn rules_stay_within_bounds_and_use_the_whole_language() {
        let segments = [SegmentRef::Name("saved".into())];
        let (mut operators, mut single_child, mut same_join, mut deepest, mut most) = (BTreeSet::new(), 0, 0, 0, 0);
        for seed in 0..400 {
            let population = population(seed, 5);
            let rule = rule(&mut Rng::new(seed), &population, &segments);
            let mut leaves = 0;
            walk(&rule, 0, &mut |rule, depth| match rule {
                Rule::Group(group) => {
                    assert!(!group.rules.is_empty());
                    deepest = deepest.max(depth + 1);
                    single_child += usize::from(group.rules.len() == 1);
                    let join = group.join;
                    let same = |rule: &Rule| matches!(rule, Rule::Group(inner) if inner.join == join);
                    same_join += group.rules.iter().filter(|rule| same(rule)).count();
                }
                Rule::Test(test) => {
                    leaves += 1;
                    operators.insert(test.operator.name());
                }
                Rule::Segment(_) | Rule::Event(_) => {
                    leaves += 1;
                    operators.insert("segment");
                }
            });
            assert!((1..=LEAVES_MAX).contains(&leaves));
            most = most.max(leaves);
        }
        assert_eq!(operators.len(), Operator::NAMES.len() + 1);
        assert_eq!((deepest, most), (DEPTH_MAX, LEAVES_MAX));
        assert!(single_child > 0 && same_join > 0);
    }

    #[test]
    fn the_twin_answers_them_all_and_few_are_trivial() {
        let segments = [SegmentRef::Name("saved".into())];
        let (mut nobody, mut everybody) = (0, 0);
        for seed in 0..400 {
            let population = population(seed, 60);
            let mut rng = Rng::new(seed);
            let saved = Saved::Dynamic(rule(&mut rng, &population, &[]));
            let rule = rule(&mut rng, &population, &segments);
            let found = population.twin.select(&rule, population.now, &|_| &saved).len();
            nobody += usize::from(found == 0);
            everybody += usize::from(found == 60);
        }
        let third = 400 / 3;
        assert!(nobody <= third && everybody <= third, "{nobody} select nobody, {everybody} everybody, of 400");
    }

    #[test]
    fn single_tests_hit_some_and_miss_some() {
        for (field, kind) in FIELDS {
            for (operator, name) in Operator::NAMES.into_iter().filter(|(operator, _)| operator.applies_to(kind)) {
                let (mut hits, mut asked) = (0, 0);
                for seed in 0..40 {
                    let population = population(seed, 30);
                    let rule = test(&mut Rng::new(seed), &population, field, operator);
                    hits += population.twin.select(&rule, population.now, &no_segments).len();
                    asked += 30;
                }
                let trivial = field == "never";
                assert!(trivial || (hits > 0 && hits < asked), "{field} {name}: {hits} of {asked}");
            }
        }
    }
}
