//! `cargo xtask types`: writes the TypeScript that is generated from the declarations in the core.
//!
//! The test that compares the two writes the file when it is told to, so that there is one generator and one comparison.

use anyhow::Result;

use crate::args::Args;
use crate::setup;

pub(crate) fn command(args: Args) -> Result<()> {
    args.end()?;
    let sh = setup::ready(&[])?;
    sh.cargo("test --package tidegate-js --test typescript")
        .env("TIDEGATE_WRITE_TYPES", "1")
        .run()
}
