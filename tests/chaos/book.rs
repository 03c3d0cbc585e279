//! All that happened, as far as somebody saw it: what was done to the tabs, what they told, what was sent. Times are milliseconds since the
//! run began.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde_json::Value;
use tokio::time::Instant;

use crate::cast::USERS;

/// Everything is remembered: a run of 100,000 writes takes a few hundred megabytes.
#[derive(Debug)]
pub(crate) struct Book {
    began: Instant,
    pub(crate) tabs: Vec<Sheet>,
    pub(crate) writes: Vec<Write>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) blows: Vec<Blow>,
    /// The stub's journal of writes, by its numbers.
    pub(crate) lines: BTreeMap<u64, Line>,
    /// Which token of each user is good.
    pub(crate) tokens: [u32; USERS.len()],
    /// What a tab of each user said last of what waits, and when.
    pub(crate) left: HashMap<&'static str, (u64, Vec<Value>)>,
    /// How often a tab told of an entry in trouble, by what it was.
    pub(crate) troubles: BTreeMap<String, u32>,
    pub(crate) odd: Vec<String>,
    /// What tabs said when nothing went on.
    pub(crate) looks: BTreeMap<usize, String>,
    /// What was done to the stub.
    pub(crate) deeds: Vec<(u64, String)>,
}

/// A tab, from its opening to its end.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// How often its page began.
    pub(crate) life: u64,
    pub(crate) user: &'static str,
    pub(crate) words: VecDeque<Value>,
    /// Which token its page has, of each user.
    pub(crate) tokens: HashMap<&'static str, u32>,
    pub(crate) changes: Vec<Change>,
}

/// From then on it is like this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub(crate) at: u64,
    /// Its page runs.
    pub(crate) runs: bool,
    pub(crate) user: &'static str,
}

/// A write that a tab was told to queue.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) user: &'static str,
    pub(crate) asset: String,
    pub(crate) tab: usize,
    pub(crate) ordered: u64,
    pub(crate) told: Told,
    /// Its number in the outbox, once somebody said it.
    pub(crate) entry: Option<u64>,
}

/// What a tab said became of a write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Told {
    /// It was answered 202.
    Accepted { at: u64 },
    /// Nothing: its tab may have died over it.
    Nothing,
    /// The call was rejected.
    Rejected { code: String },
    /// It was not tried, because the tab's user was another one by then.
    Skipped,
}

/// An entry that a tab was about to send: the application was asked for a token.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) at: u64,
    pub(crate) tab: usize,
    pub(crate) user: &'static str,
    pub(crate) write: usize,
    pub(crate) token: u32,
    pub(crate) refused: bool,
}

/// Something that was done to a tab.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blow {
    pub(crate) at: u64,
    pub(crate) tab: usize,
    pub(crate) kind: BlowKind,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum BlowKind {
    Close,
    Crash,
    Freeze,
    Reload,
}

/// A write that arrived at the stub.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) at: u64,
    /// When it was over; none while it is not.
    pub(crate) end: Option<u64>,
    pub(crate) write: usize,
    /// Whose it is.
    pub(crate) user: String,
    /// Who sent it.
    pub(crate) sender: String,
    pub(crate) key: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) effect: bool,
    pub(crate) rules: Vec<String>,
}

impl Book {
    pub(crate) fn new() -> Book {
        Book {
            began: Instant::now(),
            tabs: Vec::new(),
            writes: Vec::new(),
            attempts: Vec::new(),
            blows: Vec::new(),
            lines: BTreeMap::new(),
            tokens: [0; USERS.len()],
            left: HashMap::new(),
            troubles: BTreeMap::new(),
            odd: Vec::new(),
            looks: BTreeMap::new(),
            deeds: Vec::new(),
        }
    }

    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A tab is like this from now on.
    pub(crate) fn note(&mut self, tab: usize, runs: bool) {
        let at = self.now();
        if let Some(sheet) = self.tabs.get_mut(tab) {
            let user = sheet.user;
            sheet.changes.push(Change { at, runs, user });
        }
    }

    /// How a tab is.
    pub(crate) fn at_last(&self, tab: usize) -> Option<Change> {
        self.tabs.get(tab)?.changes.last().copied()
    }

    /// Something is about to be done to a tab.
    pub(crate) fn strike(&mut self, tab: usize, kind: BlowKind) {
        let at = self.now();
        self.blows.push(Blow { at, tab, kind });
        self.note(tab, false);
    }

    pub(crate) fn accepted(&self) -> usize {
        let accepted = |write: &&Write| matches!(write.told, Told::Accepted { .. });
        self.writes.iter().filter(accepted).count()
    }

    /// How often each write took effect.
    pub(crate) fn effects(&self) -> Vec<u32> {
        let mut effects = vec![0; self.writes.len()];
        for line in self.lines.values().filter(|line| line.effect) {
            if let Some(count) = effects.get_mut(line.write) {
                *count += 1;
            }
        }
        effects
    }

    /// Tabs that have not said of every write of this life of theirs what became of it.
    pub(crate) fn busy(&self) -> Vec<usize> {
        let open = |write: &&Write| {
            let begun = self.at_last(write.tab).map_or(0, |last| last.at);
            write.told == Told::Nothing && write.ordered >= begun
        };
        self.writes
            .iter()
            .filter(open)
            .map(|write| write.tab)
            .collect()
    }

    /// Accepted writes that have not been applied yet.
    pub(crate) fn backlog(&self) -> usize {
        self.backlog_by_user().values().sum()
    }

    /// The same, of each user.
    pub(crate) fn backlog_by_user(&self) -> HashMap<&'static str, usize> {
        let mut backlog = HashMap::new();
        for (write, effects) in self.writes.iter().zip(self.effects()) {
            if matches!(write.told, Told::Accepted { .. }) && effects == 0 {
                *backlog.entry(write.user).or_default() += 1;
            }
        }
        backlog
    }
}

impl Sheet {
    /// Whether its page runs at this time, and whose it is.
    pub(crate) fn at(&self, time: u64) -> Option<Change> {
        let before = self.changes.iter().rev().find(|change| change.at <= time);
        before.copied()
    }

    /// Whether its page ran and was this user's all the time.
    pub(crate) fn is_steady(&self, user: &str, from: u64, to: u64) -> bool {
        let was = self.at(from).is_some_and(|it| it.runs && it.user == user);
        was && !(self.changes.iter()).any(|change| change.at > from && change.at <= to)
    }
}
