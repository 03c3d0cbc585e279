//! `cargo xtask sim`: fleets of browsers against the overload model, in virtual time.
//!
//! What is run, and what is counted, is in `tests`; the words are handed on to it.

use anyhow::Result;

use crate::args::Args;
use crate::shell::Shell;
use crate::site::Site;

pub(crate) fn command(args: Args) -> Result<()> {
    let sh = Shell::new(Site::here()?);
    sh.cargo("run --quiet --release --package tidegate-tests --bin sim --")
        .args(args.rest())
        .run()
}
