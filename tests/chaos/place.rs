//! Where things are: what `cargo xtask chaos` built, and where a run may write.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The stub's program.
pub(crate) fn stub() -> Result<PathBuf> {
    named("TIDEGATE_STUB")
}

/// The browser's program.
pub(crate) fn browser() -> Result<PathBuf> {
    named("TIDEGATE_BROWSER")
}

/// A folder in Cargo's output folder for what a run leaves behind.
pub(crate) fn leftovers() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("chaos")
}

/// The page with the npm package unpacked beside it, for the runs of a seed: two seeds may run at a time.
pub(crate) fn page(seed: u64) -> Result<PathBuf> {
    let folder = leftovers().join(format!("page-{seed}"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("chaos/page");
    for file in ["index.html", "words.js", "socket.html", "socket.js"] {
        fs::copy(page.join(file), folder.join(file))?;
    }
    // npm packs everything into a folder called `package`.
    let unpacked = Command::new("tar")
        .arg("-xzf")
        .arg(named("TIDEGATE_PACKAGE")?)
        .current_dir(&folder)
        .status()?;
    ensure!(unpacked.success(), "the package cannot be unpacked");
    Ok(folder)
}

fn named(variable: &str) -> Result<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from).with_context(|| {
        format!("{variable} is not set: start it with `cargo xtask chaos outbox`")
    })?;
    path.canonicalize()
        .with_context(|| format!("{variable} names {}", path.display()))
}
