//! A directory of one's own, gone when it is dropped.
//!
//! Several test processes may fetch and read the study at the same time; none ever sees another's half-written file.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, Result};

/// The directory; removed with everything in it on drop.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A fresh directory inside `parent`, which is created when it is not there.
    pub(super) fn inside(parent: &Path) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(".scratch-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = parent.join(name);
        std::fs::create_dir_all(&path).map_err(|cause| Error::file("creating", &path, cause))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is only litter; there is nobody to tell.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
