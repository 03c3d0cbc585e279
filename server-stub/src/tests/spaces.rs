//! Spaces know nothing of each other, and there are so many and no more.

use futures::future::join_all;
use tidegate_contract::{Problem, SpaceList, SpaceSettings, paths};

use crate::settings::Settings;
use crate::spaces::Spaces;
use crate::testing::{Answer, order_to};

fn spaces() -> Spaces {
    Spaces::new(&Settings {
        assets: 10,
        ..Settings::on_free_ports()
    })
}

async fn make(spaces: &Spaces, body: &str) -> Answer {
    order_to(spaces, &format!("POST {}", paths::SPACES), &[], body).await
}

#[tokio::test]
async fn an_unknown_space_is_answered_with_those_there_are() {
    let spaces = spaces();
    make(&spaces, "").await;
    for line in [
        "GET /_stub/v1/spaces/nope",
        "DELETE /_stub/v1/spaces/nope",
        "GET /_stub/v1/spaces/nope/journal",
        "POST /_stub/v1/spaces/nope/reset",
        "GET /_stub/v1/spaces/nope/metrics",
    ] {
        let answer = order_to(&spaces, line, &[], "").await;
        assert_eq!(answer.status, 404, "{line}");
        let detail = answer.json::<Problem>().detail;
        assert!(detail.contains("default, s1"), "{line}: {detail}");
    }
}

#[tokio::test]
async fn there_are_64_and_no_more_even_if_all_come_at_once() {
    let spaces = spaces();
    let wanted = SpaceSettings {
        assets: Some(1),
        ..SpaceSettings::default()
    };
    let made = join_all((0..70).map(|_| spaces.make(wanted.clone()))).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 64);
    let refused = make(&spaces, "").await;
    assert_eq!(refused.status, 409);
    assert!(refused.json::<Problem>().detail.contains("64"));
    let list: SpaceList = order_to(&spaces, "GET /_stub/v1/spaces", &[], "")
        .await
        .json();
    assert_eq!(list.spaces.len(), 65);
    let gone = order_to(&spaces, "DELETE /_stub/v1/spaces/s7", &[], "").await;
    assert_eq!(gone.status, 204);
    assert_eq!(make(&spaces, "").await.status, 201);
}

#[tokio::test]
async fn only_a_manual_clock_can_be_moved() {
    let spaces = spaces();
    make(&spaces, r#"{"clock":"manual"}"#).await;
    let clock = "/_stub/v1/spaces/s1/clock";
    let now = async || -> serde_json::Value {
        let answer = order_to(&spaces, &format!("GET {clock}"), &[], "").await;
        answer.json()
    };
    assert_eq!(now().await["nowMs"], 0);
    assert_eq!(now().await["nowMs"], 0);
    let body = r#"{"advanceMs":1500}"#;
    let moved = order_to(&spaces, &format!("POST {clock}"), &[], body).await;
    assert_eq!(moved.status, 200);
    assert_eq!(now().await["nowMs"], 1_500);
    let running = order_to(&spaces, "POST /_stub/v1/clock", &[], body).await;
    assert_eq!(running.status, 409);
    assert!(running.json::<Problem>().detail.contains("real"));
}
