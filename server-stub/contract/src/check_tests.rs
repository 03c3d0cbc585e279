//! Tests of `check.rs`: every refusal says where.

use super::*;

fn error(rule: &str) -> ProgramError {
    let text = format!(r#"{{"seed":1,"rules":[{rule}]}}"#);
    FaultProgram::from_json(&text).unwrap_err()
}

#[test]
fn a_value_out_of_range_is_named_by_its_path() {
    for (rule, path) in [
        (r#"{"name":"","then":[{"kind":"hang"}]}"#, "rules[0].name"),
        (
            r#"{"name":"a","then":[{"kind":"hang"},{"kind":"status","code":700}]}"#,
            "rules[0].then[1].code",
        ),
        (
            r#"{"name":"a","then":[{"kind":"delay","time":{"uniformMs":{"from":6,"to":5}}}]}"#,
            "rules[0].then[0].time.uniformMs.to",
        ),
        (r#"{"name":"a","then":[]}"#, "rules[0].then"),
        (
            r#"{"name":"a","then":[{"kind":"header","name":"a b"}]}"#,
            "rules[0].then[0].name",
        ),
        (
            r#"{"name":"a","then":[{"kind":"slowBody","chunks":0,"overMs":1}]}"#,
            "rules[0].then[0].chunks",
        ),
        (
            r#"{"name":"a","when":{"count":{"every":0}},"then":[{"kind":"hang"}]}"#,
            "rules[0].when.count.every",
        ),
        (
            r#"{"name":"a","when":{"headers":{"X-A":"*"}},"then":[{"kind":"hang"}]}"#,
            "rules[0].when.headers.X-A",
        ),
        (
            r#"{"name":"a","when":{"share":1001},"then":[{"kind":"hang"}]}"#,
            "rules[0].when.share",
        ),
        (
            r#"{"name":"a","when":{"method":"get"},"then":[{"kind":"hang"}]}"#,
            "rules[0].when.method",
        ),
        (
            r#"{"name":"a","when":{"window":{"fromMs":9,"toMs":9}},"then":[{"kind":"hang"}]}"#,
            "rules[0].when.window.toMs",
        ),
        (
            r#"{"name":"a","then":[{"kind":"status","code":503,"retryAfter":{"seconds":9000000000}}]}"#,
            "rules[0].then[0]",
        ),
    ] {
        assert_eq!(error(rule).path(), path);
    }
}

#[test]
fn an_unknown_field_is_named_with_those_that_are_known() {
    let found = error(r#"{"name":"a","when":{"pth":"*"},"then":[{"kind":"hang"}]}"#).to_string();
    assert!(found.starts_with("rules[0].when"), "{found}");
    assert!(found.contains("unknown field `pth`"), "{found}");
    assert!(found.contains("`path`"), "{found}");

    let found = error(r#"{"name":"a","then":[{"kind":"status","cod":503}]}"#).to_string();
    assert!(found.starts_with("rules[0].then[0]"), "{found}");
    assert!(found.contains("`code`"), "{found}");
}

#[test]
fn names_are_unique_because_verdicts_are_drawn_from_them() {
    let rule = r#"{"name":"a","then":[{"kind":"hang"}]}"#;
    assert_eq!(error(&format!("{rule},{rule}")).path(), "rules[1].name");
}

#[test]
fn text_after_the_program_is_refused() {
    assert!(FaultProgram::from_json(r#"{"seed":1} x"#).is_err());
}

#[test]
fn the_rest_of_a_program_is_checked_as_well() {
    for (part, path) in [
        (r#""quota":{"limit":0,"windowMs":5}"#, "quota.limit"),
        (r#""health":{"slow":{"ms":600001}}"#, "health.slow.ms"),
        (r#""script":["at 5 s heel"]"#, "script[0]"),
        (r#""backend":{"connections":0}"#, "backend.connections"),
    ] {
        let text = format!(r#"{{"seed":1,{part}}}"#);
        let error = FaultProgram::from_json(&text).unwrap_err();
        assert_eq!(error.path(), path, "{error}");
    }
}
