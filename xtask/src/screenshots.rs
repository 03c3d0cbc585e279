//! `cargo xtask screenshots`: the pictures of the README, made anew by the spec that plays the demo's three states.

use anyhow::Result;

use crate::args::Args;
use crate::e2e;
use crate::setup;

pub(crate) fn command(args: Args) -> Result<()> {
    args.end()?;
    let sh = setup::ready(e2e::NEEDS)?;
    let pictures = sh.site.root.join("demo-app/screenshots");
    let spec = ["three_states".to_owned()];
    e2e::run_with(&sh, &spec, &[("TIDEGATE_SCREENSHOTS", &pictures)])
}
