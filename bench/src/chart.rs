//! A bar for each engine: how many times as long it takes as Muster, on a logarithmic scale.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value as Json;

use crate::Failure;

/// Pixels of a bar with the space below it.
const STEP: usize = 34;

/// Where bars begin, and how long the longest is.
const LEFT: usize = 200;
const LENGTH: f64 = 420.0;

/// What engines are called, in the order of the bars.
const NAMES: [(&str, &str); 9] = [
    ("roaring_rs", "roaring-rs (bitmaps given)"),
    ("croaring", "CRoaring (bitmaps given)"),
    ("roaring_rs_clustered", "roaring-rs (and our row order)"),
    ("croaring_clustered", "CRoaring (and our row order)"),
    ("polars", "Polars"),
    ("duckdb", "DuckDB"),
    ("clickhouse", "ClickHouse MergeTree"),
    ("clickhouse_bitmaps", "ClickHouse bitmaps (given)"),
    ("datafusion", "DataFusion"),
];

/// Draws a document of `peers --json` to standard output.
pub(crate) fn run(file: &Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|cause| Failure(format!("{}: {cause}", file.display())))?;
    let document: Json = serde_json::from_str(&text)?;
    print!("{}", svg(&document));
    Ok(())
}

/// The chart of a document.
pub(crate) fn svg(document: &Json) -> String {
    let ratio = |key: &str| document["ratio_geomean"][key].as_f64();
    let bars: Vec<(&str, f64)> = NAMES.iter().filter_map(|(key, name)| Some((*name, ratio(key)?))).collect();
    let most = bars.iter().map(|bar| bar.1).fold(10.0, f64::max);
    let height = 64 + STEP * (bars.len() + 1);
    let profiles = document["profiles"].as_u64().unwrap_or(0);
    let p50 = document["muster"]["p50_us"].as_f64().unwrap_or(0.0) / 1e3;
    let mut out = String::new();
    let title = format!("Time of an exact count over {profiles} profiles, Muster = 1");
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" font-family="system-ui, sans-serif" font-size="14" role="img">
<title>{title}</title>
<style>text {{ fill: #1f2328 }} .bar {{ fill: #8c959f }} .own {{ fill: #1a7f37 }} .note {{ fill: #59636e; font-size: 12px }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #f0f6fc }} .bar {{ fill: #656c76 }} .own {{ fill: #3fb950 }} .note {{ fill: #9198a1 }} }}</style>
<text x="10" y="24" font-weight="600">{title}</text>
<text x="10" y="44" class="note">geometric mean over the same rules, logarithmic scale; Muster's median is {p50:.2} ms</text>
"##
    );
    let rows = std::iter::once(("Muster", 1.0)).chain(bars);
    for (index, (name, ratio)) in rows.enumerate() {
        let y = 60 + STEP * index;
        let class = if index == 0 { "own" } else { "bar" };
        let width = (LENGTH * ratio.max(1.0).ln() / most.ln()).max(3.0);
        let (middle, end) = (y + 17, LEFT as f64 + width + 8.0);
        let _ = writeln!(
            out,
            r#"<text x="{}" y="{middle}" text-anchor="end">{name}</text><rect class="{class}" x="{LEFT}" y="{y}" width="{width:.1}" height="24" rx="3"/><text x="{end:.1}" y="{middle}">{}</text>"#,
            LEFT - 10,
            label(ratio)
        );
    }
    out.push_str("</svg>\n");
    out
}

fn label(ratio: f64) -> String {
    if ratio >= 10.0 { format!("{ratio:.0}×") } else { format!("{ratio:.1}×") }
}
