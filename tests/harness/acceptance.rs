//! The acceptance set: rules and audiences over the Complete Journey households, with the answers they must get.
//!
//! The answers were computed by two other programs. Criteria and definitions stay JSON here, as a client would send
//! them; the profiles they are asked of are built by `muster-data`. In a breakdown,
//! `entries = distinct + duplicates` and `distinct = known + unknown`; `added` counts known ids that no earlier source
//! had, `removed` and `excluded_by_segment` members of the base per source, and `excluded_total` each household once.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// A rule and its answer.
#[derive(Debug, Clone)]
pub struct Case {
    /// `S01` ...
    pub id: String,
    /// In words.
    pub name: String,
    /// As a client sends it.
    pub criteria: Json,
    /// Households that satisfy it.
    pub count: u64,
    /// [`digest`] of their ids.
    pub digest: String,
    /// The five lowest ids.
    pub first_ids: Vec<u64>,
}

/// An audience and its answer.
#[derive(Debug, Clone)]
pub struct AudienceCase {
    /// `A01` ...
    pub id: String,
    /// In words.
    pub name: String,
    /// Ids of the [`Case`]s whose members come in; `None` when the key is absent.
    pub include_segments: Option<Vec<String>>,
    /// `any` (union) or `all` (intersection) of them.
    pub include_match: Option<String>,
    /// Ids that come in, as written: with duplicates and strangers.
    pub include_customers: Option<Vec<u64>>,
    /// A list that comes in.
    pub include_csv: Option<Csv>,
    /// Ids of the [`Case`]s whose members stay out.
    pub exclude_segments: Option<Vec<String>>,
    /// Ids that stay out, as written.
    pub exclude_customers: Option<Vec<u64>>,
    /// A list that stays out.
    pub exclude_csv: Option<Csv>,
    /// Households in the end.
    pub count: u64,
    /// [`digest`] of their ids.
    pub digest: String,
    /// The ten lowest ids.
    pub first_ids: Vec<u64>,
    /// Sizes and what each source added or removed.
    pub breakdown: Json,
}

/// An uploaded list.
#[derive(Debug, Clone)]
pub struct Csv {
    /// Name of the file.
    pub name: String,
    /// Its bytes, byte order mark and all.
    pub bytes: Vec<u8>,
}

/// The whole set.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The `now` of every answer, as RFC 3339.
    pub now: String,
    /// Households.
    pub universe: u64,
    /// The thirty rules.
    pub cases: Vec<Case>,
    /// The ten audiences.
    pub audiences: Vec<AudienceCase>,
}

impl Acceptance {
    /// Reads the set from the repository.
    ///
    /// # Panics
    /// When a file is not there or not as expected.
    pub fn load() -> Self {
        let segments = read_json("segments.json");
        let audiences = read_json("audiences.json");
        let (now, universe) = (text(&segments, "now"), number(&segments["universe"]));
        assert_eq!((&now, universe), (&text(&audiences, "now"), number(&audiences["universe"])), "one set, one clock");
        Self {
            now,
            universe,
            cases: items(&segments["segments"]).iter().map(case).collect(),
            audiences: items(&audiences["audiences"]).iter().map(audience).collect(),
        }
    }

    /// The rule of this id.
    ///
    /// # Panics
    /// When there is none.
    pub fn case(&self, id: &str) -> &Case {
        self.cases.iter().find(|case| case.id == id).unwrap_or_else(|| panic!("no acceptance rule {id}"))
    }
}

