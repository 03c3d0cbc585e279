//! One small program per tool, in one folder, so that cargo, trunk and npm find the versions chosen here under their usual names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

#[derive(Debug, PartialEq)]
pub(crate) struct Shim {
    name: &'static str,
    program: PathBuf,
    first: Vec<PathBuf>,
}

impl Shim {
    pub(crate) fn new(name: &'static str, program: PathBuf) -> Self {
        Self {
            name,
            program,
            first: Vec::new(),
        }
    }

    /// An argument that goes before the caller's own.
    pub(crate) fn with_first(mut self, argument: PathBuf) -> Self {
        self.first.push(argument);
        self
    }

    fn text(&self) -> String {
        let words: Vec<_> = [&self.program]
            .into_iter()
            .chain(&self.first)
            .map(|word| quoted(word))
            .collect();
        if cfg!(windows) {
            format!("@{} %*\r\n", words.join(" "))
        } else {
            format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" "))
        }
    }
}

/// Where the shim of a program is, if it has one.
pub(crate) fn file(folder: &Path, name: &str) -> PathBuf {
    let ending = if cfg!(windows) { ".cmd" } else { "" };
    folder.join(format!("{name}{ending}"))
}

pub(super) fn write(folder: &Path, shims: &[Shim]) -> Result<()> {
    for shim in shims {
        let file = file(folder, shim.name);
        let text = shim.text();
        if fs::read_to_string(&file).is_ok_and(|now| now == text) {
            continue;
        }
        // A new file under a new name, then renamed: another command may be starting the old one right now.
        let fresh = folder.join(format!("{}.{}", shim.name, std::process::id()));
        fs::create_dir_all(folder)?;
        fs::write(&fresh, text)?;
        make_executable(&fresh)?;
        fs::rename(&fresh, &file).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        file,
        fs::Permissions::from_mode(0o755),
    )?)
}

#[cfg(not(unix))]
fn make_executable(_file: &Path) -> Result<()> {
    Ok(())
}

fn quoted(word: &Path) -> String {
    if cfg!(windows) {
        format!("\"{}\"", word.display())
    } else {
        format!("'{}'", word.display().to_string().replace('\'', r"'\''"))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn hands_every_argument_on_after_its_own() {
        let folder = std::env::temp_dir().join(format!("tidegate shim's {}", std::process::id()));
        let echo = Shim::new("say", "/bin/echo".into()).with_first("first".into());
        write(&folder, &[echo]).unwrap();
        let output = std::process::Command::new(file(&folder, "say"))
            .args(["second one", "$HOME"])
            .output()
            .unwrap();
        assert_eq!(output.stdout, b"first second one $HOME\n");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn quotes_what_a_shell_would_read() {
        assert_eq!(quoted(Path::new("/it's here")), r"'/it'\''s here'");
    }
}
