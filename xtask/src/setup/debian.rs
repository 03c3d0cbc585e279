//! The fallback where rustup's server is out of reach: Rust for wasm32 out of Debian's packages.
//!
//! Debian ships a current rustc for its browsers (the `-web` packages) with the standard library's source, but not compiled for
//! wasm32. So: install them, make them a rustup toolchain, compile std once (about a minute on two cores) and put it where rustc looks.
//! `-Cembed-bitcode=yes` because without it every later build with `lto` fails ("failed to get bitcode from object file").

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::apt;
use super::toolchain::{DEBIAN, DEBIAN_LINKER, LINKER_VARIABLE, WASM32};
use crate::shell::Shell;
use crate::site::on_path;

const PACKAGES: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "libstd-rust-web-dev",
    "rust-web-src",
    "rust-web-clippy",
    "rustfmt-web",
    "lld-22",
];

const EMPTY_CRATE: &str = r#"[package]
name = "empty"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[workspace]
"#;

pub(super) fn install(sh: &Shell) -> Result<()> {
    apt::install(sh, PACKAGES)?;
    if on_path("rustup").is_some() {
        sh.cmd("rustup")
            .words("toolchain link")
            .args([DEBIAN, "/usr"])
            .run()?;
    }
    let build = sh.site.target.join("wasm32-std");
    compile_std(sh, &build)?;
    put_in_place(sh, &build)?;
    fs::remove_dir_all(build)?;
    // Whatever was compiled against another standard library cannot be linked with this one.
    let stale = sh.site.target.join(WASM32);
    if stale.exists() {
        fs::remove_dir_all(stale)?;
    }
    Ok(())
}

fn compile_std(sh: &Shell, build: &Path) -> Result<()> {
    fs::create_dir_all(build.join("src"))?;
    fs::write(build.join("Cargo.toml"), EMPTY_CRATE)?;
    fs::write(build.join("src/lib.rs"), "")?;
    sh.cargo("build -Z build-std=std,panic_abort --release --target")
        .arg(WASM32)
        .within(build)
        .env("CARGO_TARGET_DIR", build.join("target"))
        .env("RUSTUP_TOOLCHAIN", DEBIAN)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env(LINKER_VARIABLE, DEBIAN_LINKER)
        .run_patiently("compiling the standard library for wasm32")
}

/// Old libraries go first: two copies of one crate stop every build (E0463).
fn put_in_place(sh: &Shell, build: &Path) -> Result<()> {
    let place = format!("/usr/lib/rustlib/{WASM32}/lib");
    let made = build.join("target").join(WASM32).join("release/deps");
    let libraries: Vec<_> = fs::read_dir(&made)?
        .map(|entry| Ok(entry?.path()))
        .filter(|path: &Result<_>| match path {
            Ok(path) => path.extension().is_some_and(|ending| ending == "rlib"),
            Err(_) => true,
        })
        .collect::<Result<_>>()?;
    if libraries.is_empty() {
        bail!("{} holds no libraries", made.display());
    }
    apt::as_root(sh, "rm").args(["-rf", &place]).run()?;
    apt::as_root(sh, "mkdir").args(["-p", &place]).run()?;
    apt::as_root(sh, "cp")
        .args(libraries)
        .arg(&place)
        .run_patiently("putting it where rustc looks")
}
