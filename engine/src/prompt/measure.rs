//! Numbers, spans of time and comparisons within a part.

use crate::rule::Operator;
use crate::time::Date;

/// What money is called; amounts are in the tenant's one currency, whatever it is called.
const CURRENCIES: [&str; 16] = [
    "rupee", "rupees", "rs", "inr", "dollar", "dollars", "usd", "euro", "euros", "eur", "pound", "pounds", "gbp",
    "ron", "lei", "bucks",
];

/// Signs of money before or behind a number.
const SIGNS: [char; 5] = ['\u{20b9}', '$', '\u{20ac}', '\u{a3}', '\u{a5}'];

/// Spans of time in days. A month has 30 and a year 365, as whoever reads the rule can see.
const UNITS: [(&str, i64); 4] = [("day", 1), ("week", 7), ("month", 30), ("year", 365)];

/// Phrases that compare, the longer before those that they begin with.
const COMPARISONS: [(&[&str], Operator); 34] = [
    (&["no", "more", "than"], Operator::LessOrEqual),
    (&["no", "less", "than"], Operator::GreaterOrEqual),
    (&["no", "fewer", "than"], Operator::GreaterOrEqual),
    (&["greater", "than", "or", "equal", "to"], Operator::GreaterOrEqual),
    (&["less", "than", "or", "equal", "to"], Operator::LessOrEqual),
    (&["more", "than"], Operator::Greater),
    (&["greater", "than"], Operator::Greater),
    (&["higher", "than"], Operator::Greater),
    (&["larger", "than"], Operator::Greater),
    (&["older", "than"], Operator::Greater),
    (&["less", "than"], Operator::Less),
    (&["fewer", "than"], Operator::Less),
    (&["lower", "than"], Operator::Less),
    (&["smaller", "than"], Operator::Less),
    (&["younger", "than"], Operator::Less),
    (&["at", "least"], Operator::GreaterOrEqual),
    (&["at", "most"], Operator::LessOrEqual),
    (&["up", "to"], Operator::LessOrEqual),
    (&["or", "more"], Operator::GreaterOrEqual),
    (&["or", "less"], Operator::LessOrEqual),
    (&["or", "fewer"], Operator::LessOrEqual),
    (&["equal", "to"], Operator::Equal),
    (&["over"], Operator::Greater),
    (&["above"], Operator::Greater),
    (&["exceeding"], Operator::Greater),
    (&["under"], Operator::Less),
    (&["below"], Operator::Less),
    (&["minimum"], Operator::GreaterOrEqual),
    (&["maximum"], Operator::LessOrEqual),
    (&["exactly"], Operator::Equal),
    (&[">="], Operator::GreaterOrEqual),
    (&["<="], Operator::LessOrEqual),
    (&[">"], Operator::Greater),
    (&["<"], Operator::Less),
];

/// What a part measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Measure {
    /// Within the last so many days, or longer ago.
    Days { count: i64, is_ago: bool },
    /// Within the next so many days.
    Next(i64),
    /// Before a day, or since.
    Day { day: Date, is_before: bool },
    /// A number; without a comparison it is the number itself.
    Number(Operator, String),
    /// From one number to another, both included.
    Between(String, String),
}

/// Takes the words that measure out of a part.
pub(super) fn measure(words: &mut Vec<String>, notes: &mut Vec<String>) -> Option<Measure> {
    if let Some(at) = words.iter().position(|word| word == "between") {
        let (low, high) = (number(words.get(at + 1)?)?, number(words.get(at + 3)?)?);
        take(words, at, 4);
        drop_money(words, notes);
        return Some(Measure::Between(low, high));
    }
    if let Some(found) = day(words) {
        return Some(found);
    }
    let comparison = comparison(words);
    let at = words.iter().position(|word| number(word).is_some());
    let Some(at) = at else {
        // "in the last month"
        let at = words.iter().position(|word| unit(word).is_some())?;
        let is_last = at > 0 && matches!(&*words[at - 1], "last" | "past" | "this" | "next" | "a");
        let days = is_last.then(|| unit(&words[at]))??;
        return Some(span(words, at, 1, days, comparison));
    };
    let digits = number(&words[at])?;
    if words[at].starts_with(SIGNS) || words[at].ends_with(SIGNS) {
        notes.push("amounts are in the currency of the data: nothing was converted".into());
    }
    if let Some(days) = words.get(at + 1).and_then(|word| unit(word)) {
        let count = digits.parse::<i64>().ok()?.checked_mul(days)?;
        return Some(span(words, at, 2, count, comparison));
    }
    take(words, at, 1);
    drop_money(words, notes);
    words.retain(|word| word != "times" && word != "time");
    Some(Measure::Number(comparison.unwrap_or(Operator::Equal), digits))
}

/// A span of time, with the words around it that say where it lies.
fn span(words: &mut Vec<String>, at: usize, length: usize, count: i64, comparison: Option<Operator>) -> Measure {
    take(words, at, length);
    let said = |word: &str| words.iter().any(|other| other == word);
    let is_next = said("next") || said("coming");
    let is_ago = said("ago") || matches!(comparison, Some(Operator::Greater | Operator::GreaterOrEqual));
    words.retain(|word| {
        !matches!(&**word, "last" | "past" | "next" | "coming" | "ago" | "within" | "during" | "since" | "this")
    });
    if is_next { Measure::Next(count) } else { Measure::Days { count, is_ago } }
}

fn day(words: &mut Vec<String>) -> Option<Measure> {
    let at = words.iter().position(|word| Date::parse(word).is_some())?;
    let day = Date::parse(&words[at])?;
    let before = at.checked_sub(1).map(|before| words[before].clone())?;
    let is_before = match &*before {
        "before" | "until" => true,
        "since" | "after" => false,
        _ => return None,
    };
    take(words, at - 1, 2);
    Some(Measure::Day { day, is_before })
}

fn comparison(words: &mut Vec<String>) -> Option<Operator> {
    for (phrase, operator) in COMPARISONS {
        if let Some(at) = words.windows(phrase.len()).position(|some| some == phrase) {
            take(words, at, phrase.len());
            // Who is older or younger differs by age, and says so with the same word.
            if matches!(phrase[0], "older" | "younger") {
                words.insert(at, "age".to_owned());
            }
            return Some(operator);
        }
    }
    None
}

fn drop_money(words: &mut Vec<String>, notes: &mut Vec<String>) {
    let before = words.len();
    words.retain(|word| !CURRENCIES.contains(&&**word));
    if words.len() < before {
        notes.push("amounts are in the currency of the data: nothing was converted".into());
    }
}

/// The digits of a number: `5,000`, `$20`, `5k`, `12.50`.
fn number(word: &str) -> Option<String> {
    let plain = word.trim_matches(SIGNS).replace(',', "");
    let (digits, zeros) = match plain.strip_suffix('k') {
        Some(thousands) => (thousands, "000"),
        None => (&*plain, ""),
    };
    let is_number = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit());
    (is_number && (zeros.is_empty() || !digits.contains('.'))).then(|| {
        let digits = digits.trim_start_matches('0');
        let digits =
            if digits.is_empty() || digits.starts_with('.') { format!("0{digits}") } else { digits.to_owned() };
        format!("{digits}{zeros}")
    })
}

fn unit(word: &str) -> Option<i64> {
    let word = word.strip_suffix('s').unwrap_or(word);
    UNITS.iter().find(|(name, _)| *name == word).map(|(_, days)| *days)
}

fn take(words: &mut Vec<String>, at: usize, count: usize) {
    words.drain(at..(at + count).min(words.len()));
}
