//! One thing that happened, as the feed tells it or as a line of the audit log has it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidegate_contract::{
    AccessStatus, AuditEntry, GovernanceEvent, QualityCheck, Told, ViolationStatus,
};

use crate::sentence::Tone;

/// Something that happened.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Happening {
    /// Its number here.
    pub(crate) id: u64,
    /// Its number on the feed.
    pub(crate) offset: Option<u64>,
    /// Its line in the audit log.
    pub(crate) line: Option<u64>,
    /// When it happened, on the backend's calendar.
    pub(crate) at: Option<u64>,
    /// When this page heard of it, on the device's.
    pub(crate) heard: f64,
    pub(crate) kind: String,
    pub(crate) origin: Origin,
    pub(crate) words: Words,
}

/// How this page knows of it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) enum Origin {
    /// The feed told it later, since it had been missed.
    CaughtUp,
    /// The feed told it as it happened.
    Heard,
    /// It stands in the audit log.
    Listed,
}

impl Origin {
    /// In one word for tests.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Origin::CaughtUp => "caught-up",
            Origin::Heard => "heard",
            Origin::Listed => "listed",
        }
    }
}

/// A sentence around the asset that it is about.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Words {
    pub(crate) before: String,
    pub(crate) asset: Option<String>,
    pub(crate) after: String,
}

impl Words {
    fn new(before: impl Into<String>, asset: &str, after: impl Into<String>) -> Words {
        Words {
            before: before.into(),
            asset: Some(asset.to_owned()).filter(|asset| !asset.is_empty()),
            after: after.into(),
        }
    }

    fn plain(text: impl Into<String>) -> Words {
        Words {
            before: text.into(),
            ..Words::default()
        }
    }

    #[cfg(test)]
    fn text(&self) -> String {
        let asset = self.asset.as_deref().unwrap_or_default();
        format!("{}{asset}{}", self.before, self.after)
    }
}

impl Happening {
    /// What a message of the feed says. `here` is what the backend calls those who use this site.
    pub(crate) fn of_message(offset: u64, data: &str, here: &str, heard: f64) -> Happening {
        let told = serde_json::from_str::<Told>(data).ok();
        let kind = match &told {
            Some(told) => told.event.name().to_owned(),
            None => kind_of(data),
        };
        let words = match &told {
            Some(told) => words_of(&told.event, here),
            None => Words::plain(format!(
                "Something happened that this page has no words for: {kind}"
            )),
        };
        Happening {
            id: 0,
            offset: Some(offset).filter(|offset| *offset > 0),
            line: told.as_ref().and_then(|told| told.line),
            at: told.as_ref().and_then(|told| told.at),
            heard,
            kind,
            origin: Origin::Heard,
            words,
        }
    }

    /// What a line of the audit log says.
    pub(crate) fn of_line(entry: AuditEntry, here: &str, heard: f64) -> Happening {
        Happening {
            id: 0,
            offset: None,
            line: Some(entry.seq),
            at: Some(entry.at),
            heard,
            words: words_of_line(&entry, here),
            kind: entry.action,
            origin: Origin::Listed,
        }
    }

    /// How it is meant.
    pub(crate) fn tone(&self) -> Tone {
        match &*self.kind {
            "policyViolated" | "qualityCheckFailed" => Tone::Bad,
            "qualityCheckPassed" | "violationMoved" => Tone::Good,
            _ => Tone::Plain,
        }
    }

    /// Whether another one tells of the same.
    pub(crate) fn is_told_by(&self, other: &Happening) -> bool {
        self.line.is_some() && (self.line, &self.kind) == (other.line, &other.kind)
    }
}

fn kind_of(data: &str) -> String {
    let value: Option<Value> = serde_json::from_str(data).ok();
    let kind = value.as_ref().and_then(|value| value["kind"].as_str());
    kind.unwrap_or("something").chars().take(40).collect()
}

fn who(by: &str, here: &str) -> String {
    match by {
        by if by == here => "Somebody here".into(),
        by => crate::words::capitalised(by),
    }
}

