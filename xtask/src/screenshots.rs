//! `cargo xtask screenshots`: the pictures of the README, made anew by the specs that play the demo's three states and the gap of its feed.

use anyhow::Result;

use crate::args::Args;
use crate::e2e;
use crate::setup;

pub(crate) fn command(args: Args) -> Result<()> {
    args.end()?;
    let sh = setup::ready(e2e::NEEDS)?;
    let pictures = sh.site.root.join("demo-app/screenshots");
    let specs = ["three_states", "a_feed_that_is_sent_away"].map(str::to_owned);
    e2e::run_with(&sh, &specs, &[("TIDEGATE_SCREENSHOTS", &pictures)])
}
