//! Ann, who leaves a mark in everything that she reads: what becomes of it when she goes.

use anyhow::Result;
use tidegate_contract::{Fault, FaultProgram, Rule, paths};
use tidegate_stub_client::SpaceHandle;

use super::{Outcome, PackagePage};
use crate::fixture::Stage;

/// In the URL, in a header and in the body of what she reads.
pub(crate) const MARK: &str = "a-secret-5b1d";
/// What her requests carry in `Authorization`.
pub(crate) const TOKEN: &str = "a-token-9c2e";

/// Ann is signed in in both, and each has kept something that the other has not read.
pub(crate) async fn two_windows<'a>(
    stage: &'a Stage,
    space: &'a SpaceHandle,
) -> Result<(PackagePage<'a>, PackagePage<'a>)> {
    space.put_program(&marking()).await?;
    let first = PackagePage::open(stage, space).await?;
    let second = first.open_beside().await?;
    for (window, id) in [(&first, "ds-00001"), (&second, "ds-00002")] {
        window.tag(id, MARK).await?;
        window.sign_in("ann").await?;
        let reading = window.keep_with_token(&marked(id), TOKEN).await?;
        assert!(reading.text.contains(MARK), "{reading:?}");
        assert_eq!(reading.language.as_deref(), Some(MARK));
    }
    Ok((first, second))
}

/// Every answer has the mark in a header that every page may read.
pub(crate) fn marking() -> FaultProgram {
    let language = Fault::Header {
        name: "content-language".to_owned(),
        value: Some(MARK.to_owned()),
    };
    FaultProgram::new(1).with_rule(Rule::new("marked", language))
}

pub(crate) fn marked(id: &str) -> String {
    format!("{}?for={MARK}", paths::asset(id))
}

pub(crate) async fn nothing_has(window: &PackagePage<'_>, texts: &[&str]) -> Result<()> {
    let places = window.traces(texts).await?;
    assert!(places.is_empty(), "{places:?}");
    Ok(())
}

/// While the backend is away, this window has nothing of what Ann has read.
pub(crate) async fn finds_nothing(window: &PackagePage<'_>) -> Result<()> {
    assert!(window.list().await?.is_empty());
    for id in ["ds-00001", "ds-00002"] {
        let answer = window.read(&marked(id)).await?;
        assert!(matches!(answer, Outcome::Rejected(_)), "{answer:?}");
    }
    Ok(())
}
