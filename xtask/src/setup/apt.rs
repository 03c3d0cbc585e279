//! Debian's package manager, where there is one and we may use it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::shell::{Cmd, Shell};
use crate::site::on_path;

/// Whether packages can be installed without asking anybody for a password.
pub(super) fn usable() -> bool {
    on_path("apt-get").is_some() && (is_root() || may_sudo())
}

/// A command with root's rights. Only where `usable` said yes.
pub(super) fn as_root(sh: &Shell, program: &str) -> Cmd {
    if is_root() {
        sh.cmd(program)
    } else {
        sh.cmd("sudo").arg("-n").arg(program)
    }
}

pub(super) fn install(sh: &Shell, packages: &[&str]) -> Result<()> {
    if !usable() {
        bail!("there is no apt-get here that may be used without a password");
    }
    as_root(sh, "apt-get")
        .arg("update")
        .run_patiently("reading Debian's package lists")?;
    as_root(sh, "env")
        .words("DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends")
        .args(packages)
        .run_patiently(&format!("installing {}", packages.join(", ")))
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    // The owner of our own entry in /proc is the user we run as.
    Path::new("/proc/self")
        .metadata()
        .is_ok_and(|data| data.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

fn may_sudo() -> bool {
    on_path("sudo").is_some_and(|sudo| {
        Command::new(sudo)
            .args(["-n", "true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}
