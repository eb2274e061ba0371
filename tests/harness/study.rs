//! The households of the study as files of profiles, built once for a whole test binary.
//!
//! The study is fetched when this machine does not have it yet; a suite that needs it never skips.

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::sync::OnceLock;

use muster_data::study;

/// The same profiles in two formats.
#[derive(Debug)]
pub struct Profiles {
    /// One JSON object a line.
    pub ndjson: Vec<u8>,
    /// The same as Parquet.
    pub parquet: Vec<u8>,
}

/// The profiles of all households.
///
/// # Panics
/// When the study can be neither found nor fetched; the message says what to do.
pub fn profiles() -> &'static Profiles {
    static PROFILES: OnceLock<Profiles> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let tables = study::Study::fetched().unwrap_or_else(|error| panic!("{error}"));
        let profiles = study::build_profiles(&tables).expect("profiles of the study");
        let folder = tempfile::tempdir().expect("a directory for the profiles");
        let (ndjson, parquet) = (folder.path().join("profiles.ndjson"), folder.path().join("profiles.parquet"));
        study::write_profiles_ndjson(&profiles, &ndjson).expect("profiles as NDJSON");
        study::write_profiles_parquet(&profiles, &parquet).expect("profiles as Parquet");
        let read = |path| fs::read(path).expect("a file that was just written");
        Profiles { ndjson: read(ndjson), parquet: read(parquet) }
    })
}

/// Bytes as a file that is gone once it is dropped.
///
/// # Panics
/// When the disk refuses.
pub fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room on the disk");
    file.rewind().expect("a file can be rewound");
    file
}
