//! The packages of this workspace and their features, as cargo knows them.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell::Shell;

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) features: Vec<String>,
}

pub(crate) fn list(sh: &Shell) -> Result<Vec<Member>> {
    let text = sh.cargo("metadata --no-deps --format-version 1").read()?;
    let metadata: Value = serde_json::from_str(&text)?;
    metadata["packages"]
        .as_array()
        .context("cargo metadata lists no packages")?
        .iter()
        .map(member)
        .collect()
}

pub(crate) fn find(sh: &Shell, name: &str) -> Result<Member> {
    list(sh)?
        .into_iter()
        .find(|member| member.name == name)
        .with_context(|| format!("there is no package {name}"))
}

fn member(package: &Value) -> Result<Member> {
    let features = package["features"].as_object().context("no features")?;
    Ok(Member {
        name: package["name"].as_str().context("no name")?.to_owned(),
        features: features.keys().cloned().collect(),
    })
}
