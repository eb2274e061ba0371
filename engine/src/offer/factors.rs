//! Why an offer fits somebody, as rules: each factor selects the people who have one reason.
//!
//! Membership (genres, types, artists): any in common is enough for the whole weight, because a list of five genres
//! says no more about one of them than a list of one. Price: what somebody usually pays and what is asked overlap; where
//! there is no such range it is the average with a tolerance on either side. Location: living in the city, or in the
//! country; a city counts in the offer's country only, or where no country is known. Location is the one factor with
//! two grades, and nobody has both.

use super::record::{Details, Offer, Price, PriceRange};
use super::settings::{Matching, ProfileField, Reason};
use crate::plan::Warning;
use crate::rule::{CheckedRule, Group, Literal, Match, Operand, Operator, Rule, Test, check, nearest};
use crate::schema::{Field, FieldType, Schema};
use crate::segment::Catalog;

/// The people who have a reason, and what that is worth.
#[derive(Debug, Clone)]
pub struct Factor {
    /// The reason.
    pub reason: Reason,
    /// Its weight; not 0.
    pub weight: u32,
    /// Who has it.
    pub rule: Rule,
    /// The same, ready to be planned.
    pub checked: CheckedRule,
}

/// All factors that somebody can have.
#[derive(Debug, Clone, Default)]
pub struct Factors {
    /// In the order of [`Reason::ALL`]; location may be there twice, for people who do not overlap.
    pub list: Vec<Factor>,
    /// Factors that nobody can have because their field is not there, or of a type that cannot say.
    pub warnings: Vec<Warning>,
}

/// The factors of an offer for profiles with this schema. What the offer does not say, such as its artists, is no factor.
pub fn factors(offer: &Offer, matching: &Matching, schema: &Schema) -> Factors {
    let mut made = Making { matching, schema, made: Factors::default() };
    let details = &offer.details;
    made.members(Reason::Genre, ProfileField::Genres, &details.genres);
    made.members(Reason::Type, ProfileField::EventTypes, &details.event_types);
    made.members(Reason::Artist, ProfileField::Artists, &details.artists);
    if let Some(range) = details.price {
        made.price(range);
    }
    made.location(details);
    made.engagement();
    made.watchlist(offer.id.0);
    made.made
}

struct Making<'a> {
    matching: &'a Matching,
    schema: &'a Schema,
    made: Factors,
}

impl<'a> Making<'a> {
    fn is_worth(&self, reason: Reason) -> bool {
        self.matching.weight(reason) > 0
    }

