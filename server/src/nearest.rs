//! Which known names a mistyped one may have meant.

use muster_engine::limits::SUGGESTIONS_MAX;

/// Likeness (0 to 1) below which a name is no help.
const LIKENESS_MIN: f64 = 0.7;

/// The names most like `wanted`, best first, at most [`SUGGESTIONS_MAX`]; case does not count.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut found: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    found.truncate(SUGGESTIONS_MAX);
    found.into_iter().map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_name_comes_first() {
        let names = ["age", "age_min", "total_spent", "country"];
        assert_eq!(nearest("Contry", names), ["country"]);
        assert_eq!(nearest("age", names)[0], "age");
        assert!(nearest("zzzz", names).is_empty());
    }
}
