//! The core is pure: it asks nothing of the world around it.
//!
//! Two proofs. Compiled for wasm32, its objects refer to nothing but Rust's own core and alloc: no host function, so no clock, no
//! network, no storage, and no randomness but what is handed in. And its dependencies are none, or serde where that feature is asked for.
//!
//! The objects in the library are read as they are. Linking them into a module would drop everything that nobody calls yet, and with
//! it the imports this is about.

mod archive;
mod symbols;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::members;
use crate::shell::Shell;

const CORE: &str = "tidegate-core";
/// serde with its derive, and what that macro is made of.
const SERDE: &[&str] = &[
    "proc-macro2",
    "quote",
    "serde",
    "serde_core",
    "serde_derive",
    "syn",
    "unicode-ident",
];

pub(crate) fn check(sh: &Shell) -> Result<()> {
    depends_on(sh, &[], &[])?;
    if members::find(sh, CORE)?
        .features
        .iter()
        .any(|name| name == "serde")
    {
        depends_on(sh, &["--features", "serde"], SERDE)?;
    }
    let library = fs::read(build(sh)?)?;
    let mut objects = 0;
    for member in archive::members(&library)? {
        let foreign = symbols::foreign(member.bytes)
            .with_context(|| format!("reading {} of the core's library", member.name))?;
        if !foreign.is_empty() {
            bail!(
                "{CORE} asks the world around it for: {}",
                foreign.join(", ")
            );
        }
        objects += 1;
    }
    println!("{CORE}: {objects} objects, none refers to anything outside Rust's core and alloc");
    Ok(())
}

fn build(sh: &Shell) -> Result<PathBuf> {
    let messages = sh
        .cargo("build --package")
        .arg(CORE)
        .words("--lib --target wasm32-unknown-unknown --message-format json-render-diagnostics")
        .read_aloud()?;
    library(&messages).context("cargo built no library of the core")
}

/// The core's .rlib among what cargo says it made.
fn library(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["target"]["name"] == CORE.replace('-', "_"))
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|ending| ending == "rlib"))
}

fn depends_on(sh: &Shell, features: &[&str], allowed: &[&str]) -> Result<()> {
    let tree = sh
        .cargo("tree --edges normal --prefix none --format {p} --package")
        .arg(CORE)
        .args(features)
        .read()?;
    let extra = beyond(&tree, allowed);
    if !extra.is_empty() {
        bail!(
            "{CORE} depends on {} {}",
            extra.join(", "),
            features.join(" ")
        );
    }
    Ok(())
}

/// The packages in cargo's list that are neither the core nor allowed.
fn beyond<'tree>(tree: &'tree str, allowed: &[&str]) -> Vec<&'tree str> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != CORE && !allowed.contains(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_allowed_may_be_in_the_tree() {
        let tree = "tidegate-core v0.1.0 (/here)\nserde v1.0.229\nserde_core v1.0.229 (*)\n";
        assert!(beyond(tree, SERDE).is_empty());
        assert_eq!(beyond(tree, &[]), ["serde", "serde_core"]);
    }

    #[test]
    fn finds_the_library_among_the_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"serde"},"filenames":["/t/libserde.rlib"]}
{"reason":"compiler-artifact","target":{"name":"tidegate_core"},"filenames":["/t/libtidegate_core.rmeta","/t/libtidegate_core.rlib"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(library(messages), Some("/t/libtidegate_core.rlib".into()));
    }
}
