//! The page's files as a table in the binary: what `web/dist` holds, or one page that says how to build it.
//!
//! `npm run build` writes `web/dist` and then touches this file: cargo goes by the time of files and would notice neither a
//! `dist` that was not there before nor one that is put back older than the last build.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What `/` answers in a binary that was built without the page.
const STUB: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Muster</title><p>This binary was built \
     without its page: <code>make page &amp;&amp; cargo build --release -p muster</code> builds both. The interface is \
     described at <a href=\"/api/docs/\">/api/docs</a>.";

fn main() -> io::Result<()> {
    let dist = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("web/dist");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = BTreeMap::new();
    if dist.join("index.html").is_file() {
        println!("cargo::rerun-if-changed={}", dist.display());
        collect(&dist, "", &mut files)?;
    } else {
        println!("cargo::warning=the page is not built (make page), so / only says how to build it");
        let stub = out.join("stub.html");
        fs::write(&stub, STUB)?;
        files.insert("index.html".to_owned(), stub);
    }
    fs::write(out.join("page_files.rs"), table(&files)?)
}

/// Every file below a folder, by its path from there.
fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.insert(path, entry.path());
        }
    }
    Ok(())
}

/// The table as Rust: each file with its compressed forms and a fingerprint of what it says.
fn table(files: &BTreeMap<String, PathBuf>) -> io::Result<String> {
    let is_compressed = |path: &str| path.ends_with(".br") || path.ends_with(".gz");
    let mut text = String::from("&[\n");
    for (path, file) in files.iter().filter(|(path, _)| !is_compressed(path)) {
        let mut hasher = DefaultHasher::new();
        fs::read(file)?.hash(&mut hasher);
        let form = |ending: &str| match files.get(&format!("{path}.{ending}")) {
            Some(file) => format!("Some(include_bytes!({file:?}))"),
            None => "None".to_owned(),
        };
        writeln!(
            text,
            "    PageFile {{ path: {path:?}, plain: include_bytes!({file:?}), brotli: {}, gzip: {}, fingerprint: \"{:016x}\" }},",
            form("br"),
            form("gz"),
            hasher.finish(),
        )
        .expect("a string takes what is written");
    }
    text.push_str("]\n");
    Ok(text)
}
