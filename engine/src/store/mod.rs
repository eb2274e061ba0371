//! Bytes that survive a power cut. What the bytes mean is told elsewhere (`command`): here are disks and the log.
//!
//! The only place of the engine that touches files, and only through [`Disk`]: tests put a disk there that forgets what
//! was not synced.

mod disk;

mod directory;

mod log;

pub use directory::Directory;
pub use disk::{Disk, DiskFile};
pub use log::{Cut, Log, LogReport, LogSizes, Record, Repaired, read_log, repair_log};
