//! How much memory this process holds.
//!
//! Linux tells in `/proc/self/status`, in KiB whatever the size of a page is (`statm` counts pages, and asking for their size takes
//! either unsafe code or a dependency). Elsewhere the answer is "cannot be told", which is no alarm. The limit is a statement to be
//! warned against, 1 GiB unless told otherwise: nothing enforces it, because a stub that kills itself under load proves nothing.

use tidegate_contract::metrics::Memory;

/// What the stub is meant to stay below, unless told otherwise: 1 GiB.
pub const DEFAULT_LIMIT_BYTES: u64 = 1 << 30;

/// The memory of this process beside its stated limit.
#[must_use]
pub fn memory(limit_bytes: u64) -> Memory {
    Memory {
        resident_bytes: resident_bytes(),
        limit_bytes,
    }
}

#[cfg(target_os = "linux")]
fn resident_bytes() -> Option<u64> {
    parse(&std::fs::read_to_string("/proc/self/status").ok()?)
}

#[cfg(not(target_os = "linux"))]
fn resident_bytes() -> Option<u64> {
    None
}

#[cfg(any(target_os = "linux", test))]
fn parse(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resident_set_is_read_from_the_status() {
        let status = "VmPeak:\t  999 kB\nVmRSS:\t   12344 kB\nThreads:\t2\n";
        assert_eq!(parse(status), Some(12_344 * 1_024));
        assert_eq!(parse("VmRSS:\t12 pages"), None);
        assert_eq!(parse(""), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_more_than_a_megabyte() {
        let memory = memory(DEFAULT_LIMIT_BYTES);
        assert!(memory.resident_bytes.is_some_and(|bytes| bytes > 1 << 20));
    }
}
