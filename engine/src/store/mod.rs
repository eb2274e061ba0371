//! Bytes that survive a power cut. What the bytes mean is told elsewhere (`command`): here are disks, the log
//! and checkpoints.
//!
//! The only place of the engine that touches files, and only through [`Disk`]: tests put a disk there that forgets what
//! was not synced.

mod disk;

mod mapped;

mod directory;

mod number;

mod log;

pub mod checkpoint;

pub use directory::Directory;
pub use disk::{Disk, DiskFile, Mapping};
pub use log::{Cut, Log, LogReport, LogSizes, Record, Repaired, first_lsn, read_log, remove_put_aside, repair_log};
pub use mapped::{Left, left_mapped};
