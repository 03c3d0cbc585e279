//! Which Rust toolchain builds for wasm32, as environment variables for cargo.
//!
//! Usually the active one, and there is nothing to say. Two machines differ: one on which only the toolchain made from Debian's
//! packages (see `debian.rs`) has wasm32's standard library, and one whose toolchain ships without rust-lld. The linker is chosen here
//! and not in a checked-in file, which would break every other machine.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::site::on_path;

pub(crate) const WASM32: &str = "wasm32-unknown-unknown";

/// The name under which rustup knows Debian's toolchain.
pub(super) const DEBIAN: &str = "tidegate-debian";
/// Debian's linker for wasm, of the package lld-22.
pub(super) const DEBIAN_LINKER: &str = "wasm-ld-22";
pub(super) const LINKER_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";

/// The toolchain that has wasm32's standard library.
#[derive(Debug, PartialEq)]
pub(super) enum Toolchain {
    Active { libraries: PathBuf },
    Debian { libraries: PathBuf },
}

pub(super) fn find() -> Option<Toolchain> {
    with_std(libraries(&[])).map_or_else(
        || {
            let libraries = with_std(libraries(&[("RUSTUP_TOOLCHAIN", DEBIAN)]))?;
            Some(Toolchain::Debian { libraries })
        },
        |libraries| Some(Toolchain::Active { libraries }),
    )
}

/// What commands must have in their environment to build for wasm32.
pub(crate) fn environment() -> Vec<(String, OsString)> {
    let mut env = Vec::new();
    let libraries = match find() {
        None => return env,
        Some(Toolchain::Active { libraries }) => libraries,
        Some(Toolchain::Debian { libraries }) => {
            env.push(("RUSTUP_TOOLCHAIN".to_owned(), DEBIAN.into()));
            libraries
        }
    };
    if !has_rust_lld(&libraries) && on_path(DEBIAN_LINKER).is_some() {
        env.push((LINKER_VARIABLE.to_owned(), DEBIAN_LINKER.into()));
    }
    env
}

fn libraries(env: &[(&str, &str)]) -> Option<PathBuf> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM32])
        .envs(env.iter().copied())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output
        .status
        .success()
        .then(|| PathBuf::from(text.trim_end()))
}

fn with_std(libraries: Option<PathBuf>) -> Option<PathBuf> {
    let libraries = libraries?;
    let is_std = |name: OsString| {
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    };
    fs::read_dir(&libraries)
        .ok()?
        .flatten()
        .any(|entry| is_std(entry.file_name()))
        .then_some(libraries)
}

/// `libraries` is `<sysroot>/lib/rustlib/wasm32-unknown-unknown/lib`; the linker is beside it, below the host's name.
fn has_rust_lld(libraries: &Path) -> bool {
    let Some(rustlib) = libraries.ancestors().nth(2) else {
        return false;
    };
    fs::read_dir(rustlib)
        .into_iter()
        .flatten()
        .flatten()
        .any(|host| {
            let linker = format!("bin/rust-lld{}", std::env::consts::EXE_SUFFIX);
            host.path().join(linker).is_file()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_folder_counts_only_with_std_in_it() {
        let base = std::env::temp_dir().join(format!("tidegate-std-{}", std::process::id()));
        let folder = base.join("lib/rustlib/wasm32-unknown-unknown/lib");
        fs::create_dir_all(&folder).unwrap();
        assert_eq!(with_std(Some(folder.clone())), None);
        fs::write(folder.join("libstd-0123.rlib"), "").unwrap();
        assert_eq!(with_std(Some(folder.clone())), Some(folder.clone()));

        assert!(!has_rust_lld(&folder));
        let host = base.join("lib/rustlib/some-host/bin");
        fs::create_dir_all(&host).unwrap();
        fs::write(
            host.join(format!("rust-lld{}", std::env::consts::EXE_SUFFIX)),
            "",
        )
        .unwrap();
        assert!(has_rust_lld(&folder));
        fs::remove_dir_all(base).unwrap();
    }
}
