//! Somebody signs out while the browser's database does not do as it should: what it has of them must not be there for the next one.

use anyhow::Result;
use tidegate_contract::paths;

use crate::fixture::package_page;
use crate::pages::{Outcome, PackagePage};

/// In the URL of what the user reads.
const MARK: &str = "a-secret-5b1d";

#[tokio::test]
async fn a_logout_with_a_full_disk_erases() -> Result<()> {
    erased_in_spite_of("full-at-put", false).await
}

#[tokio::test]
async fn a_logout_after_the_connection_was_lost_erases() -> Result<()> {
    erased_in_spite_of("none", true).await
}

#[tokio::test]
async fn a_logout_that_the_disk_does_not_take_erases() -> Result<()> {
    erased_in_spite_of("change-fails", false).await
}

#[tokio::test]
async fn a_logout_while_the_database_is_refused_erases() -> Result<()> {
    erased_in_spite_of("refuses", true).await
}

#[tokio::test]
async fn a_logout_while_the_database_does_not_open_erases() -> Result<()> {
    erased_in_spite_of("never-opens", true).await
}

/// The fault begins before the logout and is over when the page is loaded anew.
async fn erased_in_spite_of(fault: &str, closed: bool) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        let path = format!("{}?for={MARK}", paths::asset("ds-00001"));
        page.sign_in("ann").await?;
        page.keep(&path).await?;
        page.breaks(fault).await?;
        if closed {
            page.closes_connections(true).await?;
        }

        page.log_out().await?;

        page.backend_goes().await?;
        page.sign_in("ann").await?;
        assert!(page.list().await?.is_empty());
        page.reload().await?;
        page.sign_in("ann").await?;
        let answer = page.read(&path).await?;
        assert!(matches!(answer, Outcome::Rejected(_)), "{answer:?}");
        assert_eq!(page.list().await?, [""; 0]);
        assert_eq!(page.traces(&[MARK]).await?, [""; 0]);
        Ok(())
    })
    .await
}
