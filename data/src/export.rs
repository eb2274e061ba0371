//! Batches into a file: Parquet or NDJSON, by the file's ending.
//!
//! The file appears under its name only when it is whole; a run that is cut short leaves a `.partial` behind and
//! never a short file that looks finished. Batches are written as they come, so any number of rows fits in memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::ndjson;

/// Rows that one thread renders as NDJSON at a time.
const NDJSON_ROWS: usize = 4_096;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Apache Parquet, compressed with zstd.
    Parquet,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    /// The format that the path's ending asks for.
    pub fn of(path: &Path) -> Result<Self> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("parquet") => Ok(Self::Parquet),
            Some("ndjson" | "jsonl") => Ok(Self::Ndjson),
            _ => Err(Error::new(format!("{}: the file's name must end in .parquet or .ndjson", path.display()))),
        }
    }
}

/// Writes all batches to `path` and returns the number of rows; `progress` hears the rows written so far.
pub fn write(
    schema: &SchemaRef,
    batches: impl Iterator<Item = RecordBatch>,
    path: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<u64> {
    match Format::of(path)? {
        Format::Parquet => write_parquet(schema, batches, path, progress),
        Format::Ndjson => write_ndjson(batches, path, progress),
    }
}

/// Writes all batches to `path` as Parquet, whatever its name; see [`write()`].
pub fn write_parquet(
    schema: &SchemaRef,
    batches: impl Iterator<Item = RecordBatch>,
    path: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<u64> {
    let partial = Partial::create(path)?;
    // The lowest level: higher ones cost several times the time for a few percent of the size.
    let level = ZstdLevel::try_new(1).map_err(|cause| Error::file("writing", path, cause))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let mut writer = ArrowWriter::try_new(partial.file()?, schema.clone(), Some(properties))
        .map_err(|cause| Error::file("writing", path, cause))?;
    let mut rows = 0;
    for batch in batches {
        writer.write(&batch).map_err(|cause| Error::file("writing", path, cause))?;
        rows += batch.num_rows() as u64;
        progress(rows);
    }
    writer.close().map_err(|cause| Error::file("writing", path, cause))?;
    partial.finish()?;
    Ok(rows)
}

/// Writes all batches to `path` as NDJSON, whatever its name; see [`write()`].
pub fn write_ndjson(
    batches: impl Iterator<Item = RecordBatch>,
    path: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<u64> {
    let partial = Partial::create(path)?;
    let mut out = BufWriter::new(partial.file()?);
    let mut rows = 0;
    for batch in batches {
        for text in render(&batch)? {
            out.write_all(&text).map_err(|cause| Error::file("writing", path, cause))?;
        }
        rows += batch.num_rows() as u64;
        progress(rows);
    }
    out.flush().map_err(|cause| Error::file("writing", path, cause))?;
    partial.finish()?;
    Ok(rows)
}

/// The lines of a batch in pieces, rendered on all threads and kept in order.
fn render(batch: &RecordBatch) -> Result<Vec<Vec<u8>>> {
    let starts: Vec<usize> = (0..batch.num_rows()).step_by(NDJSON_ROWS).collect();
    let pieces = starts.into_par_iter().map(|start| {
        let mut text = Vec::new();
        ndjson::append(&batch.slice(start, NDJSON_ROWS.min(batch.num_rows() - start)), &mut text)?;
        Ok(text)
    });
    pieces.collect()
}

/// The file under its temporary name.
struct Partial<'a> {
    path: &'a Path,
    partial: PathBuf,
    file: File,
}

impl<'a> Partial<'a> {
    fn create(path: &'a Path) -> Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        let file = File::create(&partial).map_err(|cause| Error::file("creating", &partial, cause))?;
        Ok(Self { path, partial, file })
    }

    fn file(&self) -> Result<File> {
        self.file.try_clone().map_err(|cause| Error::file("opening", &self.partial, cause))
    }

    fn finish(self) -> Result<()> {
        std::fs::rename(&self.partial, self.path).map_err(|cause| Error::file("renaming to", self.path, cause))
    }
}
