//! How soon another tab goes on when the one that drains is gone.
//!
//! It counts where there was something to go on with: another tab of the same user, whose page ran all the time, and a write that had been
//! stored and not been applied.

use crate::book::{BlowKind, Book, Line, Told};

/// What takes longer is told with its history.
const LIMIT_MS: u64 = 5_000;
/// What is told of the time before and after.
const AROUND_MS: u64 = 1_500;

/// One that took over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takeover {
    pub(crate) kind: BlowKind,
    pub(crate) tab: usize,
    pub(crate) user: &'static str,
    pub(crate) at: u64,
    /// None: nobody did.
    pub(crate) after: Option<u64>,
}

pub(crate) fn takeovers(book: &Book) -> Vec<Takeover> {
    let applied: Vec<_> = book
        .effects()
        .into_iter()
        .map(|effects| effects > 0)
        .collect();
    let last = last_attempts(book);
    let mut found = Vec::new();
    for blow in &book.blows {
        let before = book
            .attempts
            .partition_point(|attempt| attempt.at < blow.at);
        let Some(user) = book.tabs[blow.tab]
            .at(blow.at.saturating_sub(1))
            .map(|it| it.user)
        else {
            continue;
        };
        let mut earlier = book.attempts[..before].iter().rev();
        let drained = earlier.find(|attempt| attempt.user == user);
        if drained.is_none_or(|attempt| attempt.tab != blow.tab) {
            continue;
        }
        let mut later = book.attempts[before..].iter();
        let next = later.find(|it| it.user == user && it.tab != blow.tab);
        let at = next.map_or(blow.at + LIMIT_MS * 2, |next| next.at);
        let heir = (book.tabs.iter().enumerate())
            .any(|(tab, sheet)| tab != blow.tab && sheet.is_steady(user, blow.at, at));
        // It is back, and was quicker.
        let returned = (book.attempts[before..].iter())
            .any(|it| it.user == user && it.tab == blow.tab && it.at < at);
        let waits = book.writes.iter().enumerate().any(|(number, write)| {
            let stored = matches!(write.told, Told::Accepted { at } if at < blow.at);
            let went = last[number].is_some_and(|last| last >= before);
            write.user == user && stored && (went || !applied[number])
        });
        if heir && !returned && waits {
            found.push(Takeover {
                kind: blow.kind,
                tab: blow.tab,
                user,
                at: blow.at,
                after: next.map(|next| next.at - blow.at),
            });
        }
    }
    found
}

/// The last attempt of each write, by its place among all.
fn last_attempts(book: &Book) -> Vec<Option<usize>> {
    let mut last = vec![None; book.writes.len()];
    for (place, attempt) in book.attempts.iter().enumerate() {
        if let Some(last) = last.get_mut(attempt.write) {
            *last = Some(place);
        }
    }
    last
}

impl Takeover {
    pub(crate) fn is_late(&self) -> bool {
        self.after.is_none_or(|after| after > LIMIT_MS)
    }

    /// What happened around it, in the order of time.
    pub(crate) fn history(&self, book: &Book) -> Vec<String> {
        let until = self.at + self.after.unwrap_or(LIMIT_MS * 2);
        let around = self.at.saturating_sub(AROUND_MS)..=until + AROUND_MS;
        let mut lines = Vec::new();
        for attempt in book.attempts.iter().filter(|it| it.user == self.user) {
            let what = format!(
                "tab {} is about to send write {}",
                attempt.tab, attempt.write
            );
            lines.push((attempt.at, what));
        }
        for line in book.lines.values().filter(|line| line.user == self.user) {
            let Line {
                write,
                status,
                end,
                rules,
                ..
            } = line;
            let what = format!(
                "write {write} arrives: {status:?}, over at {end:?}, {}",
                rules.join(" ")
            );
            lines.push((line.at, what));
        }
        for (tab, sheet) in book.tabs.iter().enumerate() {
            for change in &sheet.changes {
                let what = format!("tab {tab} runs: {}, {}", change.runs, change.user);
                lines.push((change.at, what));
            }
        }
        lines.extend(book.deeds.iter().cloned());
        lines.retain(|(at, _)| around.contains(at));
        lines.sort();
        let tell = |(at, line)| format!("{at:>8} ms  {line}");
        lines.into_iter().map(tell).collect()
    }
}