fn words_of(event: &GovernanceEvent, here: &str) -> Words {
    match event {
        GovernanceEvent::AccessDecided {
            asset_id,
            status,
            by,
            ..
        } => {
            let decided = match status {
                AccessStatus::Approved => "approved",
                AccessStatus::Pending => "put off",
                AccessStatus::Rejected => "rejected",
            };
            Words::new(
                format!("{} {decided} access to ", who(by, here)),
                asset_id,
                "",
            )
        }
        GovernanceEvent::AccessRequested { asset_id, by, .. } => Words::new(
            format!("{} asked for access to ", who(by, here)),
            asset_id,
            "",
        ),
        GovernanceEvent::AssetChanged {
            asset_id,
            fields,
            by,
        } => {
            let what = match fields.as_slice() {
                [] => String::new(),
                fields => format!("the {} of ", fields.join(" and the ")),
            };
            Words::new(format!("{} changed {what}", who(by, here)), asset_id, "")
        }
        GovernanceEvent::AssetsTagged { asset_ids, by } => {
            let others = match asset_ids.len() {
                0 | 1 => String::new(),
                2 => " and of one other asset".into(),
                all => format!(" and of {} other assets", all - 1),
            };
            let first = asset_ids.first().map_or("", String::as_str);
            Words::new(
                format!("{} changed the tags of ", who(by, here)),
                first,
                others,
            )
        }
        GovernanceEvent::AuditNoted { by, .. } => {
            Words::plain(format!("{} wrote into the audit log", who(by, here)))
        }
        GovernanceEvent::PolicyViolated {
            policy_id,
            asset_id,
            ..
        } => Words::new("", asset_id, format!(" breaks the policy {policy_id}")),
        GovernanceEvent::QualityCheckFailed {
            asset_id,
            check,
            failing_rows,
            ..
        } => {
            let rows = match failing_rows {
                1 => "1 row".into(),
                rows => format!("{} rows", crate::words::grouped(*rows)),
            };
            Words::new(
                format!("The {} check of ", check_name(*check)),
                asset_id,
                format!(" failed: {rows}"),
            )
        }
        GovernanceEvent::QualityCheckPassed {
            asset_id, check, ..
        } => Words::new(
            format!("The {} check of ", check_name(*check)),
            asset_id,
            " passed",
        ),
        GovernanceEvent::ViolationMoved {
            asset_id, status, ..
        } => {
            let is = match status {
                ViolationStatus::Open => "open again",
                ViolationStatus::Acknowledged => "acknowledged",
                ViolationStatus::Resolved => "resolved",
            };
            Words::new("A violation of ", asset_id, format!(" is {is}"))
        }
    }
}

fn words_of_line(entry: &AuditEntry, here: &str) -> Words {
    let who = who(&entry.who, here);
    // An asset, an asset's run, some other thing, or how many assets.
    let first = entry.target.split(' ').next().unwrap_or_default();
    let (asset, other) = match first.starts_with("ds-") {
        true => (first, ""),
        false => ("", &*entry.target),
    };
    let note = entry.note.as_deref();
    let note = note.map(|note| format!(": {note}")).unwrap_or_default();
    match &*entry.action {
        "accessDecided" => Words::new(format!("{who} decided about access {other}"), asset, ""),
        "accessRequested" if asset.is_empty() => {
            Words::plain(format!("{who} asked for access: {other}"))
        }
        "accessRequested" => Words::new(format!("{who} asked for access to "), asset, ""),
        "assetChanged" => {
            let what = entry.note.as_deref().map(|what| format!("the {what} of "));
            let what = what.unwrap_or_default();
            Words::new(format!("{who} changed {what}{other}"), asset, "")
        }
        "assetsTagged" => Words::new(format!("{who} changed the tags of {other}"), asset, ""),
        "policyViolated" => {
            let policy = entry
                .note
                .as_deref()
                .map(|policy| format!("the policy {policy}"));
            let policy = policy.unwrap_or_else(|| "a policy".into());
            Words::new(other, asset, format!(" breaks {policy}"))
        }
        "qualityCheckFailed" => Words::new(
            format!("A quality check of {other}"),
            asset,
            format!(" failed{note}"),
        ),
        "qualityCheckPassed" => Words::new(
            format!("A quality check of {other}"),
            asset,
            " passed".to_owned(),
        ),
        "violationMoved" => Words::new(
            format!("{who} looked into the violation {other}"),
            asset,
            "",
        ),
        action => Words::new(format!("{who}: {action} {other}"), asset, note),
    }
}

