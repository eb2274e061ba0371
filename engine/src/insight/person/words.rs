//! What a test says about a person, in words.

use crate::insight::Moment;
use crate::rule::{Operand, Operator, Rule, Test, to_text};
use crate::schema::Value;

/// Values of a list that are shown; the others are counted.
const SHOWN_MAX: usize = 5;

/// Characters of one value that are shown.
const CHARS_MAX: usize = 100;

/// A test as text, its list cut short.
pub(super) fn text(rule: &Rule, moment: &Moment<'_>) -> String {
    let name_of = |id| moment.segment_name(id);
    match rule {
        Rule::Test(test) => match &test.value {
            Some(Operand::Many(values)) if values.len() > SHOWN_MAX => {
                let value = Some(Operand::Many(values[..SHOWN_MAX].to_vec()));
                let first = Test { field: test.field.clone(), operator: test.operator, value };
                let more = values.len() - SHOWN_MAX;
                format!("{} and {more} more", to_text(&Rule::Test(first), &name_of))
            }
            _ => to_text(rule, &name_of),
        },
        _ => to_text(rule, &name_of),
    }
}

/// `total_spent is 80.00; needs >= 100.00`
pub(super) fn verdict(text: &str, test: &Test, value: Option<&Value>, holds: bool) -> String {
    let field = field_text(test);
    let wanted = text.strip_prefix(&field).unwrap_or(text).trim_start();
    let is = match value {
        Some(value) => format!("is {}", shown(value)),
        None => "has no value".to_owned(),
    };
    format!("{field} {is}; {} {wanted}", if holds { "fits" } else { "needs" })
}

/// `count of purchase >= 2: it is 1, which does not fit`
pub(super) fn event(text: &str, value: Option<&Value>, holds: bool) -> String {
    let is = value.map_or_else(|| "there is nothing to measure".to_owned(), |value| format!("it is {}", shown(value)));
    format!("{text}: {is}, which {}", if holds { "fits" } else { "does not fit" })
}

/// A field as text prints it.
fn field_text(test: &Test) -> String {
    let exists = Rule::Test(Test { field: test.field.clone(), operator: Operator::Exists, value: None });
    let text = to_text(&exists, &|_| None);
    text.strip_suffix(Operator::Exists.name()).unwrap_or(&text).trim_end().to_owned()
}

fn shown(value: &Value) -> String {
    let list = |texts: Vec<String>, count: usize| {
        let more = if count > SHOWN_MAX { format!(" and {} more", count - SHOWN_MAX) } else { String::new() };
        format!("({}){more}", texts.join(", "))
    };
    match value {
        Value::Keyword(word) => quoted(word),
        Value::KeywordSet(members) => {
            list(members.iter().take(SHOWN_MAX).map(|word| quoted(word)).collect(), members.len())
        }
        Value::IntSet(members) => list(members.iter().take(SHOWN_MAX).map(i64::to_string).collect(), members.len()),
        other => other.to_string(),
    }
}

fn quoted(word: &str) -> String {
    let mut chars = word.chars();
    let shown: String = chars.by_ref().take(CHARS_MAX).collect();
    format!("\"{shown}{}\"", if chars.next().is_some() { "..." } else { "" })
}
