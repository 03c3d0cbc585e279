//! Access is granted and refused while the backend is away.

use anyhow::Result;
use tidegate_contract::{AccessRequest, AccessStatus, Preset, paths};

use crate::fixture::demo;
use crate::pages::{Catalogue, Requests, Tray};

#[tokio::test]
async fn decisions_are_shown_at_once_and_made_when_the_backend_is_back() -> Result<()> {
    demo(async |stage| {
        Catalogue::open(stage).await?;
        let requests = Requests::open(stage).await?;
        let list = requests
            .eventually("there are requests", |list| list.len() > 1)
            .await?;
        let (yes, no) = (&list[0].id, &list[1].id);
        stage.stub.preset(Preset::Outage).await?;
        requests.approve(yes).await?;
        requests.reject(no).await?;
        requests.is_unsaved(yes, "Approved").await?;
        requests.is_unsaved(no, "Rejected").await?;
        stage.browser.reload().await?;
        requests.is_unsaved(yes, "Approved").await?;

        stage.stub.preset(Preset::Healthy).await?;
        Tray::of(stage).is_empty().await?;
        requests
            .eventually("they are decided", |list| {
                !list.is_empty()
                    && list
                        .iter()
                        .all(|request| request.id != *yes && request.id != *no)
            })
            .await?;
        for (id, status) in [(yes, AccessStatus::Approved), (no, AccessStatus::Rejected)] {
            let request: AccessRequest = stage.stub.read(&paths::access_request(id)).await?;
            assert_eq!(request.status, status);
        }
        assert_eq!(stage.stub.effects().await?.total, 2);
        Ok(())
    })
    .await
}
