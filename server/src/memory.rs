//! How much memory the server may use for profiles: what it is told, or half of what the machine or its control group has;
//! and what is given back of it.
//!
//! Half, because an import needs more while it runs than its profiles take afterwards: at ten million generated profiles
//! its peak is one and a half times as high.

use std::fs;

/// The part of the machine's memory that is the budget when nobody names one: one of so many.
const SHARE: u64 = 2;

/// Where a control group says how much its processes may have: version 2, version 1.
const GROUP_LIMITS: [&str; 2] = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/// Where the kernel says how much there is.
const MACHINE: &str = "/proc/meminfo";

/// The smallest budget: less than an empty server would need.
const BYTES_MIN: u64 = 1 << 20;

/// The budget when nobody names one; none where the system does not say how much memory there is.
pub(crate) fn default_budget() -> Option<u64> {
    let machine = fs::read_to_string(MACHINE).ok().and_then(|text| total(&text));
    let groups = GROUP_LIMITS.iter().filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok());
    groups.chain(machine).min().map(|bytes: u64| (bytes / SHARE).max(BYTES_MIN))
}

/// The total of `/proc/meminfo`, in bytes.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1 << 10)
}

/// Gives memory that was freed back to the system, where the allocator would keep it for itself.
pub(crate) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: this is how glibc declares it. It may be called at any time and from any thread, and touches nothing that
        // is in use.
        unsafe extern "C" {
            safe fn malloc_trim(pad: usize) -> std::ffi::c_int;
        }
        malloc_trim(0);
    }
}

/// Reads `8GiB`, `8G`, `512 MiB` or a number of bytes.
///
/// # Errors
/// What is wrong, in words.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        "g" | "gib" => 30,
        "t" | "tib" => 40,
        _ => return Err(format!("\"{unit}\" is no unit; say B, KiB, MiB, GiB or TiB")),
    };
    let number: f64 = digits.parse().map_err(|_| "a size is a number and a unit, such as 8GiB".to_owned())?;
    // A fraction of a byte is none.
    let bytes = (number * (1u64 << shift) as f64) as u64;
    if bytes < BYTES_MIN { Err("a budget has at least 1 MiB".to_owned()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        for (text, bytes) in
            [("8GiB", 8 << 30), ("8G", 8 << 30), ("512 MiB", 512 << 20), ("1.5g", 3 << 29), ("1048576", 1 << 20)]
        {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
        for text in ["", "GiB", "8GB8", "8 apples", "1048575", "-1G", "1.2.3G"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_machine_says_how_much_there_is() {
        assert_eq!(total("MemTotal:       24 kB\nMemFree: 1 kB\n"), Some(24 << 10));
        assert_eq!(total("MemFree: 1 kB\n"), None);
        if cfg!(target_os = "linux") {
            assert!(default_budget().is_some_and(|bytes| bytes >= BYTES_MIN));
        }
    }
}
