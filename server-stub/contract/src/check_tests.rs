//! Tests of `check.rs`: every refusal says where.

use super::*;

fn error(rule: &str) -> ProgramError {
    let text = format!(r#"{{"seed":1,"rules":[{rule}]}}"#);
    FaultProgram::from_json(&text).unwrap_err()
}

#[test]
fn a_value_out_of_range_is_named_by_its_path() {
    for (rule, path) in [
        (r#"{"name":"","then":{"kind":"hang"}}"#, "rules[0].name"),
        (
            r#"{"name":"a","then":{"kind":"status","code":700}}"#,
            "rules[0].then.code",
        ),
        (
            r#"{"name":"a","then":{"kind":"latency","ms":5,"jitterMs":6}}"#,
            "rules[0].then.jitterMs",
        ),
        (
            r#"{"name":"a","when":{"share":1001},"then":{"kind":"hang"}}"#,
            "rules[0].when.share",
        ),
        (
            r#"{"name":"a","when":{"method":"get"},"then":{"kind":"hang"}}"#,
            "rules[0].when.method",
        ),
        (
            r#"{"name":"a","when":{"window":{"fromMs":9,"toMs":9}},"then":{"kind":"hang"}}"#,
            "rules[0].when.window.toMs",
        ),
        (
            r#"{"name":"a","then":{"kind":"status","code":503,"retryAfter":{"seconds":90000}}}"#,
            "rules[0].then.retryAfter.seconds",
        ),
    ] {
        assert_eq!(error(rule).path(), path);
    }
}

#[test]
fn an_unknown_field_is_named_with_those_that_are_known() {
    let found = error(r#"{"name":"a","when":{"pth":"*"},"then":{"kind":"hang"}}"#).to_string();
    assert!(found.starts_with("rules[0].when"), "{found}");
    assert!(found.contains("unknown field `pth`"), "{found}");
    assert!(found.contains("`path`"), "{found}");

    let found = error(r#"{"name":"a","then":{"kind":"status","cod":503}}"#).to_string();
    assert!(found.starts_with("rules[0].then"), "{found}");
    assert!(found.contains("`code`"), "{found}");
}

#[test]
fn names_are_unique_because_verdicts_are_drawn_from_them() {
    let rule = r#"{"name":"a","then":{"kind":"hang"}}"#;
    assert_eq!(error(&format!("{rule},{rule}")).path(), "rules[1].name");
}

#[test]
fn text_after_the_program_is_refused() {
    assert!(FaultProgram::from_json(r#"{"seed":1} x"#).is_err());
}
