//! Questions in everyday words: a table of what each becomes over one schema, and what is said not to be understood.

use std::collections::BTreeMap;

use harness::tenant::tenant_of;
use harness::twin::{Customer, Twin};
use muster_engine::limits::PROMPT_BYTES_MAX;
use muster_engine::prompt::{Heard, read};
use muster_engine::rule::to_text;
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::tenant::{State, Tenant};

fn tenant() -> Tenant {
    let mut schema = Schema::default();
    let fields = [
        ("last_visit", FieldType::Time),
        ("last_purchase", FieldType::Date),
        ("signup_date", FieldType::Date),
        ("visits", FieldType::Int),
        ("total_spent", FieldType::Decimal(2)),
        ("purchase_count", FieldType::Int),
        ("age", FieldType::Int),
        ("engagement_score", FieldType::Float),
        ("churn_risk", FieldType::Float),
        ("city", FieldType::Keyword),
        ("country", FieldType::Keyword),
        ("email", FieldType::Keyword),
        ("genres", FieldType::KeywordSet),
        ("subscribed", FieldType::Bool),
    ];
    schema.add(&fields.map(|(name, kind)| (name.to_owned(), kind))).expect("good fields");
    let word = |word: &str| Value::Keyword(word.to_owned());
    let person = |id: &str, city: &str, country: &str, genres: &[&str]| {
        let genres = Value::KeywordSet(genres.iter().map(|genre| (*genre).to_owned()).collect());
        let values = [("city", word(city)), ("country", word(country)), ("genres", genres)];
        let values: BTreeMap<String, Value> =
            values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Customer { id: id.to_owned(), values }
    };
    let profiles = vec![
        person("1", "Berlin", "Germany", &["metal", "rock"]),
        person("2", "New York", "United States", &["jazz"]),
        person("3", "Luxembourg", "Luxembourg", &[]),
    ];
    tenant_of(&Twin { schema, profiles })
}

fn heard(state: &State, prompt: &str) -> Heard {
    read(prompt, &state.view, &|_| false).unwrap_or_else(|error| panic!("{prompt}: {error}"))
}

