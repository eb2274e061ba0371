//! Which known names somebody may have meant by a name that is not known.
//!
//! Another case comes first, then a few slips of the finger. Names far from every other get no suggestion: a wrong
//! one misleads more than none.

use crate::limits::{NAME_BYTES_MAX, SUGGESTIONS_MAX};

/// The names of `known` nearest to `wanted`, best first, at most `SUGGESTIONS_MAX`.
pub fn nearest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    // Distances cost length times length: what no name can be is not compared.
    if wanted.len() > NAME_BYTES_MAX {
        return Vec::new();
    }
    let wanted = wanted.to_lowercase();
    let length = wanted.chars().count();
    let slips_max = (length / 3).clamp(1, 5);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for name in known {
        let lower = name.to_lowercase();
        let distance = if lower.chars().count().abs_diff(length) > slips_max {
            usize::MAX
        } else {
            strsim::osa_distance(&wanted, &lower)
        };
        if distance <= slips_max {
            found.push((distance, name));
        } else if length >= 4 && (lower.starts_with(&wanted) || (lower.len() >= 4 && wanted.starts_with(&lower))) {
            found.push((slips_max + 1, name));
        }
    }
    found.sort_unstable();
    found.truncate(SUGGESTIONS_MAX);
    found.into_iter().map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_then_slips_then_beginnings() {
        let known = ["genres", "Genre", "country", "last_purchase", "total_spent"];
        for (wanted, expected) in [
            ("GENRES", vec!["genres", "Genre"]),
            ("coutnry", vec!["country"]),
            ("contry", vec!["country"]),
            ("last_purchase_date", vec!["last_purchase"]),
            ("total", vec!["total_spent"]),
            ("zzz", vec![]),
        ] {
            assert_eq!(nearest(wanted, known), expected, "{wanted}");
        }
        assert!(nearest(&"x".repeat(100_000), known).is_empty());
    }

    #[test]
    fn the_nearest_few_are_suggested() {
        let known: Vec<String> = (0..=SUGGESTIONS_MAX).map(|number| format!("visits{number}")).collect();
        let of = |count: usize| nearest("visits", known[..count].iter().map(String::as_str));
        assert_eq!(of(SUGGESTIONS_MAX), known[..SUGGESTIONS_MAX]);
        assert_eq!(of(SUGGESTIONS_MAX + 1), known[..SUGGESTIONS_MAX]);
    }
}
