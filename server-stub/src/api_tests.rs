//! What the API promises while nothing goes wrong.

use tidegate_contract::{Asset, AssetDetail, AssetQuery, FaultProgram, Lineage, Page, Problem};

use super::*;
use crate::settings::Settings;
use crate::testing::{call, journal, stub_with};

const ORIGIN: (&str, &str) = ("origin", "http://localhost:8080");

async fn stub() -> Stub {
    stub_with(FaultProgram::new(1)).await
}

#[tokio::test]
async fn the_list_is_paged_and_filtered() {
    let query = AssetQuery {
        search: Some("A".to_owned()),
        page: Some(2),
        size: Some(10),
        ..AssetQuery::default()
    };
    let answer = call(&stub().await, &format!("GET {}", query.to_path()), &[]).await;
    let page: Page<Asset> = answer.json();
    assert_eq!((page.page, page.size, page.items.len()), (2, 10, 10));
}

#[tokio::test]
async fn readiness_says_how_much_to_send() {
    let answer = call(&stub().await, "GET /api/ready", &[]).await;
    assert_eq!(answer.status, 200);
    let document: serde_json::Value = answer.json();
    assert_eq!(document["ready"], true);
    assert_eq!(document["level"], 1_000);
}

#[tokio::test]
async fn an_asset_and_its_lineage_are_found_by_id() {
    let stub = stub().await;
    let answer = call(&stub, &format!("GET {}", paths::asset("ds-00300")), &[]).await;
    assert_eq!(answer.json::<AssetDetail>().asset.id, "ds-00300");
    let lineage = (1..=300).map(|number| format!("ds-{number:05}"));
    let mut edges = 0;
    for id in lineage {
        let line = format!("GET {}", paths::asset_lineage(&id));
        edges += call(&stub, &line, &[])
            .await
            .json::<Lineage>()
            .upstream
            .len();
    }
    assert!(edges > 100, "{edges}");
}

#[tokio::test]
async fn a_large_catalogue_is_searched_elsewhere_and_answers_the_same_way() {
    let stub = Stub::new(&Settings {
        assets: 60_000,
        ..Settings::on_free_ports()
    });
    let answer = call(&stub, "GET /api/assets?search=orders&size=1", &[]).await;
    let page: Page<Asset> = answer.json();
    // One subject of 42 is called that.
    assert!((1_300..1_600).contains(&page.total), "{}", page.total);
    let answer = call(&stub, "GET /api/violations?policy=nope", &[]).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn mistakes_are_answered_with_problems() {
    let stub = stub().await;
    for (line, status) in [
        ("GET /api/assets/nope", 404),
        ("GET /api/assets/nope/lineage", 404),
        ("GET /nope", 404),
        ("GET /api/assets?kind=chair", 400),
        ("GET /api/assets?page=0", 400),
        ("GET /api/assets?size=201", 400),
        ("DELETE /api/assets", 405),
    ] {
        let answer = call(&stub, line, &[]).await;
        assert_eq!(answer.status, status, "{line}");
        assert_eq!(answer.header("content-type"), Problem::MEDIA_TYPE, "{line}");
        assert_eq!(answer.json::<Problem>().status, status, "{line}");
    }
}

#[tokio::test]
async fn a_second_look_costs_no_body() {
    let stub = stub().await;
    let first = call(&stub, "GET /api/assets", &[]).await;
    let tag = first.header("etag");
    let second = call(&stub, "GET /api/assets", &[("if-none-match", tag)]).await;
    assert_eq!(second.status, 304);
    assert_eq!(second.header("etag"), tag);
}

#[tokio::test]
async fn pages_of_this_machine_may_read_every_header_they_need() {
    let answer = call(&stub().await, "GET /api/health", &[ORIGIN]).await;
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN.1);
    assert_eq!(answer.header("vary"), "Origin");
    assert!(answer.header("server-timing").starts_with("total;dur="));
    let exposed = answer.header("access-control-expose-headers");
    for name in [
        "ETag",
        "Retry-After",
        "Server-Timing",
        "Age",
        "Date",
        "Vary",
    ] {
        assert!(exposed.contains(name), "{exposed}");
    }
}

#[tokio::test]
async fn foreign_pages_may_not_read() {
    let answer = call(
        &stub().await,
        "GET /api/health",
        &[("origin", "http://a.test")],
    )
    .await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    assert_eq!(answer.header("vary"), "Origin");
}

#[tokio::test]
async fn preflights_are_answered_and_written_down() {
    let stub = stub().await;
    let asks = [ORIGIN, ("access-control-request-method", "PATCH")];
    let answer = call(&stub, "OPTIONS /api/assets", &asks).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-max-age"), "7200");
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("PATCH")
    );
    assert!(
        answer
            .header("access-control-allow-headers")
            .contains("Idempotency-Key")
    );
    assert_eq!(journal(&stub).counts.preflights, 1);
}
