//! Requests a second over HTTP: previews by the built server, and beside them a handler that does nothing.
//!
//! One generator sends both the same request over the same number of connections, and they take turns, so that whatever
//! else the machine does disturbs both. Who answers is in `server`, who asks in `generator`.

mod generator;
pub(crate) mod questions;
pub(crate) mod server;

use std::net::SocketAddr;

use clap::Args;
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::document::{percentile, rounded};
use crate::machine;
use generator::{Generator, Kind, Load};
use server::{Empty, Muster};

/// A small rule, asked again and again: what people do who move a slider and look at the count.
const REQUEST: &str = r#"{"criteria":{"match":"all","rules":[{"field":"country","operator":"is","value":"DE"},{"field":"total_spent","operator":">=","value":500}]},"sample":0}"#;

/// Seconds of load before anything counts.
const WARM_UP_S: u32 = 1;

/// The least share of the empty handler's requests a second that is good enough.
const RATIO_MIN: f64 = 0.5;

/// The longest 99th percentile that is good enough.
const P99_US_MAX: f64 = 2_000.0;

/// What to ask, and how hard.
#[derive(Debug, Args)]
pub(crate) struct HttpArguments {
    /// How many profiles
    #[arg(long, default_value_t = 1_000_000)]
    profiles: u64,
    /// Connections that ask at a time, each kept open
    #[arg(long, default_value_t = 32)]
    connections: u32,
    /// Seconds of load in each round
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Rounds, whose median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// The program that makes the load; oha where there is one, else wrk
    #[arg(long, value_enum)]
    generator: Option<Kind>,
    /// Print the measurements as one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &HttpArguments) -> Result<(), Failure> {
    let generator = Generator::find(arguments.generator, REQUEST)?;
    let binary = server::build()?;
    // As `muster serve` has it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let document = runtime.block_on(async {
        // Leaving this block drops the servers and the generator, which ends their processes.
        tokio::select! {
            done = async { measure(arguments, &generator, &Muster::start(&binary, arguments.profiles).await?).await } => done,
            () = muster::serve::stop_signal() => Err(Failure("stopped before the end".into())),
        }
    })?;
    if arguments.json {
        println!("{document:#}");
    } else {
        summary(&document);
    }
    Ok(())
}

async fn measure(arguments: &HttpArguments, generator: &Generator, muster: &Muster) -> Result<Json, Failure> {
    let empty = Empty::start().await?;
    let answer = muster.ask(server::PREVIEW, REQUEST).await?;
    let load = |address: SocketAddr, seconds| {
        generator.load(format!("http://{address}{}", server::PREVIEW), arguments.connections, seconds)
    };
    let (mut empties, mut musters) = (Vec::new(), Vec::new());
    for address in [empty.address, muster.address] {
        load(address, WARM_UP_S).await?;
    }
    for round in 1..=arguments.rounds {
        for (name, process, address, loads) in [
            ("empty", std::process::id(), empty.address, &mut empties),
            ("muster", muster.process, muster.address, &mut musters),
        ] {
            let before = server::busy_s(process);
            let measured = load(address, arguments.seconds).await?;
            let busy_s = server::busy_s(process).zip(before).map(|(after, before)| after - before);
            eprintln!("round {round}: {name} answers {:.0} requests a second", measured.requests_per_s);
            loads.push(Round { busy_us: busy_s.map(|s| s * 1e6 / measured.requests), load: measured });
        }
    }
    let (musters, empties) = (described(&musters), described(&empties));
    let figure = |of: &Json, key: &str| of[key].as_f64().unwrap_or(f64::NAN);
    let ratio = figure(&musters, "requests_per_s") / figure(&empties, "requests_per_s");
    let met = ratio >= RATIO_MIN && figure(&musters, "p99_us") <= P99_US_MAX;
    Ok(json!({
        "profiles": arguments.profiles,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "generator": generator.version().await?,
        "connections": arguments.connections,
        "seconds": arguments.seconds,
        "request": serde_json::from_str::<Json>(REQUEST)?,
        "count": answer["count"],
        "muster": musters,
        "empty": empties,
        "ratio": rounded(ratio),
        "targets": {"ratio_min": RATIO_MIN, "p99_us_max": P99_US_MAX, "met": met},
    }))
}

/// What one server did under load.
#[derive(Debug)]
struct Round {
    load: Load,
    /// Time of a processor that the server took for a request, in microseconds: what noise on the machine changes least.
    busy_us: Option<f64>,
}

/// The median of each figure, and the speeds of all rounds.
fn described(rounds: &[Round]) -> Json {
    json!({
        "requests_per_s": median(rounds, |round| Some(round.load.requests_per_s)),
        "p50_us": median(rounds, |round| Some(round.load.p50_us)),
        "p99_us": median(rounds, |round| Some(round.load.p99_us)),
        "processor_us": median(rounds, |round| round.busy_us),
        "rounds": rounds.iter().map(|round| rounded(round.load.requests_per_s)).collect::<Vec<_>>(),
    })
}

fn median(rounds: &[Round], figure: impl Fn(&Round) -> Option<f64>) -> Option<f64> {
    percentile(&rounds.iter().filter_map(figure).collect::<Vec<_>>(), 0.5)
}

fn summary(document: &Json) {
    println!("{} profiles, {} connections", document["profiles"], document["connections"]);
    println!("{:8} {:>14} {:>10} {:>10} {:>14}", "", "requests/s", "p50 us", "p99 us", "processor us");
    for name in ["muster", "empty"] {
        let of = &document[name];
        let (speed, p50, p99, busy) = (&of["requests_per_s"], &of["p50_us"], &of["p99_us"], &of["processor_us"]);
        println!("{name:8} {speed:>14} {p50:>10} {p99:>10} {busy:>14}");
    }
    println!("ratio {} ({})", document["ratio"], document["generator"].as_str().unwrap_or_default());
}
