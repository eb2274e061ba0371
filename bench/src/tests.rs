//! The bench is honest: libraries that are no part of Muster count what Muster counts.

use serde_json::json;

use crate::chart;
use crate::engines::Engine;
use crate::peers::measure;

#[test]
fn bitmap_libraries_count_the_same() {
    let measured = measure(20_000, 2, &[Engine::RoaringRs, Engine::Croaring, Engine::CroaringClustered], 1.0)
        .expect("a small run");
    assert!(measured.counts_equal());
    let document = measured.document();
    assert_eq!(document["queries"].as_array().map(Vec::len), Some(220));
    for engine in ["roaring_rs", "croaring"] {
        assert!(document["engines"][engine]["queries"].as_u64() > Some(150), "{engine}");
        assert!(document["ratio_geomean"][engine].as_f64() > Some(0.0), "{engine}");
    }
    assert!(measured.queries.iter().filter(|query| query.count > 0).count() > 110, "most rules select somebody");
}

#[test]
fn a_chart_has_a_bar_for_each_engine_that_was_measured() {
    let document =
        json!({"profiles": 10, "muster": {"p50_us": 1.0}, "ratio_geomean": {"polars": 20.0, "duckdb": null}});
    let svg = chart::svg(&document);
    assert!(svg.contains("Polars") && svg.contains("20×") && !svg.contains("DuckDB"), "{svg}");
}
