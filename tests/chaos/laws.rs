//! What must hold, whatever was done.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::book::{Attempt, Book, Told};

/// So many milliseconds may the stub's clock, as we know it, be off ours.
const CLOCKS: u64 = 10;

/// A law that was broken, and the history that says so.
#[derive(Debug)]
pub(crate) struct Breach {
    pub(crate) law: &'static str,
    pub(crate) what: String,
    pub(crate) history: Vec<String>,
}

impl Breach {
    pub(crate) fn plain(law: &'static str, what: String) -> Breach {
        Breach {
            law,
            what,
            history: Vec::new(),
        }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.law, self.what)?;
        self.history
            .iter()
            .try_for_each(|line| writeln!(f, "    {line}"))
    }
}

/// All breaches. `stands` is what each asset says in the end.
pub(crate) fn breaches(book: &Book, stands: &BTreeMap<String, String>) -> Vec<Breach> {
    let mut found = Vec::new();
    once(book, &mut found);
    keys(book, &mut found);
    senders(book, &mut found);
    order(book, stands, &mut found);
    drainers(book, &mut found);
    for odd in &book.odd {
        found.push(Breach::plain("nothing else goes wrong", odd.clone()));
    }
    found
}

/// Accepted: exactly once. Rejected: never. Of what nobody told: at most once, and not to be found in the queue any more.
fn once(book: &Book, found: &mut Vec<Breach>) {
    for (number, (write, effects)) in book.writes.iter().zip(book.effects()).enumerate() {
        let law = match (&write.told, effects) {
            (Told::Accepted { .. }, 0) => "none is lost",
            (Told::Accepted { .. } | Told::Nothing, 2..) => "none is applied twice",
            (Told::Rejected { .. } | Told::Skipped, 1..) => "what is rejected is not applied",
            _ => continue,
        };
        found.push(breach(book, law, number, &format!("{effects} effects")));
    }
    for (user, (_, waits)) in &book.left {
        for entry in waits {
            found.push(Breach::plain("none is left", format!("{user} has {entry}")));
        }
    }
}

/// A write has one key, and a key is one write's.
fn keys(book: &Book, found: &mut Vec<Breach>) {
    let mut by_key = HashMap::new();
    let mut by_write = HashMap::new();
    for line in book.lines.values() {
        let key = line.key.as_deref().unwrap_or("none");
        let is_same = *by_key.entry(key).or_insert(line.write) == line.write;
        if !is_same || *by_write.entry(line.write).or_insert(key) != key {
            let what = format!("the key {key} is another one");
            found.push(breach(book, "one key for each write", line.write, &what));
        }
    }
}

/// Who sends a write, and who is asked for a token for it, is who queued it.
fn senders(book: &Book, found: &mut Vec<Breach>) {
    for attempt in &book.attempts {
        let owner = book.writes.get(attempt.write).map(|write| write.user);
        if owner != Some(attempt.user) {
            let what = format!("{} was asked for a token, it is {owner:?}'s", attempt.user);
            found.push(breach(
                book,
                "nobody is asked for another's",
                attempt.write,
                &what,
            ));
        }
    }
    for line in book.lines.values() {
        let owner = book.writes.get(line.write).map(|write| write.user);
        if line.user != line.sender || owner != Some(&*line.user) {
            let what = format!("sent by {}, queued by {}", line.sender, line.user);
            found.push(breach(book, "nobody sends another's", line.write, &what));
        }
    }
}

/// In a lane, which is one asset, writes are applied in the order of their numbers; the last one is what stands there.
fn order(book: &Book, stands: &BTreeMap<String, String>, found: &mut Vec<Breach>) {
    let mut lanes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for line in book.lines.values().filter(|line| line.effect) {
        if let Some(write) = book.writes.get(line.write) {
            lanes.entry(&write.asset).or_default().push(line.write);
        }
    }
    let entry = |write: usize| book.writes[write].entry;
    for (asset, applied) in lanes {
        for pair in applied.windows(2) {
            if entry(pair[0]) > entry(pair[1]) {
                let what = format!("applied after write {}, {:?}", pair[0], entry(pair[0]));
                found.push(breach(book, "in the order of its lane", pair[1], &what));
            }
        }
        let last = applied.iter().copied().max_by_key(|write| entry(*write));
        let wanted = last.map(|last| format!("write {last}"));
        if let Some((last, wanted)) = last.zip(wanted)
            && stands.get(asset) != Some(&wanted)
        {
            let what = format!("{asset} says {:?} in the end", stands.get(asset));
            found.push(breach(book, "the last one stands", last, &what));
        }
    }
    // Who was told that one is stored queues the next one behind it.
    let mut ordered: Vec<_> = book.writes.iter().enumerate().collect();
    ordered.sort_by_key(|(_, write)| write.ordered);
    let mut told: Vec<_> = (book.writes.iter())
        .filter_map(|write| match write.told {
            Told::Accepted { at } => Some((at, write.entry?)),
            _ => None,
        })
        .collect();
    told.sort_unstable();
    let (mut known, mut greatest) = (told.into_iter().peekable(), 0);
    for (number, write) in ordered {
        while let Some((_, entry)) = known.next_if(|(at, _)| *at < write.ordered) {
            greatest = greatest.max(entry);
        }
        if let Some(entry) = write.entry.filter(|entry| *entry <= greatest) {
            let what = format!("entry {entry} was queued after {greatest} was stored");
            found.push(breach(book, "numbers count up", number, &what));
        }
    }
}

