//! Answers that are not what they should be, and what a page may see of them.

use serde_json::Value;
use server_stub::Server;
use tidegate_contract::paths;

use crate::wire::{Answer, get, put_rule, send, start};

const ORIGIN: &str = "Origin: http://localhost:8080";

async fn under(then: &str) -> Answer {
    let server = start().await;
    put_rule(&server, "{}", then).await;
    let answer = get(&server, "/api/assets/ds-00001", &[ORIGIN]).await;
    answer.expect("it answers")
}

async fn content(variant: &str) -> Answer {
    under(&format!(r#"[{{"kind":"content","variant":"{variant}"}}]"#)).await
}

async fn cors(variant: &str) -> Answer {
    under(&format!(r#"[{{"kind":"cors","variant":"{variant}"}}]"#)).await
}

async fn preflight(server: &Server) -> Answer {
    let headers = [ORIGIN, "Access-Control-Request-Method: PATCH"];
    let line = format!("OPTIONS {}", paths::ASSETS);
    let sent = send(server.api_addr(), &line, &headers, "").await;
    let answer = sent.expect("it listens").answer().await;
    answer.expect("it answers")
}

#[tokio::test]
async fn half_of_the_json_is_a_whole_answer() {
    let answer = content("cutJson").await;
    assert_eq!(answer.status(), 200);
    let length: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!(length, answer.body().len());
    assert!(answer.body().starts_with('{'));
    assert!(serde_json::from_str::<Value>(answer.body()).is_err());
}

#[tokio::test]
async fn a_page_to_sign_in_is_an_answer_too() {
    let answer = content("html").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(answer.body().contains("Sign in"));
}

#[tokio::test]
async fn the_release_before_had_other_names() {
    let answer = content("oldSchema").await;
    let value: Value = serde_json::from_str(answer.body()).unwrap();
    assert!(value.get("open_violations").is_some() || value.get("updated_at").is_some());
    assert!(!answer.body().contains("updatedAt"), "{}", answer.body());
    // The tag is of the data that should have been sent.
    assert_eq!(answer.header("etag"), None);
}

#[tokio::test]
async fn a_header_is_set_or_taken_away() {
    let set = under(r#"[{"kind":"header","name":"x-shard","value":"7"}]"#).await;
    assert_eq!(set.header("x-shard"), Some("7"));
    assert!(set.header("etag").is_some());
    let removed = under(r#"[{"kind":"header","name":"ETag"}]"#).await;
    assert_eq!(removed.header("etag"), None);
}

#[tokio::test]
async fn an_answer_without_permission_is_not_for_the_page() {
    let answer = cors("noAllowOrigin").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("access-control-expose-headers"), None);
}

#[tokio::test]
async fn headers_are_hidden_while_the_body_is_shown() {
    let answer = cors("hideHeaders").await;
    assert!(answer.header("access-control-allow-origin").is_some());
    assert_eq!(answer.header("access-control-expose-headers"), None);
}

#[tokio::test]
async fn a_preflight_is_forgotten_at_once_or_refused() {
    let server = start().await;
    let healthy = preflight(&server).await;
    assert_eq!(healthy.header("access-control-max-age"), Some("7200"));

    let when = r#"{"method":"OPTIONS"}"#;
    let forget = r#"[{"kind":"cors","variant":"forgetPreflight"}]"#;
    put_rule(&server, when, forget).await;
    let forgotten = preflight(&server).await;
    assert_eq!(forgotten.status(), 204);
    assert_eq!(forgotten.header("access-control-max-age"), Some("0"));

    let refuse = r#"[{"kind":"cors","variant":"refusePreflight"}]"#;
    put_rule(&server, when, refuse).await;
    let refused = preflight(&server).await;
    assert_eq!(refused.status(), 403);
    for name in [
        "access-control-allow-origin",
        "access-control-allow-methods",
    ] {
        assert_eq!(refused.header(name), None, "{name}");
    }
}
