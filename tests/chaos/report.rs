//! What a run says: figures, and every law that was broken with its history. It is printed, and kept in a file.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;

use anyhow::{Context, Result};
use reqwest::Client;
use serde_json::Value;
use tidegate_contract::paths;

use crate::book::{BlowKind, Book, Told};
use crate::cast::{ASSETS, USERS, asset};
use crate::laws::{Breach, breaches};
use crate::place;
use crate::stage::Stage;
use crate::takeover::{Takeover, takeovers};
use crate::words::Words;

/// So many breaches are told with their history; the others are counted.
const TOLD: usize = 12;

pub(crate) struct Report {
    name: String,
    text: String,
    kept: bool,
}

impl Report {
    pub(crate) async fn of(stage: &Stage, words: &Words) -> Result<Report> {
        let stands = stands(stage).await?;
        let effects = stage.space().effects().await?.total;
        let book = stage.site.book();
        let takeovers = takeovers(&book);
        let mut breaches = breaches(&book, &stands);
        breaches.extend(uncounted(&book, effects));
        let name = format!("{}-{}-{}", words.browser.name(), words.writes, words.seed);
        Ok(Report {
            text: text(&book, words, &takeovers, &breaches)?,
            kept: breaches.is_empty(),
            name,
        })
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.kept
    }

