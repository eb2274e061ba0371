//! What is asked: of Muster as a rule, of databases in SQL, of one person's events one by one.
//!
//! Tables of databases have the columns that suit them best: people as numbers, times in microseconds, money in cents.

use muster_engine::time::{DAY_US, Timestamp};
use serde_json::{Value as Json, json};

use super::NOW;
use super::acts::{Act, Kind};

/// A question.
pub(super) struct Question {
    pub(super) family: &'static str,
    pub(super) rule: Json,
    pub(super) sql: String,
    pub(super) holds: fn(&[Act]) -> bool,
}

/// Somebody's events of a kind within the last days.
fn within(acts: &[Act], kind: Kind, days: i64) -> impl Iterator<Item = &Act> + Clone {
    acts.iter().filter(move |act| act.kind == kind && act.time >= NOW.0 - days * DAY_US && act.time <= NOW.0)
}

/// Whether somebody did a thing again, or another, after an event and at most so many days later.
fn follows(acts: &[Act], act: &Act, kind: Kind, days: i64) -> bool {
    acts.iter().any(|next| next.kind == kind && next.time > act.time && next.time - act.time <= days * DAY_US)
}

fn cents<'a>(acts: impl Iterator<Item = &'a Act>) -> i64 {
    acts.map(|act| i64::from(act.cents)).sum()
}

/// All questions; `people` have a profile.
pub(super) fn questions(now: Timestamp, people: u64) -> Vec<Question> {
    let since = |days: i64| format!("time between {} and {}", now.0 - days * DAY_US, now.0);
    let who = |kind: &str, more: &str, days: i64, having: &str| {
        let of = since(days);
        format!(
            "select count(*) from (select person from events where type = '{kind}'{more} and {of} group by person having {having})"
        )
    };
    let least = |kind: &str, days: i64, k: u32, holds: fn(&[Act]) -> bool| Question {
        family: "at_least",
        rule: json!({"event": kind, "operator": ">=", "value": k, "within_days": days}),
        sql: who(kind, "", days, &format!("count(*) >= {k}")),
        holds,
    };
    let none = |kind: &str, days: i64, holds: fn(&[Act]) -> bool| Question {
        family: "none",
        rule: json!({"event": kind, "operator": "=", "value": 0, "within_days": days}),
        sql: format!("select {people} - ({})", who(kind, "", days, "count(*) >= 1")),
        holds,
    };
    let mut all = vec![
        least("purchase", 30, 2, |acts| within(acts, Kind::Purchase, 30).count() >= 2),
        least("purchase", 7, 1, |acts| within(acts, Kind::Purchase, 7).count() >= 1),
        least("cart", 14, 3, |acts| within(acts, Kind::Cart, 14).count() >= 3),
        least("view", 1, 1, |acts| within(acts, Kind::View, 1).count() >= 1),
        least("view", 7, 10, |acts| within(acts, Kind::View, 7).count() >= 10),
        least("view", 30, 5, |acts| within(acts, Kind::View, 30).count() >= 5),
        none("purchase", 30, |acts| within(acts, Kind::Purchase, 30).count() == 0),
        none("cart", 7, |acts| within(acts, Kind::Cart, 7).count() == 0),
        none("view", 14, |acts| within(acts, Kind::View, 14).count() == 0),
    ];
    all.extend(sums(&who));
    all.extend(filtered(&who));
    all.extend(sequences(&since));
    all
}

type Who<'w> = &'w dyn Fn(&str, &str, i64, &str) -> String;

