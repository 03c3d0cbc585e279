//! The TypeScript of everything that crosses over: settings, events, health, explanations. Made from the same declarations as the
//! Rust types, so the two cannot differ.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use crate::event::Event;
use crate::health::{
    AlertHealth, Counters, Health, LatencyHealth, OriginHealth, ScopeHealth, StorageHealth,
};
use crate::kept::{CacheEntry, StrategyName};
use crate::outbox::{OutboxEntry, OutboxHealth};
use crate::outcome::{Explanation, Reason};
use crate::record::{Value, camel, comment};
use crate::session::SocketHealth;
use crate::settings::{SETTING_DOCS, SETTINGS};

/// The whole file.
#[must_use]
pub fn typescript() -> String {
    let mut out = String::from(
        "// Generated from the declarations in `sdk/core`. Do not edit: `cargo xtask types` writes it.\n\n",
    );
    out += &settings();
    out += &format!(
        "/** Why an answer is not simply the network's. */\nexport type Reason =\n  | {};\n\n",
        Reason::typescript().replace(" | ", "\n  | ")
    );
    out += &format!(
        "/** How a route weighs what is kept against the network. */\nexport type CacheStrategy =\n  | {};\n\n",
        StrategyName::typescript().replace(" | ", "\n  | ")
    );
    for declaration in [
        Explanation::declaration(),
        CacheEntry::declaration(),
        Counters::declaration(),
        ScopeHealth::declaration(),
        LatencyHealth::declaration(),
        OriginHealth::declaration(),
        AlertHealth::declaration(),
        StorageHealth::declaration(),
        OutboxHealth::declaration(),
        OutboxEntry::declaration(),
        SocketHealth::declaration(),
        Health::declaration(),
    ] {
        out += &declaration;
        out += "\n";
    }
    out += &events();
    out
}

fn settings() -> String {
    let docs: BTreeMap<&str, &str> = SETTING_DOCS.iter().copied().collect();
    let doc = |path: &str| docs.get(path).copied().unwrap_or_default();
    let mut out = comment(
        "",
        "Every setting, by group; what is left out has its default.",
    );
    out += "export interface Settings {\n";
    let mut group = "";
    for setting in SETTINGS {
        let Some((its_group, name)) = setting.path.split_once('.') else {
            continue;
        };
        if its_group != group {
            if !group.is_empty() {
                out += "  };\n";
            }
            group = its_group;
            out += &comment("  ", doc(group));
            out += &format!("  {group}?: {{\n");
        }
        let range = format!(
            "{}\n\n@defaultValue {}, from {} to {}",
            doc(setting.path).trim(),
            setting.default,
            setting.min,
            setting.max
        );
        out += &comment("    ", &range);
        out += &format!("    {}?: number;\n", camel(name));
    }
    out + "  };\n}\n\n"
}

fn events() -> String {
    let events = Event::declarations();
    let mut out = String::new();
    for (_, _, declaration) in &events {
        out += declaration;
        out += "\n";
    }
    out += &comment("", "Every event of the engine by its name.");
    out += "export interface EngineEvents {\n";
    for (name, record, _) in events {
        let quote = if name.contains('-') { "\"" } else { "" };
        out += &format!("  {quote}{name}{quote}: {record};\n");
    }
    out + "}\n"
}
