//! Every crate builds by itself, and every feature of the published crates builds alone.
//!
//! Within the whole workspace a crate may borrow a feature that only another crate asked for; its users would not have that.

use anyhow::Result;

use crate::members::{self, Member};
use crate::shell::Shell;

/// The crates other people depend on.
const PUBLISHED: &[&str] = &["tidegate", "tidegate-core", "tidegate-hint"];

pub(super) fn build_alone(sh: &Shell) -> Result<()> {
    for member in members::list(sh)? {
        // This program is the proof that xtask builds.
        if member.name != env!("CARGO_PKG_NAME") {
            check(sh, &member.name, &[])?;
        }
        if PUBLISHED.contains(&member.name.as_str()) {
            features(sh, &member)?;
        }
    }
    Ok(())
}

fn features(sh: &Shell, member: &Member) -> Result<()> {
    check(sh, &member.name, &["--no-default-features"])?;
    for feature in member.features.iter().filter(|name| *name != "default") {
        let alone = ["--no-default-features", "--features", feature];
        check(sh, &member.name, &alone)?;
    }
    Ok(())
}

fn check(sh: &Shell, package: &str, features: &[&str]) -> Result<()> {
    sh.cargo("check --quiet --package")
        .arg(package)
        .args(features)
        .run()
}
