//! Two people use one browser, in two tabs, while the backend is there and while it is not.

use anyhow::Result;
use tidegate_contract::Preset;

use crate::fixture::demo;
use crate::pages::{Catalogue, People, Source};

#[tokio::test]
async fn what_one_person_read_is_theirs_until_they_sign_out_and_then_nobodys() -> Result<()> {
    demo(async |stage| {
        Catalogue::open(stage).await?;
        let people = People::of(stage);
        people.is("nobody").await?;
        people.sign_in("Ana").await?;
        let names = people.card("Ana").await?.mine;
        people
            .eventually("three answers are kept for Ana", |desk| desk.kept >= 2)
            .await?;
        let left = people.left_on_the_device().await?;
        assert!(
            left.contains("domain=finance"),
            "what is kept is on the disk"
        );
        assert!(!left.contains("Bearer"), "a token is on the disk");

        // Another tab of the same person.
        let first = stage.browser.another_tab().await?;
        stage.browser.open(&stage.address()).await?;
        people.card("Ana").await?;

        // The backend is gone, and her card is there all the same, after a reload too.
        stage.stub.preset(Preset::Outage).await?;
        stage.browser.reload().await?;
        let desk = people.card("Ana").await?;
        assert_eq!(desk.mine, names);
        assert_eq!(desk.badge.map(|badge| badge.source), Some(Source::Cache));

        // She signs out in the first tab, and the second one follows.
        let second = stage.browser.go_to_tab(first).await?;
        people.sign_out().await?;
        let left = people.left_on_the_device().await?;
        for trace in ["=ana", "domain=finance", "Bearer"] {
            assert!(!left.contains(trace), "{trace} is left on the disk");
        }
        let first = stage.browser.go_to_tab(second).await?;
        people.is("nobody").await?;

        // Nothing of hers is there for Ben, whose backend is still gone.
        people.sign_in("Ben").await?;
        let desk = people
            .eventually("Ben has nothing", |desk| {
                desk.person.as_deref() == Some("Ben")
            })
            .await?;
        assert!(desk.mine.is_empty() && desk.kept == 0, "{desk:?}");
        stage.stub.preset(Preset::Healthy).await?;
        stage.browser.reload().await?;
        let his = people.card("Ben").await?.mine;
        assert_ne!(his, names);

        // Nor is it for her, when she comes back.
        people.sign_out().await?;
        stage.browser.go_to_tab(first).await?;
        stage.stub.preset(Preset::Outage).await?;
        people.sign_in("Ana").await?;
        let desk = people.is("Ana").await?;
        assert!(desk.mine.is_empty(), "{desk:?}");
        Ok(())
    })
    .await
}
