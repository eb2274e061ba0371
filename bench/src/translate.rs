//! A rule as a predicate of another engine that selects exactly the same rows.
//!
//! A rule is two-valued, SQL is not. Null counts as false in a `where`, and `and` and `or` keep it so; only under a
//! negation must a test be made two-valued first. Wrapping no more than that keeps the engines' own shortcuts open.

use muster_engine::rule::{Rule, Test};
use muster_engine::schema::Schema;
use muster_engine::time::Timestamp;

use crate::dialect::{Dialect, Refusal};
use crate::formula::Formula;
use crate::workload::joined;

/// The rule in a dialect, or what the engine cannot express.
pub(crate) fn predicate(rule: &Rule, dialect: Dialect, schema: &Schema, now: Timestamp) -> Result<String, Refusal> {
    Translator { dialect, schema, now }.rule(rule, false)
}

struct Translator<'a> {
    dialect: Dialect,
    schema: &'a Schema,
    now: Timestamp,
}

impl Translator<'_> {
    /// `two_valued` where a negation stands above.
    fn rule(&self, rule: &Rule, two_valued: bool) -> Result<String, Refusal> {
        let group = match rule {
            Rule::Test(test) => return self.test(test, two_valued),
            Rule::Segment(_) => return Err("segments"),
            Rule::Event(_) => return Err("events"),
            Rule::Group(group) => group,
        };
        let (all, negated) = joined(group.join);
        let parts = group.rules.iter().map(|rule| self.rule(rule, two_valued || negated));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let sign = match (self.dialect, all) {
            (Dialect::Polars, true) => " & ",
            (Dialect::Polars, false) => " | ",
            (_, true) => " AND ",
            (_, false) => " OR ",
        };
        let joined = format!("({})", parts.join(sign));
        Ok(if negated { self.not(&joined) } else { joined })
    }

    fn test(&self, test: &Test, two_valued: bool) -> Result<String, Refusal> {
        let Some(positive) = test.operator.positive() else {
            let text = self.dialect.test(test, self.schema, self.now)?;
            return Ok(if two_valued { self.or_false(&text) } else { format!("({text})") });
        };
        let test = Test { operator: positive, ..test.clone() };
        Ok(self.not(&self.or_false(&self.dialect.test(&test, self.schema, self.now)?)))
    }

    fn or_false(&self, text: &str) -> String {
        match self.dialect {
            Dialect::Polars => format!("({text}).fill_null(False)"),
            _ => format!("COALESCE({text}, FALSE)"),
        }
    }

    fn not(&self, text: &str) -> String {
        if self.dialect == Dialect::Polars { format!("~({text})") } else { format!("NOT ({text})") }
    }
}

/// A formula in ClickHouse's bitmap functions, over a table with one bitmap for each test.
pub(crate) fn bitmap_functions(formula: &Formula) -> String {
    let chained = |function: &str, parts: &[Formula], start: Option<String>| {
        let mut parts = parts.iter().map(bitmap_functions);
        let start = start.or_else(|| parts.next()).unwrap_or_default();
        parts.fold(start, |left, right| format!("{function}({left}, {right})"))
    };
    match formula {
        Formula::Leaf(number) => format!("(select groupBitmapMergeState(rows) from d.b where leaf = {number})"),
        Formula::Or(parts) => chained("bitmapOr", parts, None),
        Formula::And(with, without) => {
            let with = chained("bitmapAnd", with, None);
            chained("bitmapAndnot", without, Some(with))
        }
    }
}
