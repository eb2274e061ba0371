//! Which way things point: what may use what, and who may touch the clock and raw memory.

use crate::source::{Source, Violation, has_word};

const ENGINE: &str = "engine/src/";

/// Crates of servers: the engine has no async and no HTTP.
const SERVER_CRATES: [&str; 6] = ["axum", "hyper", "muster", "reqwest", "tokio", "tower"];

/// Calls that ask what time it is.
const CLOCK_CALLS: [&str; 5] =
    ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "jiff::civil::DateTime::now"];

/// Uses of `crate::X` where X stands below the user in `engine/src/lib.rs`.
pub(crate) fn upward_use(files: &[Source]) -> Vec<Violation> {
    let Some(contents) = files.iter().find(|file| file.path == "engine/src/lib.rs") else { return Vec::new() };
    let layers: Vec<String> = contents.code().iter().filter_map(|(_, line)| module_name(line)).collect();
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && !file.is_test()) {
        let Some(user) = file.path.strip_prefix(ENGINE).and_then(|path| path.split(['/', '.']).next()) else {
            continue;
        };
        if user == "lib" {
            continue;
        }
        let Some(rank) = layers.iter().position(|layer| layer == user) else {
            violations.push(file.refuse(1, format!("`{user}` has no place in engine/src/lib.rs: add its `mod` line")));
            continue;
        };
        for (line, used) in uses(file) {
            match layers.iter().position(|layer| *layer == used) {
                Some(below) if below > rank => violations.push(file.refuse(
                    line,
                    format!("`{user}` uses `{used}`, which stands below it: move what is shared up, or pass it in"),
                )),
                Some(_) => {}
                None => violations.push(file.refuse(
                    line,
                    format!("`crate::{used}` names no module of engine/src/lib.rs: name the module it comes from"),
                )),
            }
        }
    }
    violations
}

fn module_name(line: &str) -> Option<String> {
    let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
    Some(line.strip_prefix("mod ")?.trim_end().trim_end_matches([';', '{']).trim_end().to_owned())
}

/// Every X of `crate::X` and `crate::{X, ...}`, with its line.
fn uses(file: &Source) -> Vec<(usize, String)> {
    let code = file.code();
    let mut found = Vec::new();
    for (i, (number, line)) in code.iter().enumerate() {
        for (at, _) in line.match_indices("crate::") {
            if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let after = &line[at + "crate::".len()..];
            if let Some(group) = after.strip_prefix('{') {
                let more = code[i + 1..].iter().map(|(number, line)| (*number, line.as_str()));
                found.extend(group_names(std::iter::once((*number, group)).chain(more)));
            } else {
                found.push((*number, first_name(after)));
            }
        }
    }
    found.retain(|(_, name)| !name.is_empty() && name != "self");
    found
}

/// The names at the top of `{a::b, c::{d, e}}`, the opening brace already read.
fn group_names<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<(usize, String)> {
    let (mut depth, mut at_start, mut names) = (1, true, Vec::new());
    for (number, line) in lines {
        for (at, c) in line.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => at_start = true,
                c if at_start && !c.is_whitespace() => {
                    names.push((number, first_name(&line[at..])));
                    at_start = false;
                }
                _ => {}
            }
            if depth == 0 {
                return names;
            }
        }
    }
    names
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

pub(crate) fn server_in_engine(file: &Source) -> Vec<Violation> {
    let named: Vec<(usize, &str)> = if file.path == "engine/Cargo.toml" {
        let lines = file.text.lines().enumerate();
        let key = |line: &str| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned();
        lines.filter_map(|(i, line)| Some((i + 1, *SERVER_CRATES.iter().find(|name| key(line) == **name)?))).collect()
    } else if file.path.starts_with(ENGINE) && file.is_rust() {
        let path = |name: &str| format!("{name}::");
        let named = |line: &str| SERVER_CRATES.iter().find(|name| starts_path(line, &path(name))).copied();
        file.code().iter().filter_map(|(number, line)| Some((*number, named(line)?))).collect()
    } else {
        Vec::new()
    };
    let cure = "the engine has no async, no HTTP and no clock: do it in server/";
    named.into_iter().map(|(line, name)| file.refuse(line, format!("`{name}` in the engine: {cure}"))).collect()
}