    /// Writes it to a file.
    pub(crate) fn keep(&self) -> Result<()> {
        let file = place::leftovers().join(format!("outbox-{}.md", self.name));
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
    book: &Book,
    words: &Words,
    takeovers: &[Takeover],
    breaches: &[Breach],
) -> Result<String, fmt::Error> {
    let mut text = String::new();
    let Words {
        writes,
        seed,
        browser,
        ..
    } = words;
    writeln!(
        text,
        "# Chaos: the outbox in {}, {writes} writes, seed {seed}\n",
        browser.name()
    )?;
    writeln!(text, "| | |\n|---|---:|")?;
    for (what, figure) in figures(book) {
        writeln!(text, "| {what} | {figure} |")?;
    }
    writeln!(
        text,
        "\n| another tab went on after a | times | p50 | p95 | longest |\n|---|---:|---:|---:|---:|"
    )?;
    for kind in [
        BlowKind::Close,
        BlowKind::Crash,
        BlowKind::Reload,
        BlowKind::Freeze,
    ] {
        let mut times: Vec<_> = (takeovers.iter().filter(|it| it.kind == kind))
            .map(|it| it.after.unwrap_or(u64::MAX))
            .collect();
        times.sort_unstable();
        let at = |percent: usize| match times.get(times.len() * percent / 100) {
            Some(&u64::MAX) => "never".to_owned(),
            Some(ms) => format!("{ms} ms"),
            None => "-".to_owned(),
        };
        let longest = times.last().map_or_else(
            || "-".to_owned(),
            |ms| match *ms {
                u64::MAX => "never".to_owned(),
                ms => format!("{ms} ms"),
            },
        );
        let name = format!("{kind:?}").to_lowercase();
        writeln!(
            text,
            "| {name} | {} | {} | {} | {longest} |",
            times.len(),
            at(50),
            at(95)
        )?;
    }
    text.push_str(&late(book, takeovers));
    if breaches.is_empty() {
        writeln!(text, "\nEvery law was kept.")?;
        return Ok(text);
    }
    writeln!(text, "\n{} breaches\n", breaches.len())?;
    let mut counts: BTreeMap<_, u32> = BTreeMap::new();
    for breach in breaches {
        *counts.entry(breach.law).or_default() += 1;
    }
    for (law, count) in counts {
        writeln!(text, "- {law}: {count}")?;
    }
    writeln!(text)?;
    for breach in breaches.iter().take(TOLD) {
        writeln!(text, "{breach}")?;
    }
    Ok(text)
}

fn figures(book: &Book) -> Vec<(String, String)> {
    let told = |is_it: fn(&Told) -> bool| {
        let fitting = book.writes.iter().filter(|write| is_it(&write.told));
        fitting.count().to_string()
    };
    let effects = book.effects();
    let unknown = book.writes.iter().zip(&effects);
    let unknown = unknown.filter(|(write, effects)| write.told == Told::Nothing && **effects > 0);
    let blows = |kind| {
        let fitting = book.blows.iter().filter(|blow| blow.kind == kind);
        fitting.count().to_string()
    };
    let answered = |status| {
        let fitting = book.lines.values().filter(|line| line.status == status);
        fitting.count().to_string()
    };
    let running = |line: &&crate::book::Line| line.status == Some(409) && line.rules.is_empty();
    let still_running = book.lines.values().filter(running).count();
    let lines = [
        ("seconds", (book.now() / 1_000).to_string()),
        (
            "writes that were accepted",
            told(|told| matches!(told, Told::Accepted { .. })),
        ),
        (
            "rejected",
            told(|told| matches!(told, Told::Rejected { .. })),
        ),
        (
            "not tried: the user had changed",
            told(|told| *told == Told::Skipped),
        ),
        ("of which nobody knows", told(|told| *told == Told::Nothing)),
        ("of these applied", unknown.count().to_string()),
        (
            "applied, all together",
            effects.iter().sum::<u32>().to_string(),
        ),
        ("sent", book.attempts.len().to_string()),
        ("arrived at the stub", book.lines.len().to_string()),
        ("without an answer", answered(None)),
        ("answered 401", answered(Some(401))),
        (
            "answered 409, the first being under way still",
            still_running.to_string(),
        ),
        ("tabs", book.tabs.len().to_string()),
        ("closed", blows(BlowKind::Close)),
        ("crashed", blows(BlowKind::Crash)),
        ("frozen", blows(BlowKind::Freeze)),
        ("reloaded", blows(BlowKind::Reload)),
        (
            "tokens that expired",
            book.tokens.iter().sum::<u32>().to_string(),
        ),
    ];
    let lines = lines.map(|(what, figure)| (what.to_owned(), figure));
    let troubles = book.troubles.iter();
    let troubles =
        troubles.map(|(what, count)| (format!("entries told {what}"), count.to_string()));
    lines.into_iter().chain(troubles).collect()
}

/// Those that took longer than is wished for, with what happened meanwhile. They are told and no law: a machine may be busy, a write may rest, and
/// a frozen page keeps what it has.
fn late(book: &Book, takeovers: &[Takeover]) -> String {
    let late = takeovers.iter().filter(|it| it.is_late());
    let tell = |it: &Takeover| {
        let (kind, tab, at) = (it.kind, it.tab, it.at);
        let after = it.after.map_or("never".into(), |ms| format!("{ms} ms"));
        let history = it.history(book).join("\n    ");
        format!("\n{kind:?} of tab {tab} at {at} ms: {after}\n    {history}\n")
    };
    late.map(tell).collect()
}

/// The journal is what all of this was read from: none of its lines may have been missed.
fn uncounted(book: &Book, effects: u64) -> Option<Breach> {
    let counted = u64::from(book.effects().iter().sum::<u32>());
    let what = format!("the stub counted {effects} effects, the journal has {counted}");
    (counted != effects).then(|| Breach::plain("the journal is whole", what))
}

/// What the stub says of each asset in the end.
async fn stands(stage: &Stage) -> Result<BTreeMap<String, String>> {
    let client = Client::builder().no_proxy().build()?;
    let mut stands = BTreeMap::new();
    for user in 0..USERS.len() {
        for number in 0..ASSETS {
            let asset = asset(user, number);
            let address = format!("{}{}", stage.api(), paths::asset(&asset));
            let said: Value = client.get(address).send().await?.json().await?;
            let description = said["description"].as_str();
            let description = description.context("an asset has a description")?;
            stands.insert(asset, description.to_owned());
        }
    }
    Ok(stands)
}
