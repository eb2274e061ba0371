//! Links and paths on pages lead somewhere, and tests that they name are there: a page that names what is gone misleads.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use crate::source::{Source, Violation, root};

/// Folders that a path in backticks may start from, besides the root and the page's own.
const BASES: [&str; 5] = ["engine/src", "server/src", "data/src", "bench/src", "tests"];

/// Endings that make a word with a slash a file's name.
const EXTENSIONS: [&str; 11] = ["rs", "md", "toml", "ts", "tsx", "json", "yml", "sh", "csv", "html", "css"];

/// Relative links and paths in backticks, on `*.md` pages, that lead to nothing.
pub(crate) fn dead_links(files: &[Source]) -> Vec<Violation> {
    let ignored: Vec<&str> = files
        .iter()
        .find(|file| file.path == ".gitignore")
        .map(|file| file.text.lines().map(|line| line.trim_matches('/')).filter(|line| !line.is_empty()).collect())
        .unwrap_or_default();
    files.iter().filter(|file| file.is(&["md"])).flat_map(|page| dead_links_of(page, &ignored)).collect()
}

fn dead_links_of(page: &Source, ignored: &[&str]) -> Vec<Violation> {
    let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
    let mut violations = Vec::new();
    let mut in_block = false;
    for (i, line) in page.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        }
        if in_block {
            continue;
        }
        for target in link_targets(line) {
            if !exists(&folder.join(target)) {
                violations.push(page.refuse(i + 1, format!("the link to {target} leads nowhere: mend or remove it")));
            }
        }
        for path in line.split('`').skip(1).step_by(2).filter_map(repository_path) {
            let is_ignored = ignored.iter().any(|prefix| Path::new(path).starts_with(prefix));
            let mut bases = ["", folder.to_str().unwrap_or_default()].into_iter().chain(BASES);
            if !is_ignored && !bases.any(|base| exists(&Path::new(base).join(path))) {
                violations.push(page.refuse(i + 1, format!("there is no `{path}`: mend or remove the path")));
            }
        }
    }
    violations
}

/// Underscores from which on a word in backticks is a test's name, which is a sentence.
const SENTENCE_UNDERSCORES: usize = 3;

/// Tests in backticks, on `*.md` pages, that there are none of.
pub(crate) fn lost_tests(files: &[Source]) -> Vec<Violation> {
    let functions: HashSet<&str> = files.iter().filter(|file| file.is_rust()).flat_map(functions).collect();
    let mut violations = Vec::new();
    for page in files.iter().filter(|file| file.is(&["md"])) {
        for (i, line) in page.text.lines().enumerate() {
            for word in line.split('`').skip(1).step_by(2).filter(|word| is_sentence(word) && !functions.contains(word))
            {
                violations.push(page.refuse(i + 1, format!("there is no test `{word}`: mend or remove the name")));
            }
        }
    }
    violations
}

fn functions(file: &Source) -> impl Iterator<Item = &str> {
    file.text
        .lines()
        .filter_map(|line| line.trim_start().trim_start_matches("async ").strip_prefix("fn ")?.split('(').next())
}

fn is_sentence(word: &str) -> bool {
    let is_plain = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    is_plain && word.matches('_').count() >= SENTENCE_UNDERSCORES
}

/// The relative targets of `[text](target)` and `[text]: target`, without anchors.
fn link_targets(line: &str) -> Vec<&str> {
    let inline = line.match_indices("](").filter_map(|(at, open)| {
        let target = &line[at + open.len()..];
        target.find([')', ' ']).map(|end| &target[..end])
    });
    let defined = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target.trim());
    let all = inline.chain(defined);
    let is_file = |target: &&str| !target.is_empty() && !target.contains(':') && !target.starts_with('/');
    all.map(|target| target.split('#').next().unwrap_or_default()).filter(is_file).collect()
}

/// The path that a word in backticks is, if it looks like one of this repository.
fn repository_path(word: &str) -> Option<&str> {
    let numbered = word.rsplit_once(':').filter(|(_, line)| line.bytes().all(|byte| byte.is_ascii_digit()));
    let word = numbered.map_or(word, |(path, _)| path);
    let of_path = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    if word.is_empty() || word.starts_with(['/', '-']) || !word.chars().all(of_path) {
        return None;
    }
    let is_page = word.ends_with(".md");
    let first = word.split('/').next().unwrap_or_default();
    let is_file = EXTENSIONS.iter().any(|extension| word.ends_with(&format!(".{extension}")));
    let is_path = word.contains('/') && (is_file || (first != "." && root().join(first).is_dir()));
    (is_page || is_path).then_some(word)
}

/// Whether a path relative to the root exists, once `..` is worked out; what leads out of the repository does not.
fn exists(path: &Path) -> bool {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::ParentDir if !plain.pop() => return false,
            _ => {}
        }
    }
    root().join(plain).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dead(path: &str, line: &str) -> usize {
        dead_links(&[Source::new(path, line), Source::new(".gitignore", "/target\n/data/study/\n")]).len()
    }

    #[test]
    fn dead_links_are_refused() {
        for line in [
            "[a](gone.md)",
            "[a](engine/src/gone.rs#L1)",
            "[a]: gone.md",
            "[a](../gone.md)",
            "see `engine/src/gone.rs`",
            "see `engine/src/gone.rs:12`",
            "see `gone/` and `server/gone/`",
            "see `GONE.md`",
            "see `rule/gone.rs`",
        ] {
            assert_eq!(dead("README.md", line), 1, "{line}");
        }
        assert_eq!(dead("engine/a.md", "[a](engine/src/lib.rs)"), 1, "links start from the page");
    }

    #[test]
    fn tests_that_are_gone_are_refused() {
        let code = "    #[tokio::test]\n    async fn it_waits_for_nobody() {}\nfn it_is_there_now() {}\n";
        let lost = |line: &str| lost_tests(&[Source::new("a.md", line), Source::new("a.rs", code)]).len();
        assert_eq!(lost("`it_waits_for_nobody` `it_is_there_now` `query_time` `a_b_c` `some/path_of_one_file.rs`"), 0);
        assert_eq!(lost("`it_waits_for_somebody` and `it_is_there_no`, `this_is_gone_now`"), 3);
    }

    #[test]
    fn what_leads_somewhere_or_is_no_path_passes() {
        for line in [
            "[a](engine/src/lib.rs) [b](https://example.org/gone.md) [c](#below) [d](engine)",
            "`engine/src/lib.rs:3` `rule/ast.rs` `engine/` `Cargo.toml` `tests/acceptance/csv`",
            "`application/json` `/segments/preview` `any/all` `a b/c.rs` `lib.rs`",
            "`target/release/muster` `data/study/profiles.csv`",
            "```\n[a](gone.md) `engine/gone.rs`\n```",
        ] {
            assert_eq!(dead("README.md", line), 0, "{line}");
        }
        assert_eq!(dead("engine/a.md", "[a](src/lib.rs) [b](../Cargo.toml)"), 0);
    }
}
