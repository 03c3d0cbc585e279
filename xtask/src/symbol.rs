//! Names of compiled functions, and the crates that appear in them.

/// What counts as Rust's standard library. `__rustc` holds the entrances the compiler makes for the allocator and for panics.
pub(crate) const STANDARD: &[&str] = &[
    "__rustc",
    "alloc",
    "compiler_builtins",
    "core",
    "panic_abort",
    "std",
    "std_detect",
];

/// A function's name as one would write it, whichever way it was mangled.
pub(crate) fn plain(symbol: &str) -> String {
    match rustc_demangle::try_demangle(symbol) {
        Ok(name) => format!("{name:#}"),
        // wasm-bindgen demangles names, but leaves the hashes of crates in them.
        Err(_) => without_hashes(symbol),
    }
}

/// The first part of every path in a plain name, from left to right.
pub(crate) fn crates(name: &str) -> Vec<&str> {
    let mut crates = Vec::new();
    let mut rest = name;
    let mut inside_path = false;
    while let Some(start) = rest.find(is_word) {
        inside_path = match start {
            0 => inside_path,
            _ => rest[..start].ends_with("::"),
        };
        let word_and_more = &rest[start..];
        let end = word_and_more
            .find(|c| !is_word(c))
            .unwrap_or(word_and_more.len());
        let (word, after) = word_and_more.split_at(end);
        if !inside_path && after.starts_with("::") && !after.starts_with("::<") {
            crates.push(word);
        }
        rest = after;
    }
    crates
}

/// `core[8f2a01cd]::fmt` as `core::fmt`.
fn without_hashes(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        plain += before;
        match after.split_once(']') {
            Some((hash, after)) if is_hash(hash) => rest = after,
            _ => {
                plain.push('[');
                rest = after;
            }
        }
    }
    plain + rest
}

fn is_hash(text: &str) -> bool {
    text.len() > 4 && text.chars().all(|c| c.is_ascii_hexdigit())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_manglings_and_none_read_the_same() {
        assert_eq!(
            plain("_ZN4core3fmt5write17h0123456789abcdefE"),
            "core::fmt::write"
        );
        assert_eq!(plain("_RNvNtCs1234_4core3fmt5write"), "core::fmt::write");
        assert_eq!(plain("core[8f2a01cd]::fmt::write"), "core::fmt::write");
        assert_eq!(plain("<[u8; 4]>::len"), "<[u8; 4]>::len");
    }

    #[test]
    fn sees_every_crate_once_per_path() {
        let name = "<alloc::vec::Vec<js_sys::Array> as core::ops::Drop>::drop::{closure#0}";
        assert_eq!(crates(name), ["alloc", "js_sys", "core"]);
        assert_eq!(
            crates("<&mut tidegate::Error as serde::S>::f::<T>"),
            ["tidegate", "serde"]
        );
        assert!(crates("memcpy").is_empty());
    }
}
