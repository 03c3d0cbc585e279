//! Notes: short texts of a user's that are no answers, such as how far a socket has read.
//!
//! They are among the bodies, under a key of the same partition that begins with no URL, and have no head: nothing that lists, serves or evicts answers
//! sees them, and whatever erases a partition, in any release, erases them with it. Where answers are to be sealed none is written.

use std::rc::Rc;

use tidegate_core::Wall;

use super::connection::{Batch, Done, Work};
use super::front::Store;
use super::partition::Partition;
use super::schema::{BODIES, USES};

/// No URL begins so, and nothing that hides one.
const MARK: &str = "\u{1}";
/// Notes of one name that are kept: pages that are open at a time, and those that may be gone on with. The oldest makes room.
const MOST: usize = 32;

/// A note, of one of the pages that have a name in common.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Note {
    pub(crate) page: String,
    pub(crate) at: Wall,
    pub(crate) text: String,
}

impl Note {
    /// As [`Note::to_text`] has written it.
    pub(crate) fn from_text(text: &str) -> Option<Note> {
        let (page, rest) = text.split_once(' ')?;
        let (at, text) = rest.split_once(' ')?;
        Some(Note {
            page: page.into(),
            at: Wall(at.parse().ok()?),
            text: text.into(),
        })
    }

    pub(crate) fn to_text(&self) -> String {
        [&self.page, " ", &self.at.0.to_string(), " ", &self.text].concat()
    }
}

impl Store {
    /// All notes of a name, and what tells this life of the partition from another; `None` where there is no database, or none that may be
    /// written to.
    pub(crate) async fn notes(&self, whose: &Partition, name: &str) -> Option<(u64, Vec<Note>)> {
        let depot = &self.0;
        if depot.seals() || !depot.claim(whose).await {
            return None;
        }
        let token = depot.owner(whose).token()?;
        let beginning = key(whose, name, "");
        let scan = Work::Scan([BODIES, USES], vec![beginning]);
        let Ok(Done::Scanned(stores)) = depot.access(&scan).await else {
            return None;
        };
        let texts = stores.first()?.iter().filter_map(|text| text.as_string());
        let mut notes: Vec<Note> = texts.filter_map(|text| Note::from_text(&text)).collect();
        let mut gone: Vec<Rc<str>> = Vec::new();
        while notes.len() > MOST {
            let oldest = (0..notes.len()).min_by_key(|place| notes.get(*place).map(|it| it.at));
            let oldest = notes.swap_remove(oldest.unwrap_or(0));
            gone.push(key(whose, name, &oldest.page).into());
        }
        if !gone.is_empty() {
            // Those that stay are read the next time, and one of them goes then.
            let _ = depot.access(&Work::Delete(gone)).await;
        }
        // Of a number between 0 and 1, all that tells it from others.
        Some(((token * 2_f64.powi(53)) as u64, notes))
    }

    /// Writes a note in the place of the one of the same name and page. Where there is no database, or its user has gone, it is not written.
    pub(crate) async fn note(&self, whose: &Partition, name: &str, note: &Note) {
        let depot = &self.0;
        if depot.seals() || !depot.claim(whose).await {
            return;
        }
        let batch = Batch {
            name: whose.name().into(),
            token: whose.token().filter(|_| !whose.is_anonymous()),
            notes: vec![(key(whose, name, &note.page), note.to_text())],
            ..Batch::default()
        };
        let _ = depot.access(&Work::Write(batch)).await;
    }
}

fn key(whose: &Partition, name: &str, page: &str) -> String {
    [&whose.prefix(), MARK, name, "\n", page].concat()
}