    /// A field of one of some types; where there is none, nobody has the reason, and that is said.
    fn field(&mut self, reason: Reason, field: ProfileField, suits: fn(FieldType) -> bool) -> Option<&'a Field> {
        let name = self.matching.field(field);
        let (code, why, near) = match self.schema.find(name) {
            Some(found) if suits(found.kind) => return Some(found),
            Some(found) => ("wrong_type", format!("\"{name}\" is {} and cannot say", found.kind), Vec::new()),
            None => {
                let known = self.schema.fields().iter().map(|field| &*field.name);
                ("unknown_field", format!("there is no field \"{name}\""), nearest(name, known))
            }
        };
        let cure = "add one, or name another in the settings of matching";
        self.warn(
            format!("/fields/{}", field.key()),
            code,
            format!("{why}, so nobody has {}; {cure}", reason.name()),
            near,
        );
        None
    }

    fn warn(&mut self, pointer: String, code: &'static str, message: String, suggestions: Vec<String>) {
        self.made.warnings.push(Warning { pointer, code, message, suggestions });
    }

    fn add(&mut self, reason: Reason, weight: u32, rule: Rule) {
        if weight == 0 {
            return;
        }
        match check(&rule, self.schema, &Catalog::default()) {
            Ok(checked) => self.made.list.push(Factor { reason, weight, rule, checked }),
            // A price beyond what the field can hold.
            Err(problems) => {
                let why = problems.first().map_or("", |problem| &problem.message);
                let message = format!("nobody has {}: {why}", reason.name());
                self.warn(String::new(), "out_of_range", message, Vec::new());
            }
        }
    }

    fn members(&mut self, reason: Reason, field: ProfileField, words: &[String]) {
        if words.is_empty() || !self.is_worth(reason) {
            return;
        }
        let suits = |kind| matches!(kind, FieldType::KeywordSet | FieldType::Keyword);
        let Some(field) = self.field(reason, field, suits) else { return };
        let operator = if field.kind == FieldType::Keyword { Operator::In } else { Operator::Includes };
        let words = words.iter().map(|word| Literal::Text(word.clone())).collect();
        self.add(reason, self.matching.weight(reason), test(field, operator, Operand::Many(words)));
    }

    fn price(&mut self, range: PriceRange) {
        if !self.is_worth(Reason::Price) {
            return;
        }
        let known = |field| self.schema.find(self.matching.field(field)).filter(|field| is_number(field.kind));
        let rule = match (known(ProfileField::PriceMin), known(ProfileField::PriceMax)) {
            (Some(min), Some(max)) => all(vec![
                test(min, Operator::LessOrEqual, number(range.max)),
                test(max, Operator::GreaterOrEqual, number(range.min)),
            ]),
            _ => {
                let Some(average) = self.field(Reason::Price, ProfileField::AverageOrder, is_number) else { return };
                let (least, most) = self.averages(range);
                all(vec![
                    test(average, Operator::GreaterOrEqual, number(least)),
                    test(average, Operator::LessOrEqual, number(most)),
                ])
            }
        };
        self.add(Reason::Price, self.matching.weight(Reason::Price), rule);
    }

    /// The least and the greatest average around which a price lies within the tolerance, to four digits, inwards.
    fn averages(&self, range: PriceRange) -> (Price, Price) {
        let tolerance = i64::from(self.matching.price_tolerance);
        let least = (100 * range.min.0 + 99 + tolerance) / (100 + tolerance);
        (Price(least), Price(100 * range.max.0 / (100 - tolerance)))
    }

    /// A place that the offer names, with the field that says where people live.
    fn place<'w>(&mut self, field: ProfileField, word: Option<&'w String>) -> Option<(&'a Field, &'w String)> {
        let word = word?;
        Some((self.field(Reason::Location, field, |kind| kind == FieldType::Keyword)?, word))
    }

    fn location(&mut self, details: &Details) {
        let (city_weight, country_weight) = (self.matching.weight(Reason::Location), self.matching.country());
        if city_weight == 0 {
            return;
        }
        let city = self.place(ProfileField::City, details.city.as_ref());
        let country = self.place(ProfileField::Country, details.country.as_ref());
        let is = |(field, word): (&Field, &String)| test(field, Operator::Is, one_word(word));
        let lacks = |(field, _): (&Field, &String)| {
            Rule::Test(Test { field: field.name.to_string(), operator: Operator::NotExists, value: None })
        };
        match (city, country) {
            (None, None) => {}
            (Some(city), None) => self.add(Reason::Location, city_weight, is(city)),
            (None, Some(country)) => self.add(Reason::Location, country_weight, is(country)),
            (Some(city), Some(country)) if city_weight == country_weight => {
                let alone = all(vec![is(city), lacks(country)]);
                self.add(Reason::Location, city_weight, any(vec![is(country), alone]));
            }
            (Some(city), Some(country)) => {
                let here = all(vec![is(city), any(vec![is(country), lacks(country)])]);
                let near = all(vec![is(country), test(city.0, Operator::IsNot, one_word(city.1))]);
                self.add(Reason::Location, city_weight, here);
                self.add(Reason::Location, country_weight, near);
            }
        }
    }

    fn engagement(&mut self) {
        if !self.is_worth(Reason::Engagement) {
            return;
        }
        let Some(field) = self.field(Reason::Engagement, ProfileField::Engagement, is_number) else { return };
        let rule = test(field, Operator::GreaterOrEqual, number(self.matching.engagement_min));
        self.add(Reason::Engagement, self.matching.weight(Reason::Engagement), rule);
    }

    fn watchlist(&mut self, id: u64) {
        if !self.is_worth(Reason::Watchlist) {
            return;
        }
        let Some(field) = self.field(Reason::Watchlist, ProfileField::Watchlist, FieldType::is_set) else { return };
        let id = if field.kind == FieldType::IntSet {
            Literal::Number(id.to_string())
        } else {
            Literal::Text(id.to_string())
        };
        let rule = test(field, Operator::Includes, Operand::Many(vec![id]));
        self.add(Reason::Watchlist, self.matching.weight(Reason::Watchlist), rule);
    }
}

fn is_number(kind: FieldType) -> bool {
    matches!(kind, FieldType::Int | FieldType::Decimal(_) | FieldType::Float)
}

fn number(value: impl ToString) -> Operand {
    Operand::One(Literal::Number(value.to_string()))
}

fn one_word(word: &str) -> Operand {
    Operand::One(Literal::Text(word.to_owned()))
}

fn test(field: &Field, operator: Operator, value: Operand) -> Rule {
    Rule::Test(Test { field: field.name.to_string(), operator, value: Some(value) })
}

pub(super) fn all(rules: Vec<Rule>) -> Rule {
    Rule::Group(Group { join: Match::All, rules })
}

pub(super) fn any(rules: Vec<Rule>) -> Rule {
    Rule::Group(Group { join: Match::Any, rules })
}
