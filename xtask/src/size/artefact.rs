//! The files that a user's page downloads for one entry of the package.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::weight::Weight;
use crate::npm::Manifest;

/// The budget's name of an artefact, and the entries of the package that may hold it, the first found counts.
const ENTRIES: &[(&str, &[&str])] = &[
    ("default", &["."]),
    ("slim", &["./slim"]),
    ("wasm", &["./wasm", "./tidegate.wasm"]),
];

#[derive(Debug)]
pub(super) struct Artefact {
    pub(super) name: &'static str,
    pub(super) file: PathBuf,
    pub(super) weight: Weight,
}

impl Artefact {
    pub(super) fn all(manifest: &Manifest) -> Result<Vec<Self>> {
        ENTRIES
            .iter()
            .map(|(name, entries)| {
                let file = first_of(manifest, entries)?;
                Ok(Self {
                    name,
                    weight: Weight::of(&with_imports(&file)?)?,
                    file,
                })
            })
            .collect()
    }
}

fn first_of(manifest: &Manifest, entries: &[&str]) -> Result<PathBuf> {
    let found = entries.iter().find_map(|name| manifest.entry(name).ok());
    found.with_context(|| format!("sdk/js/package.json exports none of {}", entries.join(", ")))
}

/// The file and what it imports at once from beside it: a split file must not look like a saved byte.
fn with_imports(entry: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![entry.to_owned()];
    while let Some(file) = open.pop() {
        if !seen.insert(file.clone()) {
            continue;
        }
        let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        if file.extension().is_some_and(|ending| ending != "wasm") {
            let folder = file.parent().unwrap_or(Path::new("."));
            open.extend(
                imports(&String::from_utf8_lossy(&text))
                    .into_iter()
                    .map(|name| clean(&folder.join(name))),
            );
        }
        bytes.extend(text);
    }
    Ok(bytes)
}

/// The relative names in `import … from "./x"`, `export … from "./x"` and `import "./x"`; `import("./x")` is fetched later, if ever.
fn imports(script: &str) -> Vec<&str> {
    ["from", "import"]
        .iter()
        .flat_map(|word| script.match_indices(word))
        .filter_map(|(at, word)| {
            let rest = script[at + word.len()..].trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (name, _) = rest[1..].split_once(quote)?;
            name.starts_with('.').then_some(name)
        })
        .collect()
}

/// `a/./b/../c` as `a/c`, so that one file has one name.
fn clean(path: &Path) -> PathBuf {
    use std::path::Component;
    path.components().fold(PathBuf::new(), |mut clean, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            _ => clean.push(part),
        }
        clean
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_what_is_fetched_at_once_and_nothing_else() {
        let script = r#"import{a}from"./glue.mjs";import './side.mjs';export * from "../up.mjs";
            import z from "zod"; const later = () => import("./lazy.mjs"); const from = "./no.mjs";"#;
        let mut found = imports(script);
        found.sort_unstable();
        assert_eq!(found, ["../up.mjs", "./glue.mjs", "./side.mjs"]);
    }

    #[test]
    fn counts_a_shared_file_once() {
        let folder = std::env::temp_dir().join(format!("tidegate-entry-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        write("a.mjs", "import './b.mjs'; import './c.mjs'");
        write("b.mjs", "import './c.mjs'");
        write("c.mjs", "let c");
        let bytes = with_imports(&folder.join("a.mjs")).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap().matches("let c").count(),
            1
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
