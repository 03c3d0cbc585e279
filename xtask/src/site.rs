//! Where things are: the repository, its build output, the tool cache, the shims.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The last part of the shim folder's path: look-ups on PATH skip every folder of this name, so that no shim ever starts itself.
const SHIMS: &str = "tidegate-tools";

#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Cargo's output folder.
    pub(crate) target: PathBuf,
    /// Tools that survive `cargo clean` and serve every checkout.
    pub(crate) cache: PathBuf,
    /// One small program per tool, first on the PATH of everything we start.
    pub(crate) shims: PathBuf,
}

impl Site {
    pub(crate) fn here() -> Result<Self> {
        let package = env::var("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&package)
            .parent()
            .context("xtask has no parent folder")?
            .to_owned();
        // This program is <target>/<profile>/xtask, wherever the target folder was configured to be.
        let target = env::current_exe()?
            .ancestors()
            .nth(2)
            .context("xtask does not run from a target folder")?
            .to_owned();
        Ok(Self {
            cache: cache_dir(|name| env::var_os(name).map(PathBuf::from))
                .context("neither TIDEGATE_CACHE, XDG_CACHE_HOME nor HOME is set")?,
            shims: target.join(SHIMS),
            root,
            target,
        })
    }

    /// The folder of the npm package.
    pub(crate) fn package(&self) -> PathBuf {
        self.root.join("sdk/js")
    }

    /// What `pack` makes.
    pub(crate) fn npm(&self) -> PathBuf {
        self.target.join("npm")
    }

    /// The stub's program, as `cargo build -p server-stub` leaves it.
    pub(crate) fn stub(&self) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("server-stub{}", env::consts::EXE_SUFFIX))
    }
}

/// The program that a variable names.
pub(crate) fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|file| file.is_file())
}

/// A program on PATH, other than our own shims.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    search(&path, name)
}

fn search(path: &OsStr, name: &str) -> Option<PathBuf> {
    env::split_paths(path)
        .filter(|folder| folder.file_name() != Some(OsStr::new(SHIMS)))
        .flat_map(|folder| endings().map(move |ending| folder.join(format!("{name}{ending}"))))
        .find(|file| file.is_file())
}

fn endings() -> impl Iterator<Item = &'static str> {
    let all: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd"]
    } else {
        &[""]
    };
    all.iter().copied()
}

fn cache_dir(var: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let set = |name| var(name).filter(|path| !path.as_os_str().is_empty());
    set("TIDEGATE_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("tidegate")))
        .or_else(|| Some(set("HOME")?.join(".cache/tidegate")))
        .or_else(|| Some(set("USERPROFILE")?.join(".cache/tidegate")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(vars: &[(&str, &str)]) -> Option<PathBuf> {
        cache_dir(|name| {
            let (_, value) = vars.iter().find(|(known, _)| *known == name)?;
            Some(PathBuf::from(value))
        })
    }

    #[test]
    fn the_nearest_variable_names_the_cache() {
        let all = [
            ("TIDEGATE_CACHE", "/a"),
            ("XDG_CACHE_HOME", "/b"),
            ("HOME", "/c"),
        ];
        assert_eq!(cache(&all), Some("/a".into()));
        assert_eq!(cache(&all[1..]), Some("/b/tidegate".into()));
        assert_eq!(cache(&all[2..]), Some("/c/.cache/tidegate".into()));
        assert_eq!(cache(&[]), None);
    }

    #[test]
    #[cfg(unix)]
    fn a_shim_is_never_found_as_the_tool_itself() {
        let base = env::temp_dir().join(format!("tidegate-path-{}", std::process::id()));
        let (shims, real) = (base.join(SHIMS), base.join("real"));
        for folder in [&shims, &real] {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("trunk"), "").unwrap();
        }
        let path = env::join_paths([&shims, &real]).unwrap();
        assert_eq!(search(&path, "trunk"), Some(real.join("trunk")));
        assert_eq!(search(shims.as_os_str(), "trunk"), None);
        std::fs::remove_dir_all(base).unwrap();
    }
}