#[test]
fn questions_become_rules() {
    let state = tenant().state();
    let seed = "Show me people who haven\u{2019}t visited in 5 months but spent more than \u{20b9}5000";
    for (prompt, wanted) in [
        (seed, "not last_visit within 150 days and total_spent > 5000"),
        (
            "people who haven't visited in 5 months but spent more than 5000 rupees",
            "not last_visit within 150 days and total_spent > 5000",
        ),
        ("customers who visited in the last 30 days", "last_visit within 30 days"),
        ("visited within 2 weeks", "last_visit within 14 days"),
        ("visited within the past year", "last_visit within 365 days"),
        ("users who have not visited in the last month", "not last_visit within 30 days"),
        ("last visit more than 90 days ago", "last_visit before 90 days"),
        ("last purchase over 6 months ago", "last_purchase before 180 days"),
        ("bought something in the last 7 days", "last_purchase within 7 days"),
        ("didn't buy anything in 60 days", "not last_purchase within 60 days"),
        ("signed up in the last week", "signup_date within 7 days"),
        ("joined before 2024-01-01", "signup_date < \"2024-01-01\""),
        ("joined since 2024-01-01", "signup_date >= \"2024-01-01\""),
        ("visited after 2024-02-03", "last_visit >= \"2024-02-03T00:00:00Z\""),
        ("spent over 1000", "total_spent > 1000"),
        ("spent at least $1,000", "total_spent >= 1000"),
        ("spent less than 50 euros", "total_spent < 50"),
        ("spent no more than 20", "total_spent <= 20"),
        ("spent up to 99.50", "total_spent <= 99.50"),
        ("spent between 100 and 500", "total_spent between 100 and 500"),
        ("spent 5k or more", "total_spent >= 5000"),
        ("who spent not more than 20", "not total_spent > 20"),
        ("more than 10 visits", "visits > 10"),
        ("at least 3 purchases", "purchase_count >= 3"),
        ("visits between 2 and 9 and spent over 10", "visits between 2 and 9 and total_spent > 10"),
        ("exactly 4 visits", "visits = 4"),
        ("fewer than 5 visits", "visits < 5"),
        ("older than 30", "age > 30"),
        ("aged 18", "age = 18"),
        ("age between 25 and 40", "age between 25 and 40"),
        ("engagement score above 70", "engagement_score > 70"),
        ("churn risk under 20", "churn_risk < 20"),
        ("people from Germany", "country is \"Germany\""),
        ("customers in berlin", "city is \"Berlin\""),
        ("not from Germany", "country is_not \"Germany\""),
        ("people who live in New York", "city is \"New York\""),
        ("country luxembourg", "country is \"Luxembourg\""),
        ("who like jazz", "genres includes any (\"jazz\")"),
        ("who don't like metal", "genres excludes (\"metal\")"),
        ("newsletter subscribers", "subscribed is true"),
        ("not subscribed", "subscribed is false"),
        ("with an email", "email exists"),
        ("people not with an email", "email not_exists"),
        ("from Germany without email", "country is \"Germany\" and email not_exists"),
        ("without email", "email not_exists"),
        ("from Germany or from New York", "country is \"Germany\" or city is \"New York\""),
        ("from Germany, spent over 5, subscribed", "country is \"Germany\" and total_spent > 5 and subscribed is true"),
    ] {
        let heard = heard(&state, prompt);
        let text = heard.rule.as_ref().map(|rule| to_text(rule, &|_| None));
        let same =
            state.read_text(wanted).map(|(rule, _)| to_text(&rule, &|_| None)).unwrap_or_else(|_| wanted.to_owned());
        assert_eq!(text.as_deref(), Some(&*same), "{prompt}: {:?}", heard.parts);
        assert!(state.check(heard.rule.as_ref().expect("a rule")).is_ok(), "{prompt}");
    }
}

#[test]
fn what_is_hidden_is_as_if_it_were_not_there() {
    let state = tenant().state();
    for prompt in ["from Germany", "spent over 5"] {
        let understood = |hidden: &dyn Fn(&str) -> bool| read(prompt, &state.view, hidden).expect("a question").rule;
        assert!(understood(&|_| false).is_some(), "{prompt}");
        assert_eq!(understood(&|name| ["country", "total_spent"].contains(&name)), None, "{prompt}");
    }
}

#[test]
fn what_is_not_understood_is_said_and_left_out() {
    let state = tenant().state();
    for (prompt, wanted, lost) in [
        ("left handed people who spent over 5", "total_spent > 5", 1),
        ("who own a dog and spent over 5", "total_spent > 5", 1),
        ("from luxembourg", "", 1),
        ("more than 7", "", 1),
        ("last 30 days", "", 1),
        ("tall", "", 1),
    ] {
        let heard = heard(&state, prompt);
        let text = heard.rule.as_ref().map(|rule| to_text(rule, &|_| None)).unwrap_or_default();
        assert_eq!(text, wanted, "{prompt}: {:?}", heard.parts);
        assert_eq!(heard.parts.iter().filter(|part| part.rule.is_none()).count(), lost, "{prompt}: {:?}", heard.parts);
        let is_told = |part: &muster_engine::prompt::Understood| !part.unused.is_empty() || !part.notes.is_empty();
        assert!(heard.parts.iter().any(is_told), "{prompt}");
    }
    let converted = heard(&state, "spent over 10 dollars");
    assert!(converted.parts[0].notes[0].contains("nothing was converted"));
    let read = |prompt: &str| read(prompt, &state.view, &|_| false);
    assert!(read(&"a".repeat(PROMPT_BYTES_MAX)).is_ok());
    assert!(read(&"a".repeat(PROMPT_BYTES_MAX + 1)).is_err() && read(" ").is_err());
}
