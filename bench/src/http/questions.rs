//! How long everything else takes that people ask of the built server, besides previews: a dashboard of hundreds of segments,
//! what an edit would move, why somebody is in, a waterfall with every gate, overlaps, reach, look-alikes.
//!
//! One client asks one question at a time over a new connection; times are the client's, whole answers included.

use std::fmt::Write;

use clap::Args;
use muster_data::rules::canonical;
use muster_engine::rule::to_json;
use serde_json::{Value as Json, json};

use super::server::{self, Muster};
use crate::Failure;
use crate::clock::Stopwatch;
use crate::document::{percentile, rounded};
use crate::machine;

/// What to ask.
#[derive(Debug, Args)]
pub(crate) struct QuestionsArguments {
    /// How many profiles
    #[arg(long, default_value_t = 1_000_000)]
    profiles: u64,
    /// Saved segments: the canonical rules, again and again with other names
    #[arg(long, default_value_t = 500)]
    segments: usize,
    /// Times that each question is asked
    #[arg(long, default_value_t = 30)]
    times: usize,
}

/// Ids on the suppression, and on the list of who was contacted.
const LISTED: u64 = 100_000;

pub(crate) fn run(arguments: &QuestionsArguments) -> Result<(), Failure> {
    let binary = server::build()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let figures = runtime.block_on(async {
        tokio::select! {
            done = async { ask(arguments, &Muster::start(&binary, arguments.profiles).await?).await } => done,
            () = muster::serve::stop_signal() => Err(Failure("stopped before the end".into())),
        }
    })?;
    let document = json!({
        "profiles": arguments.profiles,
        "segments": arguments.segments,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "milliseconds": figures,
    });
    println!("{document:#}");
    Ok(())
}

async fn ask(arguments: &QuestionsArguments, muster: &Muster) -> Result<Json, Failure> {
    let rules: Vec<Json> = canonical(&[]).iter().map(|rule| to_json(rule, &|_| None)).collect();
    let first =
        muster.send("POST", "/api/segments", &json!({"name": "q 0", "criteria": rules[0]})).await?["id"].clone();
    let first = first.as_u64().ok_or(Failure("a segment without an id".into()))?;
    for number in 1..arguments.segments {
        let body = json!({"name": format!("q {number}"), "criteria": rules[number % rules.len()]});
        muster.send("POST", "/api/segments", &body).await?;
    }
    let segment = |number: usize| first + (number % arguments.segments) as u64;
    let rule = |number: usize| &rules[number % rules.len()];
    let audience = gates(muster, arguments.profiles, &[segment(3), segment(5), segment(8)], segment(12)).await?;
    let sets = |count: usize| (0..count).map(|number| json!({"segment": segment(number)})).collect::<Vec<_>>();
    let someone = |number: usize| id(1 + number as u64 * 7_919 % arguments.profiles);
    let person = |number: usize| format!("/api/profiles/{}", someone(number));
    let mut asked = Asked { muster, times: arguments.times, figures: json!({}) };
    asked.question("dashboard", |_| ("GET", "/api/dashboard".into(), Json::Null)).await?;
    asked
        .after_a_change("dashboard after one changed profile", person, |_| ("GET", "/api/dashboard".into(), Json::Null))
        .await?;
    asked
        .question("diff of a segment", |n| {
            ("POST", format!("/api/segments/{}/diff", segment(n)), json!({"criteria": rule(n + 1)}))
        })
        .await?;
    asked
        .question("explain a person", |n| {
            ("GET", format!("/api/segments/{}/explain/{}", segment(n), someone(n)), Json::Null)
        })
        .await?;
    asked
        .question("lint of a rule beside all segments", |n| {
            ("POST", "/api/segments/lint".into(), json!({"criteria": rule(n)}))
        })
        .await?;
    asked
        .question("audience through every gate", |_| ("POST", "/api/audiences/preview".into(), audience.clone()))
        .await?;
    asked
        .after_a_change("audience after one changed profile", person, |_| {
            ("POST", "/api/audiences/preview".into(), audience.clone())
        })
        .await?;
    asked.question("overlap of 12", |_| ("POST", "/api/overlap".into(), json!({"sets": sets(12)}))).await?;
    asked
        .few(3)
        .question("matrix of 200", |_| ("POST", "/api/overlap/matrix".into(), json!({"sets": sets(200)})))
        .await?;
    let spent = json!({"text": "country is \"DE\" and total_spent >= 500", "pointer": "/rules/1"});
    asked.question("reach of a threshold", |_| ("POST", "/api/segments/reach".into(), spent.clone())).await?;
    let relax = json!({"text": "country is \"DE\" and total_spent >= 2000 and last_purchase within 30 days", "target": arguments.profiles / 20});
    asked.question("relax to a twentieth", |_| ("POST", "/api/segments/relax".into(), relax.clone())).await?;
    asked
        .few(3)
        .question("look-alikes of a segment", |n| {
            let body = json!({"source": segment(3 + n), "size": arguments.profiles / 20});
            ("POST", "/api/segments/lookalike/preview".into(), body)
        })
        .await?;
    Ok(asked.figures)
}

