//! Bounds without a test: a limit that nobody tries at its edge is off by one, or out of reach, and nobody knows.

use std::collections::BTreeSet;

use crate::source::{Source, Violation, bare, has_word};

/// Where bounds are.
const LIMITS: [&str; 2] = ["engine/src/limits.rs", "server/src/limits.rs"];

/// Bounds in the files of limits that no test names but those in `except`, each of which has its reason there. Lengths of
/// time bound nobody's input.
pub(crate) fn untested(files: &[Source], except: &[(&str, &str)]) -> Vec<Violation> {
    let tests: String = files.iter().filter(|file| file.is_rust()).map(tests_of).collect();
    let mut violations = Vec::new();
    let mut known = BTreeSet::new();
    for file in files.iter().filter(|file| LIMITS.contains(&file.path.as_str())) {
        for (line, text) in file.code() {
            let Some((name, rest)) = text.strip_prefix("pub const ").and_then(|rest| rest.split_once(": ")) else {
                continue;
            };
            let is_bound = name.ends_with("_MAX") || name.ends_with("_MIN");
            if !is_bound || rest.starts_with("Duration") || name.contains("_US_") {
                continue;
            }
            known.insert(name.to_owned());
            let is_named = has_word(&tests, name);
            match except.iter().find(|(excepted, _)| *excepted == name) {
                None if !is_named => {
                    let cure = "try it in a test by its name: just at it, and one beyond";
                    violations.push(file.refuse(line, format!("no test names `{name}`: {cure}")));
                }
                Some(_) if is_named => {
                    violations.push(file.refuse(line, format!("`{name}` has a test: take it off the list")));
                }
                _ => {}
            }
        }
    }
    let gone = except.iter().filter(|(name, _)| !known.contains(*name));
    violations
        .extend(gone.map(|(name, _)| Violation::new(LIMITS[0], 1, format!("`{name}` is gone: take it off the list"))));
    violations
}

/// What of a file is run as a test, without comments and strings.
fn tests_of(file: &Source) -> String {
    let lines = bare(&file.text);
    if file.path.starts_with("tests/") || file.path.contains("/tests/") || file.is_test() {
        return lines.join("\n") + "\n";
    }
    let tests = lines.get(file.code_line_count()..).unwrap_or_default();
    // Tests in a file of their own are only declared here, and what follows is code.
    let are_here = tests.iter().take(3).any(|line| line.contains("mod ") && line.ends_with('{'));
    if are_here { tests.join("\n") + "\n" } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_named_in_a_test_or_excused() {
        let limits = "//! All.\npub const A_MAX: usize = 1;\npub const B_MIN: u64 = 1;\npub const C_MAX: Duration = X;\npub const D: u8 = 1;\n";
        let code = "fn a() { A_MAX }\n#[cfg(test)]\nmod tests {\n    // B_MIN\n    fn b() { \"B_MIN\" }\n}\n";
        let declared = "#[cfg(test)]\nmod tests;\nfn a() { A_MAX }\n";
        let files = [
            Source::new("engine/src/limits.rs", limits),
            Source::new("engine/src/a.rs", code),
            Source::new("engine/src/b.rs", declared),
        ];
        let found = |files: &[Source], except: &[(&str, &str)]| untested(files, except).len();
        assert_eq!(found(&files, &[]), 2);
        assert_eq!(found(&files, &[("A_MAX", "too large")]), 1);
        assert_eq!(found(&files, &[("A_MAX", "too large"), ("B_MIN", "too small"), ("E_MAX", "gone")]), 1);
        let [limits, ..] = files;
        let files = [limits, Source::new("tests/engine/a.rs", "fn a() { A_MAX + B_MIN }\n")];
        assert_eq!(found(&files, &[]), 0);
        assert_eq!(found(&files, &[("A_MAX", "it is tested")]), 1);
    }
}
