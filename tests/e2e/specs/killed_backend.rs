//! The backend's process is gone, then something takes its port that drops every connection.

use std::time::{Duration, Instant};

use anyhow::Result;
use tidegate_contract::paths;

use crate::fixture::{CountingListener, demo};
use crate::pages::{Breaker, Catalogue, Panel};

/// What the two pages of the demo call: the list one of them, an asset the others.
const ROUTES: [&str; 3] = [paths::ASSETS, paths::ASSET, paths::ASSET_LINEAGE];

#[tokio::test]
async fn visited_pages_stay_when_the_backend_is_killed() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let first = catalogue.shown().await?.rows;
        catalogue.open_asset(&first[0]).await?.shown().await?;
        catalogue.back_from_asset().await?;
        let second = catalogue.next_page().await?.rows;

        stage.stub.kill().await?;

        let list = catalogue.back().await?;
        assert!(list.is_kept_copy(), "{list:?}");
        assert_eq!(list.rows, first);
        let detail = catalogue.open_asset(&first[0]).await?.shown().await?;
        assert!(detail.is_kept_copy(), "{detail:?}");
        catalogue.back_from_asset().await?;
        let list = catalogue.next_page().await?;
        assert!(list.is_kept_copy(), "{list:?}");
        assert_eq!(list.rows, second);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_open_breaker_spares_a_backend_that_is_down() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let asset = catalogue.shown().await?.rows.swap_remove(0);
        catalogue.open_asset(&asset).await?.shown().await?;
        catalogue.back_from_asset().await?;

        stage.stub.kill().await?;
        let mut backend = CountingListener::on(stage.stub.api_port()).await?;
        let panel = Panel::of(stage);

        // Three attempts in a row that fail, of more than one route, shut the origin's gate.
        for _ in 0..3 {
            look_at_asset_and_list(&catalogue, &asset).await?;
        }
        backend.arrival(3).await?;
        for route in ROUTES {
            panel.breaker_is(Breaker::Open, route).await?;
        }

        let received_before = backend.requests().len();
        let made_before = panel.shown().await?.counter("calls");
        let since = Instant::now();
        for _ in 0..VIEWS / 2 {
            look_at_asset_and_list(&catalogue, &asset).await?;
        }
        let took = since.elapsed();
        let received = backend.requests().len() - received_before;
        let made = panel.shown().await?.counter("calls") - made_before;
        let bound = most_probes(took);
        eprintln!(
            "{VIEWS} page views in {took:.1?}: {made} calls, {received} requests arrived \
             (the policy lets {bound} through)"
        );

        // Without the SDK every call is a request: one of a list, two of an asset.
        assert!(made >= VIEWS / 2 * 3, "{made} calls");
        assert!(received as u64 * 4 <= made, "{received} of {made} calls");
        assert!(received <= bound, "{:#?}", backend.requests());
        assert_eq!(backend.preflights(), []);
        Ok(())
    })
    .await
}

const VIEWS: u64 = 40;

/// A gate that is shut lets one probe through each time that its rest is over. It rests 1 s, twice as long after every probe that fails, 12 s
/// at most, and each rest is drawn from the upper half: at the least 0.5 s, 1 s, 2 s, so that the third probe comes after 3.5 s.
fn most_probes(within: Duration) -> usize {
    let mut due = Duration::ZERO;
    let waits = (0..).map(|failed: u32| Duration::from_millis(6_000.min(500 << failed.min(4))));
    waits
        .take_while(|wait| {
            due += *wait;
            due <= within
        })
        .count()
        // The wait may have begun before the time did.
        + 1
}

async fn look_at_asset_and_list(catalogue: &Catalogue<'_>, asset: &str) -> Result<()> {
    let detail = catalogue.open_asset(asset).await?.shown().await?;
    assert!(detail.is_kept_copy(), "{detail:?}");
    let list = catalogue.back_from_asset().await?;
    assert!(list.is_kept_copy(), "{list:?}");
    Ok(())
}
