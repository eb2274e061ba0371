//! CSV bytes become rows of cells: `csv-core`, the reader inside the csv crate, splits and unquotes them block by block.
//!
//! What it does not say is added here: how many lines were blank, whether a cell goes on after its closing quote, and
//! whether the file ends within a quoted cell. What the cells mean is in `csv` and `lists`.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use muster_engine::error::{Error, Result};

use super::cell::excerpt;

/// The characters that may stand between cells, the commonest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Bytes of a cell that is never closed of which some characters are quoted back.
const UNCLOSED_BYTES: usize = 1 << 10;

/// Reads rows; holds those of one block.
pub(super) struct Records {
    reader: Reader,
    delimiter: u8,
    /// What the cells hold, end to end; there is room for all of the block.
    text: Vec<u8>,
    /// Where each cell ends, counted from the start of its row's text.
    ends: Vec<usize>,
    rows: Vec<Row>,
    blank: u64,
    /// Whether the last row ended with a carriage return, so that a line feed still belongs to its line end.
    after_return: bool,
}

/// Where a row lies in the block, and where its part of `ends` and `text` ends.
struct Row {
    start: usize,
    end: usize,
    ends: usize,
    text: usize,
}

impl Records {
    /// Reads with the delimiter that splits the first row of `bytes` into most cells.
    pub(super) fn sniff(bytes: &[u8], at_end: bool) -> Self {
        let readers = DELIMITERS.map(|delimiter| {
            let mut records = Self::new(delimiter);
            // A header that cannot be read is refused when it is read.
            let is_read = records.split(bytes, at_end, 1).is_ok() && records.len() == 1;
            let cells = if is_read { records.row_at(bytes, 0).len() } else { 0 };
            (cells, delimiter)
        });
        let (_, delimiter) = readers.into_iter().rev().max_by_key(|(cells, _)| *cells).unwrap_or((0, DELIMITERS[0]));
        Self::new(delimiter)
    }

    fn new(delimiter: u8) -> Self {
        let mut records = Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            text: Vec::new(),
            ends: Vec::new(),
            rows: Vec::new(),
            blank: 0,
            after_return: false,
        };
        records.restart();
        records
    }

    /// Forgets a row that was begun.
    fn restart(&mut self) {
        self.reader.reset();
        // The reader would drop a byte order mark here, in the middle of the file; it looks for one only once, and a
        // line end before a row is nothing to it.
        self.reader.read_record(b"\n", &mut [0], &mut [0]);
    }

    /// Splits the whole rows at the start of `bytes`, at most `rows_max` of them; returns how many bytes they and the
    /// blank lines between them take. `at_end` says that the file ends with `bytes`.
    ///
    /// # Errors
    /// `Invalid` when the file ends within a quoted cell.
    pub(super) fn split(&mut self, bytes: &[u8], at_end: bool, rows_max: usize) -> Result<usize> {
        self.rows.clear();
        if self.text.len() <= bytes.len() {
            // One more for the line end that `row` adds.
            self.text.resize(bytes.len() + 1, 0);
        }
        let mut at = 0;
        while self.rows.len() < rows_max {
            at = self.skip_line_ends(bytes, at);
            if at == bytes.len() {
                break;
            }
            match self.row(bytes, at, at_end)? {
                Some(end) => at = end,
                None => break,
            }
        }
        Ok(at)
    }

    /// Counts the blank lines at `at`, which the reader would pass over; returns where they end.
    fn skip_line_ends(&mut self, bytes: &[u8], mut at: usize) -> usize {
        while let Some(byte @ (b'\n' | b'\r')) = bytes.get(at) {
            if !(self.after_return && *byte == b'\n') {
                self.blank += 1;
            }
            self.after_return = *byte == b'\r';
            at += 1;
        }
        at
    }

    /// Adds the row that starts at `start`, unless it is blank; returns where it ends, or nothing when `bytes` end
    /// before it does.
    fn row(&mut self, bytes: &[u8], start: usize, at_end: bool) -> Result<Option<usize>> {
        let (first_end, first_text) = self.rows.last().map_or((0, 0), |row| (row.ends, row.text));
        let (mut end, mut ends, mut text) = (start, first_end, first_text);
        let mut is_closed = false;
        loop {
            let rest = match &bytes[end..] {
                [] if !at_end => {
                    self.restart();
                    return Ok(None);
                }
                [] if is_closed => {
                    let cell = if ends > first_end { first_text + self.ends[ends - 1] } else { first_text };
                    return Err(unclosed(&self.text[cell..text]));
                }
                // The last row needs no line end; with one it is whole, unless it ends within quotes.
                [] => {
                    is_closed = true;
                    b"\n"
                }
                rest => rest,
            };
            if ends == self.ends.len() {
                self.ends.resize(ends * 2 + 64, 0);
            }
            let (result, read, written, ended) =
                self.reader.read_record(rest, &mut self.text[text..], &mut self.ends[ends..]);
            end += if is_closed { 0 } else { read };
            text += written;
            ends += ended;
            if result == ReadRecordResult::Record {
                break;
            }
        }
        self.after_return = !is_closed && bytes[end - 1] == b'\r';
        if ends - first_end == 1 && self.text[first_text..text].trim_ascii().is_empty() {
            self.blank += 1;
        } else {
            self.rows.push(Row { start, end, ends, text });
        }
        Ok(Some(end))
    }

    /// Rows of the block that are not blank.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Lines so far, in all blocks, that hold nothing but spaces.
    pub(super) fn blank(&self) -> u64 {
        self.blank
    }

    /// Row `i` of the block that was split.
    pub(super) fn row_at<'b>(&'b self, bytes: &'b [u8], i: usize) -> Record<'b> {
        let Row { start, end, ends, text } = self.rows[i];
        let (first_end, first_text) = if i == 0 { (0, 0) } else { (self.rows[i - 1].ends, self.rows[i - 1].text) };
        let mut record =
            Record { text: &self.text[first_text..text], ends: &self.ends[first_end..ends], misquoted: None };
        let written = &bytes[start..end];
        if memchr::memchr(b'"', written).is_some() {
            record.misquoted = record.find_misquoted(written, self.delimiter);
        }
        record
    }
}

