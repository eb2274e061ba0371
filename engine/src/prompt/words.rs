//! A question as words, and the parts that each make one test.

/// Words that say nothing by themselves.
const EMPTY: [&str; 66] = [
    "show",
    "me",
    "find",
    "list",
    "get",
    "give",
    "all",
    "people",
    "person",
    "persons",
    "customer",
    "customers",
    "user",
    "users",
    "everyone",
    "everybody",
    "anyone",
    "those",
    "who",
    "whose",
    "that",
    "which",
    "where",
    "with",
    "has",
    "have",
    "had",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "a",
    "an",
    "the",
    "of",
    "in",
    "on",
    "at",
    "for",
    "to",
    "from",
    "their",
    "they",
    "them",
    "us",
    "i",
    "want",
    "please",
    "by",
    "as",
    "it",
    "its",
    "his",
    "her",
    "did",
    "do",
    "does",
    "like",
    "likes",
    "prefer",
    "interested",
    "live",
    "living",
    "based",
];

/// Words that turn a part around.
const NEGATIONS: [&str; 18] = [
    "not", "no", "never", "without", "haven't", "hasn't", "havent", "hasnt", "didn't", "didnt", "don't", "dont",
    "doesn't", "isn't", "aren't", "arent", "cannot", "wasn't",
];

/// What ends a part; `and` within `between ... and ...` does not.
const JOINTS: [&str; 9] = ["and", "but", "also", "plus", "then", "with", "who", "whose", "which"];

/// A part of a question, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// As it was written, for whoever asks what became of it.
    pub(super) text: String,
    pub(super) words: Vec<String>,
    pub(super) negated: bool,
}

/// Whether a word says nothing by itself.
pub(super) fn is_empty_word(word: &str) -> bool {
    EMPTY.contains(&word)
}

/// Alternatives of parts: within an alternative all must hold.
pub(super) fn alternatives(text: &str) -> Vec<Vec<Part>> {
    let mut found = vec![Vec::new()];
    let mut part = Part::default();
    let mut is_between = false;
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let mut at = 0;
    while at < words.len() {
        let raw = &words[at];
        at += 1;
        let (word, ends) = cleaned(raw);
        let is_more =
            word == "or" && words.get(at).is_some_and(|next| matches!(&*cleaned(next).0, "more" | "less" | "fewer"));
        if word == "or" && !is_more {
            finish(&mut part, found.last_mut());
            found.push(Vec::new());
            continue;
        }
        if JOINTS.contains(&&*word) && !(word == "and" && std::mem::take(&mut is_between)) {
            finish(&mut part, found.last_mut());
            continue;
        }
        if word == "without" {
            finish(&mut part, found.last_mut());
        }
        is_between |= word == "between";
        if !part.text.is_empty() {
            part.text.push(' ');
        }
        part.text.push_str(raw);
        if NEGATIONS.contains(&&*word) {
            // "no more than" compares; it does not turn the part around.
            if word == "no" && words.get(at).is_some_and(|next| matches!(&**next, "more" | "less" | "fewer")) {
                part.words.push(word);
            } else {
                part.negated = !part.negated;
            }
        } else if !word.is_empty() {
            part.words.push(word);
        }
        if ends {
            finish(&mut part, found.last_mut());
            is_between = false;
        }
    }
    finish(&mut part, found.last_mut());
    found.retain(|parts| !parts.is_empty());
    found
}

fn finish(part: &mut Part, parts: Option<&mut Vec<Part>>) {
    let done = std::mem::take(part);
    if !done.words.iter().any(|word| !is_empty_word(word)) {
        // Nothing was said yet but that what follows is turned around.
        part.negated = done.negated;
    } else if let Some(parts) = parts {
        parts.push(done);
    }
}

/// A word in lower case without punctuation around it, and whether it ends a part.
fn cleaned(raw: &str) -> (String, bool) {
    let lower = raw.to_lowercase().replace('\u{2019}', "'");
    let ends = lower.ends_with([',', ';']) && !lower.ends_with(|c: char| c.is_ascii_digit());
    let is_edge = |c: char| matches!(c, ',' | ';' | '.' | '?' | '!' | '"' | '(' | ')' | ':' | '\u{201c}' | '\u{201d}');
    (lower.trim_matches(is_edge).to_owned(), ends)
}
