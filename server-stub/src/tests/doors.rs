//! The control API's doors: what is malformed is refused by name, and who is a stranger is refused altogether.

use tidegate_contract::Problem;

use crate::serve;
use crate::settings::Settings;
use crate::spaces::Spaces;
use crate::testing::{Answer, order_to};

fn spaces() -> Spaces {
    with(Settings::on_free_ports())
}

fn with(settings: Settings) -> Spaces {
    Spaces::new(&Settings {
        assets: 10,
        ..settings
    })
}

/// Orders that are refused with 400, and what the refusal says: where it is wrong and what would be right.
const MALFORMED: &[(&str, &str, &[&str])] = &[
    ("PUT program", "", &["EOF"]),
    ("PUT program", "[", &["EOF"]),
    ("PUT program", "{}", &["seed"]),
    ("PUT program", r#"{"seed":-1}"#, &["seed", "u64"]),
    (
        "PUT program",
        r#"{"seed":9007199254740992}"#,
        &["seed must be 0 to 9007199254740991"],
    ),
    ("PUT program", r#"{"seed":1,"rule":[]}"#, &["rule", "rules"]),
    (
        "PUT program",
        r#"{"seed":1,"listener":"ajar"}"#,
        &["listener", "`closed` or `open`"],
    ),
    (
        "PUT program",
        r#"{"seed":1,"rules":[{"name":"x","then":[]}]}"#,
        &["rules[0].then must be at least one fault"],
    ),
    (
        "PUT program",
        r#"{"seed":1,"rules":[{"name":"x","then":[{"kind":"hung"}]}]}"#,
        &["rules[0].then[0]", "`hang`"],
    ),
    (
        "PUT program",
        r#"{"seed":1,"rules":[{"name":"x","when":{"share":1001},"then":[{"kind":"hang"}]}]}"#,
        &["rules[0].when.share must be 0 to 1000, not 1001"],
    ),
    (
        "PUT program",
        r#"{"seed":1,"script":["at noon heal"]}"#,
        &["script[0]", "at 10 s"],
    ),
    (
        "PUT program",
        r#"{"seed":1,"backend":{"connections":0}}"#,
        &["backend.connections must be 1 to 100000, not 0"],
    ),
    (
        "PUT program",
        r#"{"seed":1,"quota":{"limit":0,"windowMs":1}}"#,
        &["quota.limit must be 1 to 1000000, not 0"],
    ),
    (
        "PUT program",
        r#"{"seed":1,"health":"so-so"}"#,
        &["health", "`honest`"],
    ),
    ("POST clock", "", &["advanceMs must be 0 to 600000"]),
    (
        "POST clock",
        r#"{"advanceMs":-1}"#,
        &["advanceMs must be 0 to 600000"],
    ),
    ("GET journal?waitfor=1", "", &["waitfor", "wait_for"]),
    ("GET journal?wait_for=x", "", &["wait_for", "invalid digit"]),
    ("GET journal?since=-1", "", &["since", "invalid digit"]),
    (
        "GET journal?kind=frames",
        "",
        &["kind", "frames", "`frameIn`"],
    ),
    (
        "GET journal?settled=yes",
        "",
        &["settled", "`true` or `false`"],
    ),
    ("GET journal?status=99999", "", &["status", "too large"]),
    ("POST streams", "{}", &["act"]),
    (
        "POST streams",
        r#"{"act":"explode"}"#,
        &["act", "explode", "`vanish`"],
    ),
    (
        "POST streams",
        r#"{"act":{"close":{"code":99}}}"#,
        &["code must be", "not 99"],
    ),
    (
        "POST history",
        r#"{"act":{"keep":-1}}"#,
        &["act.keep", "usize"],
    ),
    (
        "POST history",
        r#"{"act":"burn"}"#,
        &["act", "burn", "`newEpoch`"],
    ),
    ("POST events", "{}", &["data"]),
    (
        "POST events",
        r#"{"data":1,"chanel":"x"}"#,
        &["chanel", "`channel`"],
    ),
    (
        "POST spaces",
        r#"{"clock":"x0"}"#,
        &["clock", "x1 to x1000"],
    ),
    (
        "POST spaces",
        r#"{"assets":0}"#,
        &["assets must be 1 to 1000000"],
    ),
    ("POST spaces", r#"{"name":"mine"}"#, &["name", "`seed`"]),
];

async fn ask(spaces: &Spaces, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    order_to(spaces, &format!("{method} /_stub/v1/{path}"), headers, body).await
}

#[tokio::test]
async fn what_is_malformed_is_refused_with_what_would_be_accepted() {
    let spaces = spaces();
    for (line, body, says) in MALFORMED {
        let answer = ask(&spaces, line, &[], body).await;
        assert_eq!(answer.status, 400, "{line} {body}: {}", answer.text());
        let detail = answer.json::<Problem>().detail;
        for part in *says {
            assert!(detail.contains(part), "{line} {body}: {detail}");
        }
    }
    for path in ["presets/slwo", "nothing"] {
        let answer = ask(&spaces, &format!("PUT {path}"), &[], "").await;
        assert_eq!(answer.status, 404, "{path}");
    }
    let answer = ask(&spaces, "POST spaces", &[], r#"{"preset":"slwo"}"#).await;
    assert!(answer.json::<Problem>().detail.contains("slow"));
    let answer = ask(&spaces, "DELETE spaces/default", &[], "").await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn a_token_is_asked_for_where_there_is_one() {
    let spaces = with(Settings {
        token: Some("secret".to_owned()),
        ..Settings::on_free_ports()
    });
    for (authorization, status) in [
        ("", 401),
        ("Bearer", 401),
        ("Bearer secre", 401),
        ("Bearer secrets", 401),
        ("Basic secret", 401),
        ("Bearer secret", 200),
    ] {
        let headers = [("authorization", authorization)];
        let answer = ask(&spaces, "GET program", &headers, "").await;
        assert_eq!(answer.status, status, "{authorization}");
    }
    let preflight = [
        ("origin", "http://localhost:8080"),
        ("access-control-request-method", "PUT"),
    ];
    let answer = ask(&spaces, "OPTIONS program", &preflight, "").await;
    assert_eq!(answer.status, 204);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "http://localhost:8080"
    );
}

#[tokio::test]
async fn a_foreign_page_may_do_nothing_at_all() {
    let spaces = spaces();
    for line in [
        "GET program",
        "PUT program",
        "POST reset",
        "GET journal",
        "POST clock",
        "POST spaces",
        "GET metrics",
        "OPTIONS program",
    ] {
        for header in [
            ("origin", "https://evil.test"),
            ("origin", "null"),
            ("host", "evil.test"),
        ] {
            let answer = ask(&spaces, line, &[header], "").await;
            assert_eq!(answer.status, 403, "{line} {header:?}");
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
}

#[tokio::test]
async fn whoever_listens_to_all_needs_a_token() {
    let everywhere = Settings {
        listen: "0.0.0.0".parse().unwrap(),
        assets: 10,
        ..Settings::on_free_ports()
    };
    let error = serve(&everywhere).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    assert!(error.to_string().contains("--token"), "{error}");
    let with_token = Settings {
        token: Some("secret".to_owned()),
        ..everywhere
    };
    serve(&with_token).await.unwrap().shutdown().await;
}