fn unclosed(cell: &[u8]) -> Error {
    let start = String::from_utf8_lossy(&cell[..cell.len().min(UNCLOSED_BYTES)]);
    let start = excerpt(start.trim_end());
    let message = format!("the quoted cell that starts with {start} is never closed; close it with a quote");
    Error::invalid("", "unclosed_quote", message)
}

/// One row of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'b> {
    text: &'b [u8],
    ends: &'b [usize],
    misquoted: Option<usize>,
}

/// Why a cell has no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadCell {
    /// Text stands after the closing quote.
    Quoting,
    /// The bytes are no UTF-8.
    Utf8(std::str::Utf8Error),
}

impl<'b> Record<'b> {
    /// Cells.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of cell `i`, which must exist.
    pub(super) fn cell(&self, i: usize) -> std::result::Result<&'b str, BadCell> {
        let text = std::str::from_utf8(self.bytes(i)).map_err(BadCell::Utf8)?;
        if self.misquoted == Some(i) { Err(BadCell::Quoting) } else { Ok(text) }
    }

    fn bytes(&self, i: usize) -> &'b [u8] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[start..self.ends[i]]
    }

    /// The first cell that goes on after its closing quote, spaces aside: the reader takes all of `"2"3` as 23, but it
    /// was not `written` as a quoted cell of that length is.
    fn find_misquoted(&self, written: &[u8], delimiter: u8) -> Option<usize> {
        let mut rest = written;
        for i in 0..self.len() {
            let cell = self.bytes(i);
            let is_quoted = rest.first() == Some(&b'"');
            let quotes = if is_quoted { 2 + memchr::memchr_iter(b'"', cell).count() } else { 0 };
            let (cell_written, after) = rest.split_at_checked(quotes + cell.len()).unwrap_or((rest, b"\""));
            let is_ended = after.first().is_none_or(|byte| [delimiter, b'\n', b'\r'].contains(byte));
            let last = cell_written.iter().rfind(|byte| **byte != b' ');
            if !is_ended || is_quoted && last != Some(&b'"') {
                return Some(i);
            }
            rest = after.get(1..).unwrap_or_default();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(records: &Records, bytes: &[u8]) -> Vec<Vec<String>> {
        let rows = (0..records.len()).map(|i| {
            let row = records.row_at(bytes, i);
            (0..row.len()).map(|i| row.cell(i).map_or("<bad>".into(), str::to_owned)).collect()
        });
        rows.collect()
    }

    #[test]
    fn rows_split_by_rfc_4180() {
        let cases: [(&str, u64, &[&[&str]]); 15] = [
            ("a,b\r\nc,d", 0, &[&["a", "b"], &["c", "d"]]),
            ("a\rb\r\rc", 1, &[&["a"], &["b"], &["c"]]),
            ("a,\n,b\n", 0, &[&["a", ""], &["", "b"]]),
            ("\"a,\"\"b\"\"\n\",c\n", 0, &[&["a,\"b\"\n", "c"]]),
            ("\"a\" ,b\n\n", 1, &[&["a ", "b"]]),
            ("\"a\"x,b\n", 0, &[&["<bad>", "b"]]),
            ("a,\"b\" \"c\"\r\n\"d\"\n", 0, &[&["a", "<bad>"], &["d"]]),
            ("\"a\"\"\",\"b\"c", 0, &[&["a\"", "<bad>"]]),
            ("\"a\"b\"c,d", 0, &[&["<bad>", "d"]]),
            ("a,\"5\" pipe\"\nb", 0, &[&["a", "<bad>"], &["b"]]),
            ("5\" pipe,b", 0, &[&["5\" pipe", "b"]]),
            ("\"\"\n \n,\n", 2, &[&["", ""]]),
            ("\n\r\n\ra\r\n\r\n", 4, &[&["a"]]),
            ("a,\"b\"", 0, &[&["a", "b"]]),
            ("a\n\u{feff}b", 0, &[&["a"], &["\u{feff}b"]]),
        ];
        for (text, blank, wanted) in cases {
            let mut records = Records::new(b',');
            let used = records.split(text.as_bytes(), true, usize::MAX).expect("closed quotes");
            assert_eq!((print(&records, text.as_bytes()), records.blank(), used), {
                let wanted = wanted.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
                (wanted, blank, text.len())
            });
        }
    }

    #[test]
    fn an_unfinished_row_waits_for_more_bytes() {
        for (text, used) in [("a,b\nc", 4), ("a\r", 2), ("\"a\nb", 0), ("a,\"b\"", 0), ("\n\na\n\n\"b\"\"", 5)] {
            let mut records = Records::new(b',');
            assert_eq!(records.split(text.as_bytes(), false, usize::MAX), Ok(used), "{text:?}");
        }
    }

    #[test]
    fn a_file_that_ends_within_quotes_is_refused() {
        for text in ["\"", "a\nb,\"c\nd", "a,\"b\"\"", "\"a\"\n\"\"\""] {
            assert!(Records::new(b',').split(text.as_bytes(), true, usize::MAX).is_err(), "{text:?}");
        }
        let refused = Records::new(b',').split(b"a,\"b\nc\n", true, usize::MAX).expect_err("an open quote");
        assert!(refused.to_string().contains("starts with \"b c\" is never closed"), "{refused}");
    }

    #[test]
    fn the_delimiter_is_what_splits_the_header_most() {
        for (text, wanted) in [
            ("a,b;c\n;;;;", b','),
            ("a;b;c,d\n", b';'),
            ("\n\na\tb\n,,,", b'\t'),
            ("  \na;b\n", b';'),
            ("a\n", b','),
            ("\"a,b,c\";d", b';'),
            ("", b','),
        ] {
            assert_eq!(Records::sniff(text.as_bytes(), true).delimiter, wanted, "{text:?}");
        }
    }

    /// Where a block ends shows neither in the rows nor in the count of blank lines.
    #[test]
    fn a_text_in_two_blocks_is_the_same_text() {
        let alphabet = ["a", " ", ",", ",", "\"", "\n", "\r", "\u{feff}"];
        for seed in 0..5_000u64 {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let text: String = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    alphabet[usize::try_from(state >> 61).expect("three bits")]
                })
                .collect();
            let bytes = text.as_bytes();
            let mut whole = Records::new(b',');
            let is_whole = whole.split(bytes, true, usize::MAX).is_ok();
            for cut in 0..bytes.len() {
                let mut parts = Records::new(b',');
                let used = parts.split(&bytes[..cut], false, usize::MAX).expect("the file goes on");
                let mut rows = print(&parts, &bytes[..cut]);
                assert_eq!(parts.split(&bytes[used..], true, usize::MAX).is_ok(), is_whole, "{text:?} at {cut}");
                if is_whole {
                    rows.extend(print(&parts, &bytes[used..]));
                    assert_eq!((rows, parts.blank()), (print(&whole, bytes), whole.blank()), "{text:?} at {cut}");
                }
            }
        }
    }
}