/// The sha256 of ids in ascending order, decimal, joined by line feeds, as lower-case hexadecimal.
pub fn digest(ids: impl IntoIterator<Item = u64>) -> String {
    let mut ids: Vec<u64> = ids.into_iter().collect();
    ids.sort_unstable();
    let lines: Vec<String> = ids.iter().map(u64::to_string).collect();
    Sha256::digest(lines.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares a breakdown, in the words of the HTTP interface, with the expected one: every key of it and no others,
/// but for the waterfall (`sources`, `exclusions`, `waterfall`) and the ids of lists, which the set does not know.
///
/// # Panics
/// When they differ.
pub fn check_breakdown(case: &AudienceCase, got: &Json) {
    let mut wanted = case.breakdown.as_object().expect("a breakdown").clone();
    for (csv, lists) in [("include_csv", "include_lists"), ("exclude_csv", "exclude_lists")] {
        if let Some(report) = wanted.swap_remove(csv) {
            wanted.insert(lists.into(), Json::Array(vec![report]));
        }
    }
    let mut got = got.as_object().expect("a breakdown").clone();
    got.swap_remove("sources");
    got.swap_remove("exclusions");
    got.swap_remove("waterfall");
    for lists in ["include_lists", "exclude_lists"] {
        for list in got.get_mut(lists).and_then(Json::as_array_mut).into_iter().flatten() {
            list.as_object_mut().expect("a list's report").swap_remove("id");
        }
    }
    assert_eq!(Json::Object(got), Json::Object(wanted), "{} {}", case.id, case.name);
}

fn case(json: &Json) -> Case {
    let expected = &json["expected"];
    Case {
        id: text(json, "id"),
        name: text(json, "name"),
        criteria: json["criteria"].clone(),
        count: number(&expected["count"]),
        digest: text(expected, "ids_sha256"),
        first_ids: numbers(&expected["first_ids"]),
    }
}

fn audience(json: &Json) -> AudienceCase {
    let expected = &json["expected"];
    let names = |key| json.get(key).map(|list| items(list).iter().map(word).collect());
    let ids = |key| json.get(key).map(numbers);
    let csv = |key| json.get(key).map(|name| read_csv(&word(name)));
    AudienceCase {
        id: text(json, "id"),
        name: text(json, "name"),
        include_segments: names("include_segments"),
        include_match: json.get("include_match").map(word),
        include_customers: ids("include_customers"),
        include_csv: csv("include_csv"),
        exclude_segments: names("exclude_segments"),
        exclude_customers: ids("exclude_customers"),
        exclude_csv: csv("exclude_csv"),
        count: number(&expected["final"]),
        digest: text(expected, "ids_sha256"),
        first_ids: numbers(&expected["sample_first_10"]),
        breakdown: expected["breakdown"].clone(),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("acceptance")
}

fn read_json(name: &str) -> Json {
    let path = folder().join(name);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_csv(name: &str) -> Csv {
    let path = folder().join("csv").join(name);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Csv { name: name.to_owned(), bytes }
}

fn items(json: &Json) -> &[Json] {
    json.as_array().unwrap_or_else(|| panic!("{json} is no list"))
}

fn text(json: &Json, key: &str) -> String {
    word(&json[key])
}

fn word(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("{json} is no string")).to_owned()
}

fn number(json: &Json) -> u64 {
    json.as_u64().unwrap_or_else(|| panic!("{json} is no whole number"))
}

fn numbers(json: &Json) -> Vec<u64> {
    items(json).iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_is_whole() {
        let set = Acceptance::load();
        assert_eq!((set.cases.len(), set.audiences.len(), set.universe), (30, 10, 2_469));
        assert_eq!(set.case("S02").criteria["rules"][0]["value"].to_string(), "17.57", "digit for digit");
        for audience in &set.audiences {
            for named in [&audience.include_segments, &audience.exclude_segments].into_iter().flatten().flatten() {
                set.case(named);
            }
        }
        let partners = set.audiences[6].include_csv.as_ref().expect("A07 uploads a list");
        assert_eq!(partners.bytes[..3], *b"\xef\xbb\xbf", "the byte order mark is part of the case");
    }

    #[test]
    fn digests_do_not_depend_on_order() {
        assert_eq!(digest([]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(digest([10, 9]), digest([9, 10]));
        let a06 = Acceptance::load().audiences.swap_remove(5);
        assert_eq!(digest(a06.first_ids), a06.digest, "all ten members are in the sample");
    }
}
