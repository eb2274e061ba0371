//! How long files, functions, tables of contents and pages may be.

use crate::source::{Source, Violation};

/// Lines of a file, tests at its end not counted.
const FILE_LINES_MAX: usize = 500;

/// Lines of a function, from `fn` to its closing brace.
pub(crate) const FUNCTION_LINES_MAX: usize = 70;

/// Lines of a `mod.rs`, tests at its end not counted.
const CONTENTS_LINES_MAX: usize = 150;

/// Lines of a page that people read first.
const PAGE_LINES_MAX: [(&str, usize); 2] = [("ARCHITECTURE.md", 200), ("README.md", 150)];

pub(crate) fn long_file(file: &Source) -> Vec<Violation> {
    let lines = if file.is_script() { file.text.lines().count() } else { file.code_line_count() };
    if !(file.is_rust() || file.is_script()) || lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    vec![file.refuse(lines, format!("{lines} lines of code, at most {FILE_LINES_MAX}: split it by what it answers"))]
}

/// Tables of contents that are too long and not listed, and listed ones that are not too long (any more).
pub(crate) fn long_contents(files: &[Source], listed: &[&str]) -> Vec<Violation> {
    let is_long = |file: &Source| file.name() == "mod.rs" && file.code_line_count() > CONTENTS_LINES_MAX;
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| is_long(file) && !listed.contains(&file.path.as_str())) {
        let lines = file.code_line_count();
        let cure = "keep module doc, `mod` lines and the one type it is named after; move the rest to a file beside it";
        violations
            .push(file.refuse(lines, format!("{lines} lines, a mod.rs has at most {CONTENTS_LINES_MAX}: {cure}")));
    }
    for path in listed.iter().filter(|path| !files.iter().any(|file| file.path == **path && is_long(file))) {
        violations.push(Violation::new(path, 1, "short enough now: take it off LONG_CONTENTS"));
    }
    violations
}

pub(crate) fn long_page(file: &Source) -> Vec<Violation> {
    let lines = file.text.lines().count();
    let too_long = PAGE_LINES_MAX.iter().filter(|(path, max)| file.path == *path && lines > *max);
    let cure = "say less, or move a part to where it belongs";
    too_long.map(|(_, max)| file.refuse(lines, format!("{lines} lines, at most {max}: {cure}"))).collect()
}

/// Functions that are too long and not listed, and listed ones that are not too long (any more).
pub(crate) fn long_functions(files: &[Source], listed: &[(&str, &str)]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut used = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for Function { name, line, lines } in functions(file) {
            let key = listed.iter().find(|(path, function)| *path == file.path && *function == name);
            match key {
                _ if lines <= FUNCTION_LINES_MAX => {}
                Some(key) => used.push(key),
                None => violations.push(file.refuse(
                    line,
                    format!("`{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}: name a step and move it out"),
                )),
            }
        }
    }
    for entry in listed.iter().filter(|entry| !used.contains(entry)) {
        let message = format!("`{}` is short enough now: take it off LONG_FUNCTIONS", entry.1);
        violations.push(Violation::new(entry.0, 1, message));
    }
    violations
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// Functions outside the tests of a file. Formatted source closes a body at the indent of its first line.
fn functions(file: &Source) -> Vec<Function> {
    let code = file.code();
    let mut found = Vec::new();
    for (i, (number, line)) in code.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let opens = code[i..].iter().position(|(_, line)| line.trim_end().ends_with(['{', ';', '}']));
        let Some(opens) = opens.filter(|at| code[i + at].1.trim_end().ends_with('{')) else { continue };
        let closing = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
        let body = &code[i + opens + 1..];
        let length = body.iter().position(|(_, line)| line.trim_end() == closing).unwrap_or(body.len());
        found.push(Function { name: name.into(), line: *number, lines: opens + 1 + length + 1 });
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.trim_start().split_once("fn ")?;
    let modifiers = ["pub", "const", "async", "unsafe", "extern", "\"\"", "default"];
    let is_modifier = |word: &str| modifiers.contains(&word) || word.starts_with("pub(");
    if !before.split_whitespace().all(|word| is_modifier(word) || word.ends_with(')')) {
        return None;
    }
    let end = after.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    (end > 0).then_some(&after[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(head: &str, lines: usize, tail: &str) -> String {
        format!("{head}{}{tail}", "    x();\n".repeat(lines))
    }

    #[test]
    fn long_files_are_refused() {
        let text = "//! a\n".repeat(501);
        assert_eq!(long_file(&Source::new("engine/src/a.rs", &text)).len(), 1);
        assert_eq!(long_file(&Source::new("server/web/src/a.tsx", &text)).len(), 1);
        assert!(long_file(&Source::new("server/web/src/a.gen.ts", &format!("// @generated\n{text}"))).is_empty());
        let generated = format!("//! @generated\n{text}");
        assert!(long_file(&Source::new("engine/src/a.rs", &generated)).is_empty());
        let tested = format!("{}#[cfg(test)]\nmod tests {{\n{text}}}\n", "//! a\n".repeat(500));
        assert!(long_file(&Source::new("engine/src/a.rs", &tested)).is_empty());
    }

    #[test]
    fn long_tables_of_contents_and_pages_are_refused() {
        let contents = |lines| [Source::new("engine/src/rule/mod.rs", &"//! a\n".repeat(lines))];
        assert_eq!(long_contents(&contents(151), &[]).len(), 1);
        assert!(long_contents(&contents(150), &[]).is_empty());
        assert!(long_contents(&contents(151), &["engine/src/rule/mod.rs"]).is_empty());
        assert_eq!(long_contents(&contents(150), &["engine/src/rule/mod.rs"]).len(), 1, "the list may only shrink");
        assert_eq!(long_page(&Source::new("README.md", &"a\n".repeat(151))).len(), 1);
        assert_eq!(long_page(&Source::new("ARCHITECTURE.md", &"a\n".repeat(201))).len(), 1);
        assert!(long_page(&Source::new("ARCHITECTURE.md", &"a\n".repeat(200))).is_empty());
    }

    #[test]
    fn long_functions_are_refused_unless_listed() {
        for (head, tail) in [
            ("fn long() {\n", "}\n"),
            ("pub(crate) const unsafe extern \"C\" fn long() {\n", "}\n"),
            ("    pub async fn long(\n        a: u8,\n    ) -> u8\n    where\n        u8: Copy,\n    {\n", "    }\n"),
        ] {
            let file = [Source::new("engine/src/a.rs", &long(head, 70, tail))];
            assert_eq!(long_functions(&file, &[]).len(), 1, "{head}");
            assert!(long_functions(&file, &[("engine/src/a.rs", "long")]).is_empty(), "{head}");
        }
        let file = [Source::new("engine/src/a.rs", &long("fn a();\nfn b() {}\nfn c() {\n", 68, "}\n"))];
        assert!(long_functions(&file, &[]).is_empty());
        assert_eq!(long_functions(&file, &[("engine/src/a.rs", "c")]).len(), 1, "the list may only shrink");
        assert_eq!(long_functions(&file, &[("engine/src/gone.rs", "c")]).len(), 1);
    }
}