/// Of one user's tabs one drains: none begins an attempt while one of another tab, whose page runs and is that user's, is under way.
fn drainers(book: &Book, found: &mut Vec<Breach>) {
    let mut under_way: HashMap<&str, Vec<(&Attempt, u64)>> = HashMap::new();
    for (attempt, end) in ends(book) {
        let others = under_way.entry(attempt.user).or_default();
        others.retain(|(_, end)| *end > attempt.at);
        for (other, end) in others.iter().filter(|(other, _)| other.tab != attempt.tab) {
            let sheet = &book.tabs[other.tab];
            if sheet.is_steady(attempt.user, other.at, attempt.at) {
                let what = format!(
                    "tab {} began at {} ms, while tab {} had write {} under way from {} to {end} ms",
                    attempt.tab, attempt.at, other.tab, other.write, other.at
                );
                found.push(breach(book, "one tab drains", attempt.write, &what));
            }
        }
        if let Some(end) = end {
            others.push((attempt, end));
        }
    }
}

/// Each attempt with the end of what arrived of it, if anything did.
fn ends(book: &Book) -> Vec<(&Attempt, Option<u64>)> {
    let mut arrivals: HashMap<usize, Vec<(u64, Option<u64>)>> = HashMap::new();
    for line in book.lines.values() {
        let arrivals = arrivals.entry(line.write).or_default();
        arrivals.push((line.at, line.end));
    }
    let mut next: HashMap<usize, u64> = HashMap::new();
    let mut ends: Vec<_> = (book.attempts.iter().rev())
        .map(|attempt| {
            let until = next.insert(attempt.write, attempt.at).unwrap_or(u64::MAX);
            let arrivals = arrivals.get(&attempt.write);
            let of_it = |(at, _): &&(u64, Option<u64>)| *at + CLOCKS >= attempt.at && *at < until;
            let arrival = arrivals.and_then(|arrivals| arrivals.iter().find(of_it));
            (attempt, arrival.and_then(|(_, end)| *end))
        })
        .collect();
    ends.reverse();
    ends
}

fn breach(book: &Book, law: &'static str, write: usize, what: &str) -> Breach {
    let key = (book.lines.values())
        .find(|line| line.write == write)
        .and_then(|line| line.key.clone());
    Breach {
        law,
        what: format!("write {write}, key {}: {what}", key.unwrap_or_default()),
        history: history(book, write),
    }
}

/// All that is known of a write, in the order of time.
fn history(book: &Book, number: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(write) = book.writes.get(number) {
        let (user, asset, tab) = (write.user, &write.asset, write.tab);
        let ordered = format!("tab {tab} is to queue it for {asset}, as {user}");
        lines.push((write.ordered, ordered));
        match &write.told {
            Told::Accepted { at } => lines.push((*at, format!("202, entry {:?}", write.entry))),
            other => lines.push((u64::MAX, format!("told: {other:?}"))),
        }
        for blow in book.blows.iter().filter(|blow| blow.tab == tab) {
            lines.push((blow.at, format!("tab {tab}: {:?}", blow.kind)));
        }
    }
    for attempt in book.attempts.iter().filter(|it| it.write == number) {
        let Attempt {
            tab,
            user,
            token,
            refused,
            ..
        } = attempt;
        let line =
            format!("tab {tab} is about to send it with token {user}.{token}, refused: {refused}");
        lines.push((attempt.at, line));
    }
    for (seq, line) in book.lines.iter().filter(|(_, line)| line.write == number) {
        let end = line
            .end
            .map_or_else(|| "not over".to_owned(), |end| format!("over at {end}"));
        let said = format!(
            "stub line {seq}: from {}, status {:?}, effect {}, {end}, {}",
            line.sender,
            line.status,
            line.effect,
            line.rules.join(" ")
        );
        lines.push((line.at, said));
    }
    lines.sort();
    let tell = |(at, line): (u64, String)| match at {
        u64::MAX => line,
        at => format!("{at:>8} ms  {line}"),
    };
    lines.into_iter().map(tell).collect()
}