fn check_name(check: QualityCheck) -> &'static str {
    match check {
        QualityCheck::Completeness => "completeness",
        QualityCheck::Freshness => "freshness",
        QualityCheck::References => "references",
        QualityCheck::Uniqueness => "uniqueness",
        QualityCheck::Validity => "validity",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "http://demo.example";

    fn text(data: &str) -> String {
        Happening::of_message(1, data, HERE, 0.0).words.text()
    }

    #[test]
    fn events_are_told_in_sentences() {
        for (data, words) in [
            (
                r#"{"kind":"assetChanged","assetId":"ds-1","fields":["owner","tags"],"by":"ann"}"#,
                "Ann changed the owner and the tags of ds-1",
            ),
            (
                r#"{"kind":"assetsTagged","assetIds":["ds-1","ds-2","ds-3"],"by":"http://demo.example"}"#,
                "Somebody here changed the tags of ds-1 and of 2 other assets",
            ),
            (
                r#"{"kind":"accessRequested","requestId":"ar-1","assetId":"ds-1","by":"bob"}"#,
                "Bob asked for access to ds-1",
            ),
            (
                r#"{"kind":"qualityCheckFailed","assetId":"ds-1","runId":"r","check":"validity","failingRows":1200}"#,
                "The validity check of ds-1 failed: 1,200 rows",
            ),
            (
                r#"{"kind":"policyViolated","violationId":"v","policyId":"pol-1","assetId":"ds-1"}"#,
                "ds-1 breaks the policy pol-1",
            ),
            (
                r#"{"kind":"violationMoved","violationId":"v","assetId":"ds-1","status":"resolved"}"#,
                "A violation of ds-1 is resolved",
            ),
        ] {
            assert_eq!(text(data), words);
        }
    }

    #[test]
    fn what_is_not_understood_is_told_all_the_same() {
        for (data, kind) in [
            (r#"{"kind":"news"}"#, "news"),
            ("7", "something"),
            ("{", "something"),
        ] {
            let words = text(data);
            assert!(words.ends_with(kind), "{words}");
        }
    }

    #[test]
    fn a_line_of_the_log_and_the_event_that_it_stands_for_are_the_same() {
        let entry = AuditEntry {
            seq: 7,
            at: 5,
            who: "ann".into(),
            action: "assetChanged".into(),
            target: "ds-1".into(),
            key: None,
            note: None,
        };
        let line = Happening::of_line(entry, HERE, 0.0);
        assert_eq!(line.words.text(), "Ann changed ds-1");
        let data =
            r#"{"line":7,"at":5,"kind":"assetChanged","assetId":"ds-1","fields":[],"by":"ann"}"#;
        let event = Happening::of_message(3, data, HERE, 0.0);
        assert!(line.is_told_by(&event));
        assert_eq!((event.offset, event.at), (Some(3), Some(5)));
        // One write may have consequences: they have the same line.
        let data = r#"{"line":7,"kind":"policyViolated","violationId":"v","policyId":"p","assetId":"ds-1"}"#;
        assert!(!line.is_told_by(&Happening::of_message(4, data, HERE, 0.0)));
        // And what has none is nobody's double.
        let unnumbered = Happening::of_message(4, r#"{"kind":"news"}"#, HERE, 0.0);
        assert!(!unnumbered.is_told_by(&unnumbered));
    }
}
