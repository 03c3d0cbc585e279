//! Spaces side by side: each has its own port, pool, journal, data, quota and clock.

use std::net::{SocketAddr, TcpListener};

use server_stub::Server;
use tidegate_contract::{EffectList, Journal, SpaceInfo, paths};

use crate::raw::{Ended, Raw};
use crate::wire::{Answer, Sent, order, send, start};

/// A space and where it is.
struct Space<'a> {
    server: &'a Server,
    name: String,
    api: SocketAddr,
}

impl Space<'_> {
    async fn make<'a>(server: &'a Server, settings: &str) -> Space<'a> {
        let line = format!("POST {}", paths::SPACES);
        let sent = send(server.control_addr(), &line, &[], settings).await;
        let answer = sent.expect("it listens").answer().await;
        let answer = answer.expect("it answers");
        assert_eq!(answer.status(), 201, "{}", answer.body());
        let info: SpaceInfo = serde_json::from_str(answer.body()).expect("what was asked for");
        let api = info.api.trim_start_matches("http://").parse();
        let api = api.expect("an address");
        let name = info.space;
        Space { server, name, api }
    }

    /// Orders something of this space: `"PUT program"`.
    async fn order(&self, line: &str, body: &str) -> Answer {
        let (method, rest) = line.split_once(' ').expect("a method and a path");
        let path = format!("{method} {}/{}/{rest}", paths::SPACES, self.name);
        order(self.server, &path, body).await
    }

    async fn ask(&self, line: &str, headers: &[&str], body: &str) -> Sent {
        send(self.api, line, headers, body)
            .await
            .expect("it listens")
    }

    async fn status(&self, line: &str) -> u16 {
        let sent = self.ask(line, &["X-Client: ann"], "").await;
        sent.answer().await.expect("it answers").status()
    }

    async fn journal(&self, query: &str) -> Journal {
        let answer = self.order(&format!("GET journal{query}"), "").await;
        serde_json::from_str(answer.body()).expect("what was asked for")
    }

    async fn end(&self) -> u16 {
        let line = format!("DELETE {}/{}", paths::SPACES, self.name);
        let sent = send(self.server.control_addr(), &line, &[], "").await;
        let answer = sent.expect("it listens").answer().await;
        answer.expect("it answers").status()
    }
}

#[tokio::test]
async fn two_spaces_do_not_notice_each_other() {
    let server = start().await;
    let manual = r#"{"clock":"manual","assets":10}"#;
    let busy = Space::make(&server, manual).await;
    let calm = Space::make(&server, manual).await;
    let program = r#"{"seed":1,"quota":{"limit":3,"windowMs":60000},
        "backend":{"connections":1,"queue":1,"service":{"fixedMs":60000}}}"#;
    busy.order("PUT program", program).await;
    let quota = r#"{"seed":1,"quota":{"limit":3,"windowMs":60000}}"#;
    calm.order("PUT program", quota).await;

    let asset = "GET /api/assets/ds-00001";
    let _held = [
        busy.ask(asset, &["X-Client: ann"], "").await,
        busy.ask(asset, &["X-Client: ann"], "").await,
    ];
    busy.journal("?wait_for=2").await;
    assert_eq!(busy.status(asset).await, 503);
    assert_eq!(busy.status(asset).await, 429);
    // The same client has a pool and a quota there for itself.
    for expected in [200, 200, 200, 429] {
        assert_eq!(calm.status(asset).await, expected);
    }
    assert_eq!(busy.journal("").await.total, 4);
    assert_eq!(calm.journal("").await.total, 4);

    let body = r#"{"assetId":"ds-00001","reason":"to see"}"#;
    let write = "POST /api/access-requests";
    let written = calm.ask(write, &["X-Client: bob"], body).await;
    assert_eq!(written.answer().await.unwrap().status(), 201);
    for (space, effects) in [(&busy, 0), (&calm, 1)] {
        let list = space.order("GET effects", "").await;
        let list: EffectList = serde_json::from_str(list.body()).unwrap();
        assert_eq!(list.total, effects);
    }

    calm.order("POST clock", r#"{"advanceMs":5000}"#).await;
    assert!(calm.order("GET clock", "").await.body().contains("5000"));
    assert!(
        busy.order("GET clock", "")
            .await
            .body()
            .contains(r#""nowMs":0"#)
    );
    calm.order("POST reset", "").await;
    assert_eq!(calm.journal("").await.total, 0);
    assert_eq!(busy.journal("").await.total, 4);
}

#[tokio::test]
async fn the_port_of_a_space_is_free_when_it_has_ended() {
    let server = start().await;
    for _ in 0..10 {
        let space = Space::make(&server, r#"{"assets":10,"preset":"hang"}"#).await;
        let mut hung = Raw::send(space.api, "GET /api/assets").await;
        space.journal("?wait_for=1").await;
        assert_eq!(space.end().await, 204);
        TcpListener::bind(space.api).unwrap();
        assert_eq!(hung.rest().await, (Vec::new(), Ended::Reset));
    }
}

#[tokio::test]
async fn an_outage_is_of_one_space() {
    let server = start().await;
    let space = Space::make(&server, r#"{"assets":10}"#).await;
    let other = Space::make(&server, r#"{"assets":10}"#).await;
    space.order("PUT presets/outage", "").await;
    let refused = send(space.api, "GET /api/health", &[], "").await;
    let kind = refused.unwrap_err().kind();
    assert_eq!(kind, std::io::ErrorKind::ConnectionRefused);
    assert_eq!(other.status("GET /api/health").await, 200);
}