fn sums(who: Who<'_>) -> Vec<Question> {
    let question = |rule, sql, holds| Question { family: "sum", rule, sql, holds };
    vec![
        question(
            json!({"event": "purchase", "measure": "sum", "of": "amount", "operator": ">=", "value": 500, "within_days": 30}),
            who("purchase", "", 30, "sum(cents) >= 50000"),
            |acts| cents(within(acts, Kind::Purchase, 30)) >= 50_000,
        ),
        question(
            json!({"event": "cart", "measure": "sum", "of": "price", "operator": ">", "value": 1000, "within_days": 14}),
            who("cart", "", 14, "sum(cents) > 100000"),
            |acts| cents(within(acts, Kind::Cart, 14)) > 100_000,
        ),
        question(
            json!({"event": "purchase", "measure": "average", "of": "amount", "operator": "<", "value": 100}),
            who("purchase", "", 400, "sum(cents) < 10000 * count(*)"),
            |acts| {
                let own = within(acts, Kind::Purchase, 400);
                let count = own.clone().count() as i64;
                count > 0 && cents(own) < 10_000 * count
            },
        ),
    ]
}

fn filtered(who: Who<'_>) -> Vec<Question> {
    let question = |rule, sql, holds| Question { family: "where", rule, sql, holds };
    let category = |name: &str| json!([{"field": "category", "operator": "is", "value": name}]);
    vec![
        question(
            json!({"event": "purchase", "where": category("apparel.shoes"), "within_days": 30}),
            who("purchase", " and category = 'apparel.shoes'", 30, "count(*) >= 1"),
            |acts| within(acts, Kind::Purchase, 30).any(|act| act.is_shoe),
        ),
        question(
            json!({"event": "cart", "where": [{"field": "price", "operator": ">=", "value": 500}], "operator": ">=", "value": 2,
                "within_days": 14}),
            who("cart", " and cents >= 50000", 14, "count(*) >= 2"),
            |acts| within(acts, Kind::Cart, 14).filter(|act| act.cents >= 50_000).count() >= 2,
        ),
        question(
            json!({"event": "view", "where": category("electronics.smartphone"), "operator": ">=", "value": 5, "within_days": 7}),
            who("view", " and category = 'electronics.smartphone'", 7, "count(*) >= 5"),
            |acts| within(acts, Kind::View, 7).filter(|act| act.is_phone).count() >= 5,
        ),
        question(
            json!({"event": "view", "where": category("apparel.shoes"), "within_days": 30}),
            who("view", " and category = 'apparel.shoes'", 30, "count(*) >= 1"),
            |acts| within(acts, Kind::View, 30).any(|act| act.is_shoe),
        ),
    ]
}

fn sequences(since: &dyn Fn(i64) -> String) -> Vec<Question> {
    let question = |rule, sql, holds| Question { family: "sequence", rule, sql, holds };
    // The nearest later purchase, if there is one; a database without it says 0 or nothing.
    let sql = |kind: &str, of: &str, next: &str| {
        format!(
            "select count(distinct e.person) from (select person, time from events where type = '{kind}' and {of}) e \
             asof left join (select person, time from events where type = 'purchase' and {}) p \
             on e.person = p.person and e.time < p.time where {next}",
            since(400)
        )
    };
    let by = |days: i64| format!("coalesce(p.time, 0) between e.time + 1 and e.time + {}", days * DAY_US);
    vec![
        question(
            json!({"event": "cart", "not_followed_by": {"event": "purchase", "within_days": 3}, "within_days": 30}),
            sql("cart", &since(30), &format!("not ({})", by(3))),
            |acts| within(acts, Kind::Cart, 30).any(|act| !follows(acts, act, Kind::Purchase, 3)),
        ),
        question(
            json!({"event": "cart", "then": {"event": "purchase", "within_days": 1}, "within_days": 14}),
            sql("cart", &since(14), &by(1)),
            |acts| within(acts, Kind::Cart, 14).any(|act| follows(acts, act, Kind::Purchase, 1)),
        ),
        question(
            json!({"event": "view", "then": {"event": "purchase", "within_days": 7}, "within_days": 30}),
            sql("view", &since(30), &by(7)),
            |acts| within(acts, Kind::View, 30).any(|act| follows(acts, act, Kind::Purchase, 7)),
        ),
    ]
}
