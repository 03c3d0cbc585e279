//! What a run says: figures, and every law that was broken. It is printed, and kept in a file.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;

use anyhow::Result;
use tidegate_contract::feed::StreamCounts;

use super::laws::{Breach, breaches};
use super::notes::Notes;
use crate::place;
use crate::words::Words;

/// So many breaches are told; the others are counted.
const TOLD: usize = 20;

pub(crate) struct Report {
    name: String,
    text: String,
    kept: bool,
}

impl Report {
    pub(crate) fn of(notes: &Notes, words: &Words, counts: &StreamCounts) -> Result<Report> {
        let breaches = breaches(notes);
        Ok(Report {
            name: format!("{}-{}-{}", words.browser.name(), words.kills, words.seed),
            text: text(notes, words, counts, &breaches)?,
            kept: breaches.is_empty(),
        })
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.kept
    }

    /// Writes it to a file.
    pub(crate) fn keep(&self) -> Result<()> {
        let file = place::leftovers().join(format!("socket-{}.md", self.name));
        fs::write(&file, &self.text)?;
        println!("report: {}", file.display());
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn text(
    notes: &Notes,
    words: &Words,
    counts: &StreamCounts,
    breaches: &[Breach],
) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let (kills, seed, browser) = (words.kills, words.seed, words.browser.name());
    writeln!(
        text,
        "# Chaos: a socket in {browser}, {kills} kills, seed {seed}\n"
    )?;
    writeln!(text, "| | |\n|---|---:|")?;
    for (what, figure) in figures(notes, counts) {
        writeln!(text, "| {what} | {figure} |")?;
    }
    writeln!(text, "\n| killed by | times |\n|---|---:|")?;
    let mut ways: BTreeMap<&str, u32> = BTreeMap::new();
    for (_, kill) in &notes.kills {
        *ways.entry(kill.name()).or_default() += 1;
    }
    for (way, times) in ways {
        writeln!(text, "| {way} | {times} |")?;
    }
    writeln!(text, "\n| told | times |\n|---|---:|")?;
    for (change, times) in &notes.changes {
        writeln!(text, "| {change} | {times} |")?;
    }
    if breaches.is_empty() {
        writeln!(text, "\nEvery law was kept.")?;
        return Ok(text);
    }
    writeln!(text, "\n{} breaches\n", breaches.len())?;
    for breach in breaches.iter().take(TOLD) {
        writeln!(text, "{breach}")?;
    }
    Ok(text)
}

fn figures(notes: &Notes, counts: &StreamCounts) -> Vec<(&'static str, String)> {
    let sum = |of: &BTreeMap<String, Vec<u64>>| of.values().map(Vec::len).sum::<usize>();
    let mut down = notes.downtimes.clone();
    down.sort_unstable();
    let at = |percent: usize| {
        let place = (down.len() * percent / 100).min(down.len().saturating_sub(1));
        down.get(place)
            .map_or("-".to_owned(), |ms| format!("{ms} ms"))
    };
    let page = counts.by_client.get(super::desk::CLIENT).copied();
    let page = page.unwrap_or_default();
    vec![
        ("seconds", (notes.now() / 1_000).to_string()),
        (
            "messages to the page",
            notes.announced.values().sum::<u64>().to_string(),
        ),
        ("read by it", sum(&notes.read).to_string()),
        (
            "messages from the page",
            notes.handed_in.values().sum::<u64>().to_string(),
        ),
        ("that took effect", sum(&notes.applied).to_string()),
        ("acknowledged", notes.acknowledged.len().to_string()),
        ("connections that the stub opened", page.total.to_string()),
        ("at once, at most", page.peak.to_string()),
        ("without a connection, p50", at(50)),
        ("p99", at(99)),
        ("longest", at(100)),
    ]
}
