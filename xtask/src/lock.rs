//! Which version of a crate Cargo.lock holds: the one place that decides it.

use std::fs;

use anyhow::{Context, Result};

use crate::site::Site;

pub(crate) fn version_of(site: &Site, package: &str) -> Result<String> {
    let text = fs::read_to_string(site.root.join("Cargo.lock")).context("reading Cargo.lock")?;
    find(&text, package)
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock names no {package}; build the workspace once"))
}

fn find<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    lock.split("[[package]]")
        .find(|entry| field(entry, "name") == Some(package))
        .and_then(|entry| field(entry, "version"))
}

fn field<'lock>(entry: &'lock str, key: &str) -> Option<&'lock str> {
    entry
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))
        .map(|value| value.trim_end_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"version = 4

[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"
dependencies = [
 "wasm-bindgen",
]

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry+https://example.invalid/index"
"#;

    #[test]
    fn finds_the_package_and_not_its_namesakes() {
        assert_eq!(find(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(find(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(find(LOCK, "wasm"), None);
    }
}
