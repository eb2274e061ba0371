//! CSV bytes split into rows and cells, by RFC 4180 with the line ends LF, CRLF and CR.
//!
//! Splitting is our own because blank lines are counted, a stray quote spoils only its row, and memory stays bounded
//! when a quote is never closed. What the cells mean is in `csv` and `lists`.

use std::borrow::Cow;

use muster_engine::error::{Error, Result};

/// Where a cell's text lies in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
    kind: SpanKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SpanKind {
    Plain,
    /// Holds doubled quotes.
    Escaped,
    /// Goes on after its closing quote.
    Malformed,
}

/// The rows of one block.
#[derive(Debug, Default)]
pub(super) struct Split {
    spans: Vec<Span>,
    /// Per row: where its spans and its bytes end. A blank line is a row without spans.
    ends: Vec<(usize, usize)>,
}

/// One row of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct CsvRow<'b> {
    bytes: &'b [u8],
    spans: &'b [Span],
}

/// The characters that may stand between cells, the commonest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The delimiter that the first row that is not blank has most of, outside quotes; a comma when it has none.
pub(super) fn sniff(bytes: &[u8]) -> u8 {
    let mut counts = [0usize; DELIMITERS.len()];
    let mut quoted = false;
    let mut blank = true;
    for &byte in bytes {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && !blank => break,
            _ if !quoted => {
                if let Some(at) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
        blank &= matches!(byte, b'\n' | b'\r');
    }
    let best = (0..DELIMITERS.len()).rev().max_by_key(|at| counts[*at]).unwrap_or(0);
    DELIMITERS[best]
}

impl Split {
    /// Splits the whole rows at the start of `bytes`, at most `rows_max` of them; returns how many bytes they take.
    /// `at_end` says that the file ends with `bytes`.
    ///
    /// # Errors
    /// `Invalid` when the file ends within a quoted cell.
    pub(super) fn split(&mut self, bytes: &[u8], delimiter: u8, at_end: bool, rows_max: usize) -> Result<usize> {
        self.spans.clear();
        self.ends.clear();
        let mut at = 0;
        while at < bytes.len() && self.ends.len() < rows_max {
            match self.row(bytes, at, delimiter, at_end) {
                RowEnd::Complete { content, next } => {
                    self.ends.push((self.spans.len(), content));
                    at = next;
                }
                RowEnd::Incomplete => {
                    let whole = self.ends.last().map_or(0, |(spans, _)| *spans);
                    self.spans.truncate(whole);
                    break;
                }
                RowEnd::Unclosed { quote } => {
                    let line = bytes[quote..].iter().take(20).map(|byte| char::from(*byte).to_ascii_lowercase());
                    let start: String = line.map(|c| if c.is_ascii_graphic() { c } else { ' ' }).collect();
                    return Err(Error::invalid(
                        "",
                        "unclosed_quote",
                        format!("the quoted cell that starts with {start} is never closed; close it with a quote"),
                    ));
                }
            }
        }
        Ok(at)
    }

    fn row(&mut self, bytes: &[u8], mut at: usize, delimiter: u8, at_end: bool) -> RowEnd {
        if let Some(end) = line_end(bytes, at, at_end) {
            return end;
        }
        loop {
            let cell_end = if bytes.get(at) == Some(&b'"') {
                match self.quoted(bytes, at, delimiter) {
                    Some(end) => end,
                    None if at_end => return RowEnd::Unclosed { quote: at },
                    None => return RowEnd::Incomplete,
                }
            } else {
                let end = cell_end(bytes, at, delimiter);
                self.spans.push(Span { start: at, end, kind: SpanKind::Plain });
                end
            };
            if cell_end == bytes.len() {
                let done = RowEnd::Complete { content: cell_end, next: cell_end };
                return if at_end { done } else { RowEnd::Incomplete };
            }
            if let Some(end) = line_end(bytes, cell_end, at_end) {
                return end;
            }
            at = cell_end + 1;
        }
    }

    /// Adds the quoted cell that starts at `open`; returns where it ends, or nothing when it is not closed.
    fn quoted(&mut self, bytes: &[u8], open: usize, delimiter: u8) -> Option<usize> {
        let start = open + 1;
        let mut kind = SpanKind::Plain;
        let mut at = start;
        let close = loop {
            at += memchr::memchr(b'"', bytes.get(at..)?)?;
            if bytes.get(at + 1) != Some(&b'"') {
                break at;
            }
            kind = SpanKind::Escaped;
            at += 2;
        };
        let end = cell_end(bytes, close + 1, delimiter);
        if bytes[close + 1..end].iter().any(|byte| *byte != b' ') {
            kind = SpanKind::Malformed;
        }
        self.spans.push(Span { start, end: close, kind });
        Some(end)
    }

    /// Rows, blank lines among them.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Row `i` of the block that was split.
    pub(super) fn row_at<'b>(&'b self, bytes: &'b [u8], i: usize) -> CsvRow<'b> {
        let (first, _) = if i == 0 { (0, 0) } else { self.ends[i - 1] };
        let (last, end) = self.ends[i];
        CsvRow { bytes: &bytes[..end], spans: &self.spans[first..last] }
    }
}

enum RowEnd {
    Complete { content: usize, next: usize },
    Incomplete,
    Unclosed { quote: usize },
}

/// The end of the row when a line end stands at `at`.
fn line_end(bytes: &[u8], at: usize, at_end: bool) -> Option<RowEnd> {
    match (bytes.get(at)?, bytes.get(at + 1)) {
        (b'\n', _) => Some(RowEnd::Complete { content: at, next: at + 1 }),
        (b'\r', Some(b'\n')) => Some(RowEnd::Complete { content: at, next: at + 2 }),
        (b'\r', None) if !at_end => Some(RowEnd::Incomplete),
        (b'\r', _) => Some(RowEnd::Complete { content: at, next: at + 1 }),
        _ => None,
    }
}

fn cell_end(bytes: &[u8], from: usize, delimiter: u8) -> usize {
    memchr::memchr3(delimiter, b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |length| from + length)
}

/// Why a cell has no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadCell {
    /// Text stands after the closing quote.
    Quoting,
    /// The bytes are no UTF-8.
    Utf8(std::str::Utf8Error),
}