fn starts_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

pub(crate) fn clock(file: &Source, allowed: &[&str]) -> Vec<Violation> {
    if !file.is_rust() || allowed.iter().any(|place| file.path.starts_with(place)) {
        return Vec::new();
    }
    let reads = |line: &str| CLOCK_CALLS.iter().find(|call| has_word(line, call)).copied();
    let found = crate::source::bare(&file.text).into_iter().enumerate();
    found
        .filter_map(|(i, line)| Some(file.refuse(i + 1, format!("{} here: take `now` as an argument", reads(&line)?))))
        .collect()
}

pub(crate) fn unsafe_code(file: &Source, allowed: &[&str]) -> Vec<Violation> {
    if !file.is_rust() || allowed.iter().any(|place| file.path.starts_with(place)) {
        return Vec::new();
    }
    let cure = "only the kernels need it; use a safe way, or list the file and its reason in UNSAFE_ALLOWED";
    let lines = crate::source::bare(&file.text).into_iter().enumerate();
    let found = lines.filter(|(_, line)| has_word(line, "unsafe"));
    found.map(|(i, _)| file.refuse(i + 1, format!("unsafe code: {cure}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(path: &str, text: &str) -> Vec<Violation> {
        let contents = Source::new("engine/src/lib.rs", "//! a\npub mod error;\nmod rule;\npub(crate) mod table;\n");
        upward_use(&[contents, Source::new(path, text)])
    }

    #[test]
    fn using_what_stands_below_is_refused() {
        for text in [
            "use crate::table::Table;",
            "pub use crate::table;",
            "fn a(b: &crate::table::Table) {}",
            "use crate::{error::Error, table::Table};",
            "use crate::{\n    error::{Error, Result},\n    table,\n};",
            "use crate::Engine;",
        ] {
            assert_eq!(engine("engine/src/rule/check.rs", text).len(), 1, "{text}");
        }
        assert_eq!(engine("engine/src/stray.rs", "").len(), 1);
        for text in [
            "use crate::rule::Rule;",
            "use crate::{error::{Error, Result}, rule::table};",
            "// crate::table",
            "macro_rules! a { () => { $crate::table } }",
            "#[cfg(test)]\nmod tests {\n    use crate::table::Table;\n}",
        ] {
            assert!(engine("engine/src/rule/check.rs", text).is_empty(), "{text}");
        }
        assert!(engine("engine/src/table.rs", "use crate::{error, rule, table};").is_empty());
    }

    #[test]
    fn a_server_in_the_engine_is_refused() {
        for (path, text) in [
            ("engine/src/a.rs", "use tokio::sync::Mutex;"),
            ("engine/src/a.rs", "fn a(b: axum::Router) {}"),
            ("engine/Cargo.toml", "[dependencies]\ntokio.workspace = true\n"),
        ] {
            assert_eq!(server_in_engine(&Source::new(path, text)).len(), 1, "{text}");
        }
        for (path, text) in [
            ("engine/src/a.rs", "use crate::tower::A; // tokio::spawn"),
            ("engine/Cargo.toml", "name = \"muster-engine\"\n"),
            ("server/src/a.rs", "use tokio::sync::Mutex;"),
        ] {
            assert!(server_in_engine(&Source::new(path, text)).is_empty(), "{text}");
        }
    }

    #[test]
    fn reading_the_clock_is_refused() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { let t = std::time::Instant::now(); }\n}\n";
        assert_eq!(clock(&Source::new("engine/src/a.rs", text), &["bench/"]).len(), 1, "in tests as well");
        assert!(clock(&Source::new("bench/src/a.rs", text), &["bench/"]).is_empty());
    }

    #[test]
    fn stray_unsafe_code_is_refused() {
        let text = "fn a() { unsafe { b() } }";
        assert_eq!(unsafe_code(&Source::new("engine/src/a.rs", text), &["engine/src/block/"]).len(), 1);
        assert!(unsafe_code(&Source::new("engine/src/block/a.rs", text), &["engine/src/block/"]).is_empty());
        assert!(unsafe_code(&Source::new("engine/src/a.rs", "// unsafe\n#![deny(unsafe_code)]"), &[]).is_empty());
    }
}
