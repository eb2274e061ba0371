//! The files of the repository, and what of them is code.
//!
//! Reading is by line: enough for formatted source, and every rule stays short. What git ignores is not read.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// Paths below the root that hold nothing written by hand.
const SKIPPED_PATHS: [&str; 8] = [
    ".git",
    ".cache",
    "data/study",
    "target",
    "tests/fuzz/artifacts",
    "tests/fuzz/corpus",
    "tests/fuzz/found",
    "tests/fuzz/target",
];

/// Folders that hold nothing written by hand, wherever they are.
const SKIPPED_NAMES: [&str; 3] = ["__pycache__", "dist", "node_modules"];

/// One text file.
#[derive(Debug)]
pub(crate) struct Source {
    /// Relative to the root of the repository, with `/`.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
}

/// A line that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    path: String,
    line: usize,
    message: String,
}

impl Violation {
    /// A violation on `line`, counted from 1.
    pub(crate) fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), line, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Every text file of the repository, sorted by path.
pub(crate) fn tree() -> &'static [Source] {
    static TREE: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let root = root();
        let mut files = Vec::new();
        read_folder(root, root, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    });
    &TREE
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository")
}

fn read_folder(root: &Path, folder: &Path, files: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder that can be read") {
        let entry = entry.expect("an entry that can be read");
        let full = entry.path();
        let path = full.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        let is_skipped = |name: &str| path == name || path.ends_with(&format!("/{name}"));
        if SKIPPED_PATHS.contains(&path.as_str()) || SKIPPED_NAMES.into_iter().any(is_skipped) {
            continue;
        }
        let kind = entry.file_type().expect("the type of an entry");
        if kind.is_dir() {
            read_folder(root, &full, files);
        } else if kind.is_file() {
            // What is not UTF-8 is no text.
            if let Ok(text) = fs::read_to_string(&full) {
                files.push(Source { path, text });
            }
        }
    }
}

impl Source {
    /// A file that exists only in a test.
    #[cfg(test)]
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// A violation on `line`, counted from 1.
    pub(crate) fn refuse(&self, line: usize, message: impl Into<String>) -> Violation {
        Violation::new(&self.path, line, message)
    }

    /// The name without folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the name ends in one of these.
    pub(crate) fn is(&self, extensions: &[&str]) -> bool {
        extensions.iter().any(|extension| self.path.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.')))
    }

    /// Rust that people wrote.
    pub(crate) fn is_rust(&self) -> bool {
        self.is(&["rs"]) && !self.is_generated()
    }

    /// A script, style or tool of the page that people wrote.
    pub(crate) fn is_script(&self) -> bool {
        self.is(&["ts", "tsx", "mjs", "css"]) && !self.is_generated()
    }

    /// Written by a program that says so in its first lines.
    pub(crate) fn is_generated(&self) -> bool {
        self.text.lines().take(5).any(|line| line.contains("@generated"))
    }

    /// A file of which every line is a test.
    pub(crate) fn is_test(&self) -> bool {
        let suites = ["tests/engine/", "tests/http/", "tests/tidy/"];
        suites.iter().any(|suite| self.path.starts_with(suite))
            || self.name() == "tests.rs"
            || self.name().ends_with("_tests.rs")
    }

    /// Lines before the first `#[cfg(test)]` that opens a module, of any kind.
    pub(crate) fn code_line_count(&self) -> usize {
        let lines: Vec<&str> = self.text.lines().collect();
        let is_test_module = |i: usize| {
            lines[i].trim() == "#[cfg(test)]" && lines[i + 1..].iter().take(2).any(|line| line.contains("mod "))
        };
        (0..lines.len()).find(|i| is_test_module(*i)).unwrap_or(lines.len())
    }

    /// The lines of [`Self::code_line_count`] with their numbers, without comments and without what stands in strings.
    pub(crate) fn code(&self) -> Vec<(usize, String)> {
        bare(&self.text).into_iter().take(self.code_line_count()).enumerate().map(|(i, line)| (i + 1, line)).collect()
    }
}

/// Lines without comments and without the insides of strings, which may go on over several lines.
pub(crate) fn bare(text: &str) -> Vec<String> {
    // The end of the string that is open, if one is: `"`, or `"##` for a raw string with two hashes.
    let mut open: Option<String> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut kept = String::new();
        let mut rest = line;
        while !rest.is_empty() {
            if let Some(end) = &open {
                if rest.starts_with(end.as_str()) {
                    rest = &rest[end.len()..];
                    kept.push('"');
                    open = None;
                } else {
                    let escaped = end == "\"" && rest.starts_with('\\');
                    rest = skip(rest, if escaped { 2 } else { 1 });
                }
            } else if rest.starts_with("//") {
                break;
            } else if let Some(quoted) = ["'\"'", "'\\\"'"].iter().find(|quoted| rest.starts_with(**quoted)) {
                kept.push_str("' '");
                rest = &rest[quoted.len()..];
            } else if let Some(hashes) = raw_string(rest, &kept) {
                open = Some(format!("\"{}", "#".repeat(hashes)));
                kept.push('"');
                rest = &rest[hashes + 2..];
            } else {
                if rest.starts_with('"') {
                    open = Some("\"".into());
                }
                kept.extend(rest.chars().next());
                rest = skip(rest, 1);
            }
        }
        lines.push(kept);
    }
    lines
}

/// How many hashes open a raw string here, if one begins.
fn raw_string(rest: &str, before: &str) -> Option<usize> {
    let hashes = rest.strip_prefix('r')?;
    let count = hashes.chars().take_while(|c| *c == '#').count();
    // `bar"` is no raw string, `br"` is one.
    let in_word = before.trim_end_matches('b').ends_with(|c: char| c.is_alphanumeric() || c == '_');
    (hashes[count..].starts_with('"') && !in_word).then_some(count)
}

fn skip(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or("", |(at, _)| &text[at..])
}

/// Whether `word` stands in `line` with no letter, digit or underscore on either side.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(part_of_word) && !line[at + word.len()..].starts_with(part_of_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_comments_are_no_code() {
        for (text, code) in [
            ("a(); // b", "a(); "),
            ("a(\"b // c\", d)", "a(\"\", d)"),
            ("a(\"\\\"b\", c)", "a(\"\", c)"),
            ("a('\"', b)", "a(' ', b)"),
            ("a(r#\"b\"c\"#, d)", "a(\"\", d)"),
            ("a(br\"b\", c)", "a(b\"\", c)"),
            ("//! a", ""),
        ] {
            assert_eq!(bare(text), [code], "{text}");
        }
        assert_eq!(bare("a(\"b\n// c\nd\")"), ["a(\"", "", "\")"]);
    }

    #[test]
    fn tests_at_the_end_are_not_counted() {
        let file = Source::new("a.rs", "//! a\nfn a() {}\n#[cfg(test)]\nmod tests {\n}\n");
        assert_eq!(file.code_line_count(), 2);
        assert_eq!(Source::new("a.rs", "//! a\n#[cfg(test)]\nfn a() {}\n").code_line_count(), 3);
    }

    #[test]
    fn words_have_edges() {
        assert!(has_word("unsafe {", "unsafe"));
        assert!(!has_word("unsafe_op", "unsafe"));
    }
}
