//! Which file format a body or a file is in, by its `Content-Type` or its name.
//!
//! Nothing is guessed from the bytes: a wrong label is a mistake the caller is told about.

use muster_engine::error::{Error, Result};

use muster_engine::rule::nearest;

/// A format that profiles can arrive in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// A header row, then one row a profile; comma, semicolon or tab.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC, streaming form.
    ArrowStream,
    /// Arrow IPC, file form (also known as Feather V2).
    ArrowFile,
}

/// What a `Content-Type` may say, the first of each format being the registered one.
const CONTENT_TYPES: [(&str, Format); 12] = [
    ("application/x-ndjson", Format::Ndjson),
    ("application/ndjson", Format::Ndjson),
    ("application/jsonl", Format::Ndjson),
    ("application/x-jsonlines", Format::Ndjson),
    ("application/jsonlines", Format::Ndjson),
    ("text/csv", Format::Csv),
    ("application/csv", Format::Csv),
    ("text/tab-separated-values", Format::Csv),
    ("application/vnd.apache.parquet", Format::Parquet),
    ("application/x-parquet", Format::Parquet),
    ("application/vnd.apache.arrow.stream", Format::ArrowStream),
    ("application/vnd.apache.arrow.file", Format::ArrowFile),
];

/// What a file's name may end in.
const EXTENSIONS: [(&str, Format); 10] = [
    ("ndjson", Format::Ndjson),
    ("jsonl", Format::Ndjson),
    ("csv", Format::Csv),
    ("tsv", Format::Csv),
    ("parquet", Format::Parquet),
    ("pq", Format::Parquet),
    ("arrows", Format::ArrowStream),
    ("arrow", Format::ArrowFile),
    ("feather", Format::ArrowFile),
    ("ipc", Format::ArrowFile),
];

impl Format {
    /// Reads a `Content-Type`; parameters are allowed, a `charset` only when it is UTF-8.
    ///
    /// # Errors
    /// `Invalid` with code `unsupported_content_type`, which the HTTP layer answers with 415.
    pub fn from_content_type(text: &str) -> Result<Self> {
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let known = CONTENT_TYPES.iter().find(|(name, _)| *name == essence).map(|(_, format)| *format);
        let Some(format) = known else {
            return Err(Error::invalid("", "unsupported_content_type", Self::refusal("content type", &essence)));
        };
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            let is_utf8 = matches!(value.as_str(), "utf-8" | "utf8" | "us-ascii");
            if name.trim().eq_ignore_ascii_case("charset") && !is_utf8 {
                return Err(Error::invalid(
                    "",
                    "unsupported_content_type",
                    format!("text is read as UTF-8, not as {value}; convert the file first"),
                ));
            }
        }
        Ok(format)
    }

    /// Reads the extension of a file's name.
    ///
    /// # Errors
    /// `Invalid` with code `unknown_file_type` and the extensions that are known.
    pub fn from_file_name(name: &str) -> Result<Self> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, format)| *format).ok_or_else(|| {
            let known = EXTENSIONS.map(|(known, _)| known);
            let problem = muster_engine::error::Problem::new(
                "",
                "unknown_file_type",
                format!("\"{name}\" ends in none of .{}", known.join(", .")),
            );
            problem.with_suggestions(nearest(&extension, known)).into()
        })
    }

    /// The content type under which this format is registered.
    pub fn content_type(self) -> &'static str {
        CONTENT_TYPES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    fn refusal(what: &str, got: &str) -> String {
        let all = [Self::Ndjson, Self::Csv, Self::Parquet, Self::ArrowStream, Self::ArrowFile];
        let got = if got.is_empty() { "none".to_owned() } else { format!("\"{got}\"") };
        format!("the {what} must be one of {}, got {got}", all.map(Self::content_type).join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_read_with_their_parameters() {
        for (text, format) in [
            ("application/x-ndjson", Some(Format::Ndjson)),
            ("text/csv; charset=utf-8", Some(Format::Csv)),
            ("Text/CSV;header=present; charset=\"UTF-8\"", Some(Format::Csv)),
            ("application/vnd.apache.parquet", Some(Format::Parquet)),
            ("application/vnd.apache.arrow.stream", Some(Format::ArrowStream)),
            ("application/vnd.apache.arrow.file", Some(Format::ArrowFile)),
            ("text/csv; charset=iso-8859-1", None),
            ("application/json", None),
            ("", None),
        ] {
            assert_eq!(Format::from_content_type(text).ok(), format, "{text}");
        }
    }

    #[test]
    fn file_names_tell_their_format() {
        assert_eq!(Format::from_file_name("a.b/People.CSV").ok(), Some(Format::Csv));
        assert_eq!(Format::from_file_name("x.parquet").ok(), Some(Format::Parquet));
        let refused = Format::from_file_name("x.parque").expect_err("no such type");
        assert!(refused.to_string().contains("nearest: parquet"), "{refused}");
        assert!(Format::from_file_name("x").is_err());
    }
}