/// Who is generated as the customer of this number, from 1 on.
fn id(number: u64) -> String {
    format!("c{number:08}")
}

/// A suppression, consent and a cap with contacts, a control group; an audience that meets them all.
async fn gates(muster: &Muster, profiles: u64, included: &[u64], excluded: u64) -> Result<Json, Failure> {
    let mut csv = String::from("id\n");
    let step = (profiles / LISTED).max(1);
    for number in (1..=profiles).step_by(step as usize) {
        // Writing into a string cannot fail.
        let _ = writeln!(csv, "{}", id(number));
    }
    muster.send_as("POST", "/api/lists?name=unsubscribed&suppression=true", "text/csv", &csv).await?;
    muster
        .send(
            "PUT",
            "/api/channels/email",
            &json!({"consent_text": "email_consent is true", "caps": [{"contacts": 1, "days": 7}]}),
        )
        .await?;
    let contacted: Vec<String> = (2..=profiles).step_by(step as usize).map(id).collect();
    muster.send("POST", "/api/contacts", &json!({"channel": "email", "ids": contacted})).await?;
    muster.send("PUT", "/api/control-group", &json!({"control_group": {"percent": 5, "salt": "global"}})).await?;
    Ok(json!({"include_segments": included, "exclude_segments": [excluded], "channel": "email",
        "holdout": {"percent": 10, "salt": "spring"}, "sample": 0}))
}

/// Questions asked one after the other, and how long each took.
struct Asked<'a> {
    muster: &'a Muster,
    times: usize,
    figures: Json,
}

impl Asked<'_> {
    /// The same for a question that takes long: fewer times.
    fn few(&mut self, times: usize) -> &mut Self {
        self.times = times;
        self
    }

    async fn question(
        &mut self,
        name: &str,
        of: impl Fn(usize) -> (&'static str, String, Json),
    ) -> Result<(), Failure> {
        let mut times = Vec::new();
        for number in 0..=self.times {
            let (method, path, body) = of(number);
            times.push(self.one(method, &path, &body).await?);
        }
        self.note(name, times);
        Ok(())
    }

    /// The same, each after somebody's field has changed.
    async fn after_a_change(
        &mut self,
        name: &str,
        person: impl Fn(usize) -> String,
        of: impl Fn(usize) -> (&'static str, String, Json),
    ) -> Result<(), Failure> {
        let mut times = Vec::new();
        for number in 0..=self.times {
            self.muster.send("PATCH", &person(number), &json!({"fields": {"total_spent": number}})).await?;
            let (method, path, body) = of(number);
            times.push(self.one(method, &path, &body).await?);
        }
        self.note(name, times);
        Ok(())
    }

    async fn one(&self, method: &str, path: &str, body: &Json) -> Result<f64, Failure> {
        let watch = Stopwatch::start();
        self.muster.send(method, path, body).await?;
        Ok(watch.seconds() * 1e3)
    }

    /// The first time is told by itself: nothing is in the cache then.
    fn note(&mut self, name: &str, times: Vec<f64>) {
        let again = &times[1..];
        let of = |share| percentile(again, share).map(rounded);
        self.figures[name] = json!({"first": rounded(times[0]), "p50": of(0.5), "p95": of(0.95)});
        eprintln!("{name}: {}", self.figures[name]);
    }
}
