//! The checks, in the order they run: what is cheap and fails often comes first.
//!
//! A step names what it needs from the machine, so that `cargo xtask test fmt` asks for no browser. Steps may rely on no other step:
//! each builds what it uses, which costs nothing when it is built already.

use std::path::Path;

use anyhow::Result;

use super::crates;
use crate::chaos;
use crate::conformance;
use crate::e2e;
use crate::pack;
use crate::purity;
use crate::setup::{Need, browser};
use crate::shell::Shell;
use crate::size;
use crate::stub::{Ports, Stub};

pub(crate) struct Step {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) needs: &'static [Need],
    pub(super) run: fn(&Shell) -> Result<()>,
}

pub(super) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        what: "every file is formatted",
        needs: &[],
        run: |sh| sh.cargo("fmt --all --check").run(),
    },
    Step {
        name: "clippy",
        what: "no warnings, on this machine",
        needs: &[],
        run: |sh| {
            sh.cargo("clippy --workspace --all-targets -- -D warnings")
                .run()
        },
    },
    Step {
        name: "clippy-wasm",
        what: "no warnings, in the browser",
        needs: &[Need::Wasm32],
        run: clippy_wasm,
    },
    Step {
        name: "docs",
        what: "the documentation builds and its links lead somewhere",
        needs: &[],
        run: |sh| {
            sh.cargo("doc --workspace --no-deps")
                .env("RUSTDOCFLAGS", "-D warnings")
                .run()
        },
    },
    Step {
        name: "alone",
        what: "every crate and every feature of the SDK builds by itself",
        needs: &[],
        run: crates::build_alone,
    },
    Step {
        name: "pure",
        what: "the core asks nothing of the world around it",
        needs: &[Need::Wasm32],
        run: purity::check,
    },
    Step {
        name: "native",
        what: "unit, property and documentation tests on this machine",
        needs: &[],
        run: |sh| {
            sh.cargo("test --workspace --exclude tidegate-tests --no-fail-fast")
                .run()?;
            // The simulator; what is beside it in its package needs a browser.
            sh.cargo("test --package tidegate-tests --lib --bins").run()
        },
    },
    Step {
        name: "core-wasm",
        what: "the core's tests as WebAssembly",
        needs: &[Need::Wasm32, Need::Bindgen, Need::Node],
        run: core_wasm,
    },
    Step {
        name: "browser",
        what: "the browser drivers in Chromium against the running stub",
        needs: &[Need::Wasm32, Need::Bindgen, Need::Browser],
        run: in_browser,
    },
    Step {
        name: "package",
        what: "the npm package: built, packed, typed, linted, tested",
        needs: pack::NEEDS,
        run: package,
    },
    Step {
        name: "size",
        what: "the npm package keeps to its budget",
        needs: size::NEEDS,
        run: size::check,
    },
    Step {
        name: "conformance",
        what: "the HTTP cache tests (RFC 9111) in Chromium",
        needs: conformance::NEEDS,
        run: conformance::check,
    },
    Step {
        name: "e2e",
        what: "the demo and the package in Chromium, end to end",
        needs: e2e::NEEDS,
        run: |sh| e2e::run(sh, &[]),
    },
    Step {
        name: "chaos",
        what: "2,000 queued writes in Chromium, whose tabs are killed",
        needs: chaos::NEEDS,
        run: chaos::check,
    },
];

/// The crates that run in the browser.
fn clippy_wasm(sh: &Shell) -> Result<()> {
    sh.cargo("clippy --target wasm32-unknown-unknown")
        .words("-p tidegate-core -p tidegate -p tidegate-js -p tidegate-contract -p demo-app")
        .words("-- -D warnings")
        .run()
}

/// The runner starts Node where a test does not ask for a browser. Without documentation tests, which it cannot run.
fn core_wasm(sh: &Shell) -> Result<()> {
    sh.cargo("test --package tidegate-core --target wasm32-unknown-unknown --lib --tests")
        .env(RUNNER_VARIABLE, RUNNER)
        .run()
}

/// Never with `--quiet`: the runner does not understand it. The addresses are read when the tests are compiled. `page.rs` has a law of its
/// page.
fn in_browser(sh: &Shell) -> Result<()> {
    let browser = browser::located(sh)?;
    Stub::build(sh)?;
    let _stub = Stub::start(sh, Ports::TESTS)?;
    sh.cargo("test --package tidegate --target wasm32-unknown-unknown --lib --test web")
        .env(RUNNER_VARIABLE, RUNNER)
        .env("CHROME", &browser.chrome)
        .env("CHROMEDRIVER", &browser.driver)
        .env(PATIENCE_VARIABLE, PATIENCE_S)
        .env("TIDEGATE_STUB_API", Ports::TESTS.api_url())
        .env("TIDEGATE_STUB_CONTROL", Ports::TESTS.control_url())
        // An empty one makes the runner start a program without a name.
        .without_env("GECKODRIVER")
        .run()
}

/// `npm test` in sdk/js runs the type tests and the facade's behaviour; the package itself is judged by publint and attw.
fn package(sh: &Shell) -> Result<()> {
    let archive = pack::pack(sh)?;
    npm(sh, &["test"], &archive)?;
    npm(sh, &["exec", "--no", "--", "publint", "--strict"], &archive)?;
    let attw = ["exec", "--no", "--", "attw"];
    npm(
        sh,
        &[&attw[..], &[&archive.to_string_lossy()]].concat(),
        &archive,
    )
}

fn npm(sh: &Shell, words: &[&str], archive: &Path) -> Result<()> {
    sh.cmd("npm")
        .args(words)
        .within(&sh.site.package())
        .env("TIDEGATE_PACKAGE", archive)
        .run()
}

const RUNNER: &str = "wasm-bindgen-test-runner";
/// For all tests of one page together, in seconds: the runner's own patience is twenty, which they take on a quiet machine.
const PATIENCE_S: &str = "300";
const PATIENCE_VARIABLE: &str = "WASM_BINDGEN_TEST_TIMEOUT";
const RUNNER_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";
