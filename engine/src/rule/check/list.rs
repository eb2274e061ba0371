//! Tests that ask for one of some values: words, whole numbers, flags, members of sets, external ids.

use std::sync::Arc;

use super::leaf::{Leaf, Wrong, described};
use super::scalar::{NOBODY, exact};
use crate::id::FieldId;
use crate::rule::{LeafTest, Literal, Operand, Operator};
use crate::schema::{FieldType, Number, normalize};

impl Leaf<'_> {
    /// `is` and `in` on keyword, int and bool, and `=` on bool.
    pub(super) fn one_of(
        &mut self,
        operator: Operator,
        field: FieldId,
        kind: FieldType,
        value: &Operand,
    ) -> Option<LeafTest> {
        if operator != Operator::In {
            self.single(value)?;
        }
        match kind {
            FieldType::Bool => {
                let wanted = self.every(value, flag)?;
                Some(LeafTest::Flag { field, values: [wanted.contains(&false), wanted.contains(&true)] })
            }
            FieldType::Int => {
                // A fraction equals no whole number: it is exact to leave it out, and a mistake to round it.
                let keys = self.every(value, |literal| exact(literal, 0))?;
                let keys: Arc<[i64]> = distinct(keys.into_iter().flatten().collect());
                Some(if keys.is_empty() {
                    LeafTest::Range { field, lo: NOBODY.0, hi: NOBODY.1 }
                } else {
                    LeafTest::Keys { field, keys }
                })
            }
            _ => {
                let words = self.every(value, |literal| word(literal, "a keyword"))?;
                Some(LeafTest::Words { field, words: distinct(words) })
            }
        }
    }

    /// `includes` and `includes_all` on sets.
    pub(super) fn members(&mut self, field: FieldId, kind: FieldType, all: bool, value: &Operand) -> Option<LeafTest> {
        Some(if kind == FieldType::IntSet {
            LeafTest::IntMembers { field, ints: distinct(self.every(value, whole)?), all }
        } else {
            let words = self.every(value, |literal| word(literal, "a keyword_set"))?;
            LeafTest::WordMembers { field, words: distinct(words), all }
        })
    }

    /// `is` and `in` on the external id.
    pub(super) fn ids(&mut self, operator: Operator, value: &Operand) -> Option<LeafTest> {
        if operator != Operator::In {
            self.single(value)?;
        }
        Some(LeafTest::Ids { ids: distinct(self.every(value, id)?) })
    }
}

fn distinct<T: Ord>(mut values: Vec<T>) -> Arc<[T]> {
    values.sort_unstable();
    values.dedup();
    values.into()
}

fn flag(literal: &Literal) -> Result<bool, Wrong> {
    match literal {
        Literal::Bool(value) => Ok(*value),
        _ => Err(Wrong::type_of(format!("a bool is compared with true or false, not with {}", described(literal)))),
    }
}

fn word(literal: &Literal, what: &str) -> Result<String, Wrong> {
    match literal {
        Literal::Text(text) => Ok(normalize(text).into_owned()),
        Literal::Number(digits) => {
            let shown = described(literal);
            Err(Wrong::type_of(if digits.len() > 60 {
                format!("{what} holds text, not {shown}; put it in quotes")
            } else {
                format!("{what} holds text, not {shown}; put it in quotes: \"{digits}\"")
            }))
        }
        Literal::Bool(value) => {
            Err(Wrong::type_of(format!("{what} holds text, not {value}; put it in quotes: \"{value}\"")))
        }
    }
}

fn whole(literal: &Literal) -> Result<i64, Wrong> {
    exact(literal, 0)?
        .ok_or_else(|| Wrong::type_of(format!("an int_set holds whole numbers, not {}", described(literal))))
}

fn id(literal: &Literal) -> Result<String, Wrong> {
    match literal {
        Literal::Text(text) => Ok(normalize(text).into_owned()),
        // Ids are not arithmetic: a whole number of any length is its decimal text.
        Literal::Number(digits) => match Number::parse(digits).and_then(|number| number.floor_units(0)) {
            Some((number, true)) => Ok(number.to_string()),
            _ => Err(Wrong::type_of(format!(
                "an id is text or a whole number of at most 38 digits, not {}; put it in quotes",
                described(literal)
            ))),
        },
        Literal::Bool(value) => Err(Wrong::type_of(format!("an id is text or a whole number, not {value}"))),
    }
}
