//! Reads the stub's journal along: it forgets all but its last 10,000 lines.

use anyhow::Result;
use tidegate_contract::{EntryKind, JournalEntry, JournalQuery, Pattern};
use tidegate_core::Millis;
use tidegate_stub_client::Space;

use crate::book::{Book, Line};
use crate::site::Site;

/// The quickest answer of so many tells best what time it is there.
const READINGS: u32 = 10;

#[derive(Debug)]
pub(crate) struct Follower {
    space: Space,
    /// All lines up to this one are over and known.
    floor: u64,
    /// What is to be added to the stub's time.
    offset: i64,
}

impl Follower {
    pub(crate) async fn new(space: Space, site: &Site) -> Result<Follower> {
        let (mut quickest, mut offset) = (u64::MAX, 0);
        for _ in 0..READINGS {
            let before = site.book().now();
            let theirs = space.clock().await?.now_ms;
            let after = site.book().now();
            if after - before < quickest {
                quickest = after - before;
                offset = before.midpoint(after).cast_signed() - theirs.cast_signed();
            }
        }
        Ok(Follower {
            space,
            floor: 0,
            offset,
        })
    }

    /// Waits for another arrival, but no longer than this, and writes down what there is.
    pub(crate) async fn catch_up(&mut self, site: &Site, wait: Millis) -> Result<()> {
        let seen = site.book().lines.keys().next_back().copied();
        if wait > Millis::ZERO {
            let arrival = JournalQuery {
                since: seen.unwrap_or(0),
                wait_for: 1,
                timeout_ms: Some(wait.0),
                ..query()
            };
            self.space.journal(&arrival).await?;
        }
        let since = JournalQuery {
            since: self.floor,
            ..query()
        };
        let journal = self.space.journal(&since).await?;
        let mut over = true;
        for entry in &journal.entries {
            over &= entry.is_settled();
            if over {
                self.floor = entry.seq;
            }
            self.write(&mut site.book(), entry);
        }
        Ok(())
    }

    fn write(&self, book: &mut Book, entry: &JournalEntry) {
        let parameter = |name: &str| {
            let (_, query) = entry.path.split_once('?')?;
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(each, _)| *each == name)
                .map(|(_, value)| value)
        };
        let Some(write) = parameter("write").and_then(|number| number.parse().ok()) else {
            return;
        };
        let at = self.ours(entry.at_ms);
        let line = Line {
            at,
            end: entry.took_ms().map(|took| at + took),
            write,
            user: parameter("user").unwrap_or_default().to_owned(),
            sender: entry.client.clone(),
            key: entry.key.clone(),
            status: entry.status(),
            effect: entry.work.is_some_and(|work| work.effect),
            rules: entry.rules.clone(),
        };
        book.lines.insert(entry.seq, line);
    }

    fn ours(&self, theirs: u64) -> u64 {
        theirs.saturating_add_signed(self.offset)
    }
}

fn query() -> JournalQuery {
    JournalQuery {
        path: Some(Pattern::from("/api/assets/*")),
        method: Some("PATCH".to_owned()),
        kind: Some(EntryKind::Request),
        ..JournalQuery::default()
    }
}
