//! The policies, and what breaks them.
//!
//! Each looks only at what a line of the list says, so that all violations of a million assets are found by one scan and none has to
//! be kept.

use tidegate_contract::{Classification, Policy, Severity};

use super::refusal::Refusal;
use crate::catalog::TAGS;

/// What a policy looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// A bit for each of [`TAGS`].
    pub(super) tags: u16,
    pub(super) level: Classification,
    pub(super) quality: u8,
}

impl Facts {
    /// A bit for each of [`POLICIES`] that is broken.
    pub(super) fn broken(self) -> u8 {
        (0..POLICIES.len())
            .filter(|&policy| (POLICIES[policy].breaks)(self))
            .fold(0, |broken, policy| broken | 1 << policy)
    }

    fn has(self, tag: u16) -> bool {
        self.tags & tag != 0
    }
}

/// A policy with what breaks it.
#[derive(Debug)]
pub(crate) struct Rule {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    severity: Severity,
    breaks: fn(Facts) -> bool,
}

impl Rule {
    /// The policy as the wire tells it.
    pub(crate) fn policy(&self) -> Policy {
        Policy {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            severity: self.severity,
        }
    }

    pub(super) fn id(&self) -> &'static str {
        self.id
    }
}

const CERTIFIED: u16 = tag("certified");
const CRITICAL: u16 = tag("critical");
const DEPRECATED: u16 = tag("deprecated");
const EXTERNAL: u16 = tag("external");
const GDPR: u16 = tag("gdpr");
const GOLD: u16 = tag("gold");
const PII: u16 = tag("pii");

/// All policies; a violation names one by its place here. At most eight.
pub(crate) const POLICIES: [Rule; 6] = [
    Rule {
        id: "pol-1",
        name: "Personal data is closed",
        description: "What is tagged pii is confidential or restricted.",
        severity: Severity::High,
        breaks: |asset| asset.has(PII) && asset.level < Classification::Confidential,
    },
    Rule {
        id: "pol-2",
        name: "The GDPR's data is not public",
        description: "What is tagged gdpr is not public.",
        severity: Severity::High,
        breaks: |asset| asset.has(GDPR) && asset.level == Classification::Public,
    },
    Rule {
        id: "pol-3",
        name: "Secrets stay inside",
        description: "What is restricted is not tagged external.",
        severity: Severity::High,
        breaks: |asset| asset.has(EXTERNAL) && asset.level == Classification::Restricted,
    },
    Rule {
        id: "pol-4",
        name: "Certified means good",
        description: "What is tagged certified has a quality of 60 or more.",
        severity: Severity::Medium,
        breaks: |asset| asset.has(CERTIFIED) && asset.quality < 60,
    },
    Rule {
        id: "pol-5",
        name: "Nothing critical is on its way out",
        description: "What is tagged critical is not tagged deprecated.",
        severity: Severity::Medium,
        breaks: |asset| asset.has(CRITICAL) && asset.has(DEPRECATED),
    },
    Rule {
        id: "pol-6",
        name: "Gold is certified",
        description: "What is tagged gold is tagged certified.",
        severity: Severity::Low,
        breaks: |asset| asset.has(GOLD) && !asset.has(CERTIFIED),
    },
];

/// The policy with this id: its place among all.
pub(crate) fn policy(id: &str) -> Result<usize, Refusal> {
    POLICIES
        .iter()
        .position(|rule| rule.id == id)
        .ok_or_else(|| Refusal::NoSuch {
            what: "policy",
            id: id.to_owned(),
        })
}

/// The bit of one of [`TAGS`].
const fn tag(name: &str) -> u16 {
    let mut at = 0;
    while !same(TAGS[at], name) {
        at += 1;
    }
    1 << at
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}
