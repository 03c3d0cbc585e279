//! Running other programs: the command is shown, the tools are on PATH, a failure says which command failed.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{BufReader, Read, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::heartbeat;
use crate::running::Running;
use crate::setup::{shim, toolchain};
use crate::site::Site;

/// The site, and the environment every command runs in.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(crate) site: Site,
    env: Vec<(String, OsString)>,
}

impl Shell {
    pub(crate) fn new(site: Site) -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [site.shims.clone()]
            .into_iter()
            .chain(env::split_paths(&path));
        let mut env = toolchain::environment();
        if let Ok(path) = env::join_paths(folders) {
            env.push(("PATH".to_owned(), path));
        }
        Self { site, env }
    }

    /// A program by name, ours before the system's, started in the repository.
    pub(crate) fn cmd(&self, program: &str) -> Cmd {
        let ours = shim::file(&self.site.shims, program);
        let file = if ours.is_file() {
            ours
        } else {
            PathBuf::from(program)
        };
        let mut inner = Command::new(file);
        inner
            .current_dir(&self.site.root)
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        Cmd {
            inner,
            shown: program.to_owned(),
            logs: self.site.target.join("tidegate-logs"),
        }
    }

    pub(crate) fn cargo(&self, words: &str) -> Cmd {
        self.cmd("cargo").words(words)
    }
}

#[derive(Debug)]
pub(crate) struct Cmd {
    inner: Command,
    shown: String,
    logs: PathBuf,
}

impl Cmd {
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown += &format!(" {}", arg.as_ref().display());
        self.inner.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Arguments without spaces in them, written as one would type them.
    pub(crate) fn words(self, words: &str) -> Self {
        self.args(words.split_whitespace())
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.inner.env_remove(name);
        self
    }

    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.inner.current_dir(folder);
        self
    }

    /// What it prints to standard error goes to a file.
    pub(crate) fn errors_to(mut self, file: File) -> Self {
        self.inner.stderr(file);
        self
    }

    /// Shows the command, lets it print, waits for it.
    pub(crate) fn run(mut self) -> Result<()> {
        eprintln!("$ {}", self.shown);
        let status = self.inner.status().with_context(|| self.trouble())?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }

    /// As `run`, with everything it prints on standard error: standard output is for the caller's result.
    pub(crate) fn run_aside(mut self) -> Result<()> {
        self.inner.stdout(stderr());
        self.run()
    }

    /// Runs in silence, as long as it takes, and says every now and then that it still does. Its output is shown when it fails.
    pub(crate) fn run_patiently(self, label: &str) -> Result<()> {
        self.read_patiently(label).map(drop)
    }

    /// The same, for the sake of what it prints to either output.
    pub(crate) fn read_patiently(self, label: &str) -> Result<String> {
        let Self { inner, shown, logs } = self;
        let log =
            heartbeat::wait(inner, &logs, label).with_context(|| format!("`{shown}` failed"))?;
        Ok(String::from_utf8_lossy(&fs::read(log)?).into_owned())
    }

    /// What it prints to standard output, when it succeeds.
    pub(crate) fn read(mut self) -> Result<String> {
        let output = self
            .inner
            .stdin(Stdio::null())
            .output()
            .with_context(|| self.trouble())?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{}` failed ({})\n{said}", self.shown, output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Shows the command, lets it report its progress, and gives what it prints to standard output.
    pub(crate) fn read_aloud(mut self) -> Result<String> {
        eprintln!("$ {}", self.shown);
        self.inner.stdout(Stdio::piped());
        let mut child = self.inner.spawn().with_context(|| self.trouble())?;
        let mut text = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_to_string(&mut text)?;
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(text)
    }

    /// Starts it and leaves it running until the handle is dropped.
    pub(crate) fn start(mut self, stdin: Stdio, stdout: Stdio) -> Result<Running> {
        eprintln!("$ {}", self.shown);
        let child = self
            .inner
            .stdin(stdin)
            .stdout(stdout)
            .spawn()
            .with_context(|| self.trouble())?;
        Ok(Running::new(child))
    }

    fn trouble(&self) -> String {
        format!("`{}` could not be started", self.shown)
    }
}