impl<'b> CsvRow<'b> {
    /// Cells; none in a blank line.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the line holds nothing but spaces.
    pub(super) fn is_blank(&self) -> bool {
        match self.spans {
            [] => true,
            [only] => only.kind == SpanKind::Plain && self.bytes[only.start..only.end].trim_ascii().is_empty(),
            _ => false,
        }
    }

    /// The text of cell `i`, which must exist.
    pub(super) fn cell(&self, i: usize) -> std::result::Result<Cow<'b, str>, BadCell> {
        let span = self.spans[i];
        let text = std::str::from_utf8(&self.bytes[span.start..span.end]).map_err(BadCell::Utf8)?;
        match span.kind {
            SpanKind::Plain => Ok(Cow::Borrowed(text)),
            SpanKind::Escaped => Ok(Cow::Owned(text.replace("\"\"", "\""))),
            SpanKind::Malformed => Err(BadCell::Quoting),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(bytes: &[u8], delimiter: u8, at_end: bool) -> (Vec<Vec<String>>, usize) {
        let mut split = Split::default();
        let used = split.split(bytes, delimiter, at_end, usize::MAX).expect("closed quotes");
        let rows = (0..split.len()).map(|i| {
            let row = split.row_at(bytes, i);
            (0..row.len()).map(|i| row.cell(i).map_or("<bad>".into(), Cow::into_owned)).collect()
        });
        (rows.collect(), used)
    }

    #[test]
    fn rows_split_by_rfc_4180() {
        let cases: [(&str, &[&[&str]]); 8] = [
            ("a,b\r\nc,d", &[&["a", "b"], &["c", "d"]]),
            ("a\rb\r\rc", &[&["a"], &["b"], &[], &["c"]]),
            ("a,\n,b\n", &[&["a", ""], &["", "b"]]),
            ("\"a,\"\"b\"\"\n\",c\n", &[&["a,\"b\"\n", "c"]]),
            ("\"a\" ,b\n\n", &[&["a", "b"], &[]]),
            ("\"a\"x,b\n", &[&["<bad>", "b"]]),
            ("5\" pipe,b", &[&["5\" pipe", "b"]]),
            ("\"\"\n", &[&[""]]),
        ];
        for (text, wanted) in cases {
            assert_eq!(rows_of(text.as_bytes(), b',', true).0, wanted, "{text:?}");
        }
    }

    #[test]
    fn an_unfinished_row_waits_for_more_bytes() {
        for (text, used) in [("a,b\nc", 4), ("a\r", 0), ("\"a\nb", 0), ("a,\"b\"", 0), ("a\n\"b\"\"", 2)] {
            assert_eq!(rows_of(text.as_bytes(), b',', false).1, used, "{text:?}");
        }
        assert!(Split::default().split(b"a\n\"b", b',', true, usize::MAX).is_err());
    }

    #[test]
    fn the_delimiter_is_what_the_header_has_most_of() {
        for (text, wanted) in
            [("a,b;c\n;;;;", b','), ("a;b;c,d\n", b';'), ("\n\na\tb\n,,,", b'\t'), ("a\n", b','), ("\"a,b,c\";d", b';')]
        {
            assert_eq!(sniff(text.as_bytes()), wanted, "{text:?}");
        }
    }

    /// The csv crate reads the same rows, but for the blank lines that it skips.
    #[test]
    fn splitting_agrees_with_another_reader() {
        let alphabet = [b'a', b'b', b',', b',', b'"', b'\n', b'\r', b' '];
        for seed in 0..20_000u64 {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let text: Vec<u8> = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    alphabet[usize::try_from(state >> 61).expect("three bits")]
                })
                .collect();
            let mut split = Split::default();
            if split.split(&text, b',', true, usize::MAX).is_err() {
                continue;
            }
            let ours = rows_of(&text, b',', true).0;
            let has_bad_cell = ours.iter().flatten().any(|cell| cell == "<bad>");
            let has_space_after_quote = text.windows(2).any(|pair| pair == b"\" ");
            if has_bad_cell || has_space_after_quote {
                continue;
            }
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
            let theirs: Vec<Vec<String>> =
                reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect()).collect();
            let ours: Vec<Vec<String>> = ours.into_iter().filter(|row| !row.is_empty()).collect();
            assert_eq!(ours, theirs, "{:?}", String::from_utf8_lossy(&text));
        }
    }
}
