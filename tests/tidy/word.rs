//! What is written, and what must not be: names, promises, panics without a reason, traces of one machine.
//!
//! What is looked for is put together from halves here, so that this file does not contain it.

use crate::source::{Source, Violation, has_word};

/// Names under which anything could lie.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];

/// Marks of unfinished work.
const LATER: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// Where paths that exist on one machine only begin.
const MACHINE_PATHS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// Package registries and their mirrors: which one is used is up to whoever builds.
const REGISTRIES: [&str; 10] = [
    concat!("registry.", "npmjs"),
    concat!("registry.", "yarnpkg"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("rsproxy", ".cn"),
    concat!("pypi.", "org"),
    concat!("python", "hosted.org"),
    concat!("proxy.", "golang.org"),
    concat!("arti", "factory"),
    concat!("jf", "rog"),
];

/// The only source of crates in the lock file.
const CRATES: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Files that tools write.
const LOCK_FILES: [&str; 2] = ["Cargo.lock", "package-lock.json"];

pub(crate) fn missing_doc(file: &Source) -> Vec<Violation> {
    let first = file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    // What a test or a list of words is for, its name says.
    let is_told = file.path.contains(".test.") || file.path.contains("/texts/") || file.is(&["css"]);
    if file.is_script() && !is_told && !first.starts_with("// ") {
        return vec![file.refuse(1, "no word on what it is for: open with `//` lines on what it answers and promises")];
    }
    if !file.is_rust() || first.starts_with("//! ") {
        return Vec::new();
    }
    vec![file.refuse(1, "no module doc: open with `//!` lines on what it answers, promises, and what is elsewhere")]
}

pub(crate) fn empty_name(file: &Source) -> Vec<Violation> {
    let cure = "name it after what it answers";
    let mut violations = Vec::new();
    if file.is(&["rs", "ts", "tsx", "js", "py", "sh"]) {
        for part in file.path.split('/') {
            let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
            if EMPTY_NAMES.contains(&stem.as_str()) {
                violations.push(file.refuse(1, format!("`{part}` says nothing: {cure}")));
            }
        }
    }
    if file.is_rust() {
        for (i, line) in crate::source::bare(&file.text).iter().enumerate() {
            let inline = EMPTY_NAMES.iter().find(|name| has_word(line, &format!("mod {name}")));
            violations.extend(inline.map(|name| file.refuse(i + 1, format!("module `{name}` says nothing: {cure}"))));
        }
    }
    violations
}

pub(crate) fn left_for_later(file: &Source) -> Vec<Violation> {
    if LOCK_FILES.contains(&file.name()) || file.is(&["csv", "json", "ndjson", "svg"]) {
        return Vec::new();
    }
    lines(file, |line| LATER.iter().find(|mark| has_word(line, mark)).copied(), "do it, or leave it out")
}

pub(crate) fn silent_panic(file: &Source) -> Vec<Violation> {
    if !file.is_rust() || file.is_test() {
        return Vec::new();
    }
    let cure = "return the error, or say why it cannot happen with `expect(\"...\")`";
    let code = file.code();
    let found = code.iter().filter(|(_, line)| line.contains(".unwrap()"));
    found.map(|(number, _)| file.refuse(*number, format!("unwrap outside of tests: {cure}"))).collect()
}

pub(crate) fn machine_path(file: &Source) -> Vec<Violation> {
    let absolute = |line: &str| {
        let begins = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-~}".contains(c));
        MACHINE_PATHS.iter().find(|path| line.match_indices(**path).any(|(at, _)| begins(at))).copied()
    };
    lines(file, absolute, "exists on one machine only: make it relative, or an argument")
}

pub(crate) fn registry(file: &Source) -> Vec<Violation> {
    let named = |line: &str| {
        let elsewhere = file.name() == "Cargo.lock" && line.starts_with("source = ") && line != CRATES;
        if elsewhere { Some("another source") } else { REGISTRIES.iter().find(|host| line.contains(**host)).copied() }
    };
    lines(file, named, "whoever builds chooses the registry: leave its address out")
}

fn lines<'a>(file: &Source, find: impl Fn(&str) -> Option<&'a str>, cure: &str) -> Vec<Violation> {
    let found = file.text.lines().enumerate().filter_map(|(i, line)| Some((i + 1, find(line)?)));
    found.map(|(number, what)| file.refuse(number, format!("{what}: {cure}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_without_a_doc_are_refused() {
        for text in ["", "use a;\n", "// a\n", "//!\n", "/// a\n"] {
            assert_eq!(missing_doc(&Source::new("a.rs", text)).len(), 1, "{text}");
        }
        assert!(missing_doc(&Source::new("a.rs", "//! a\n")).is_empty());
        assert_eq!(missing_doc(&Source::new("server/web/src/a.ts", "import a;\n")).len(), 1);
        for path in ["server/web/src/a.test.ts", "server/web/src/texts/en/a.ts"] {
            assert!(missing_doc(&Source::new(path, "import a;\n")).is_empty(), "{path}");
        }
    }

    #[test]
    fn empty_names_are_refused() {
        for (path, text) in [
            ("engine/src/utils.rs", ""),
            ("engine/src/common/a.rs", ""),
            ("server/web/src/helpers.ts", ""),
            ("engine/src/a.rs", "mod misc;"),
        ] {
            assert_eq!(empty_name(&Source::new(path, text)).len(), 1, "{path}");
        }
        assert!(empty_name(&Source::new("engine/src/utility.rs", "mod common_words;")).is_empty());
    }

    #[test]
    fn unfinished_work_is_refused() {
        for mark in LATER {
            assert_eq!(left_for_later(&Source::new("a.md", &format!("a\n{mark}: b\n"))).len(), 1, "{mark}");
        }
        assert!(left_for_later(&Source::new("a.sh", "mktemp a.XXXXXX")).is_empty());
    }

    #[test]
    fn panics_without_a_reason_are_refused() {
        let text = "fn a() { b().unwrap(); }\n";
        assert_eq!(silent_panic(&Source::new("engine/src/a.rs", text)).len(), 1);
        assert_eq!(silent_panic(&Source::new("tests/harness/a.rs", text)).len(), 1);
        assert!(silent_panic(&Source::new("tests/engine/a.rs", text)).is_empty());
        let tested = format!("// b().unwrap()\n#[cfg(test)]\nmod tests {{\n{text}}}\n");
        assert!(silent_panic(&Source::new("engine/src/a.rs", &tested)).is_empty());
    }

    #[test]
    fn paths_of_one_machine_are_refused() {
        for path in MACHINE_PATHS {
            assert_eq!(machine_path(&Source::new("a.md", &format!("see `{path}a`"))).len(), 1, "{path}");
            assert!(machine_path(&Source::new("a.md", &format!("see docs{path}a"))).is_empty(), "{path}");
        }
    }

    #[test]
    fn registries_are_refused() {
        for host in REGISTRIES {
            assert_eq!(registry(&Source::new("a.json", &format!("https://{host}/a"))).len(), 1, "{host}");
        }
        let mirrored = "source = \"registry+https://mirror.example/index\"";
        assert_eq!(registry(&Source::new("Cargo.lock", mirrored)).len(), 1);
        assert!(registry(&Source::new("Cargo.lock", CRATES)).is_empty());
    }
}
