//! The latest things that happened: each once, the newest first, and no more than anybody looks at.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::happening::{Happening, Origin};

/// What is on show.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Board {
    entries: VecDeque<Happening>,
    /// The number of the last one, here.
    last: u64,
    /// The number of the last one on the feed.
    upto: u64,
    /// Up to this number of the feed they were missed, and came later.
    caught_until: u64,
    /// Messages that were on show already.
    again: u64,
    /// A list was loaded, or something was heard.
    began: bool,
}

impl Board {
    /// More would be a page that nobody reads to its end.
    pub(crate) const MOST: usize = 50;

    /// The newest first.
    pub(crate) fn entries(&self) -> impl ExactSizeIterator<Item = &Happening> {
        self.entries.iter()
    }

    /// Whether anything is known: a list, even an empty one, or an event.
    pub(crate) fn began(&self) -> bool {
        self.began
    }

    /// How many there have been: a difference of two says how many are new.
    pub(crate) fn count(&self) -> u64 {
        self.last
    }

    /// Messages that were on show already, and were dropped.
    pub(crate) fn again(&self) -> u64 {
        self.again
    }

    /// So many messages were missed, and come now.
    pub(crate) fn miss(&mut self, messages: u64) {
        for entry in &mut self.entries {
            if entry.origin == Origin::CaughtUp {
                entry.origin = Origin::Heard;
            }
        }
        self.caught_until = self.upto.saturating_add(messages);
    }

    /// A message of the feed. Whether it is one that is told as it happens.
    pub(crate) fn hear(&mut self, mut heard: Happening) -> bool {
        self.began = true;
        if let Some(offset) = heard.offset {
            // Where the page went between showing it and moving the position, it comes once more after the reload.
            if offset <= self.upto {
                self.again += 1;
                return false;
            }
            self.upto = offset;
            if offset <= self.caught_until {
                heard.origin = Origin::CaughtUp;
            }
        }
        let mut listed = self.entries.iter_mut();
        let known = listed.find(|entry| entry.origin == Origin::Listed && entry.is_told_by(&heard));
        let is_live = heard.origin == Origin::Heard;
        match known {
            // The list was newer than the feed.
            Some(known) => known.offset = heard.offset,
            None => self.push(heard),
        }
        is_live
    }

    /// The list is another one, the oldest first. `upto`: the feed goes on after this number.
    pub(crate) fn list(&mut self, entries: Vec<Happening>, upto: Option<u64>) {
        self.began = true;
        self.entries.clear();
        self.caught_until = 0;
        if let Some(upto) = upto {
            self.upto = upto;
        }
        entries.into_iter().for_each(|entry| self.push(entry));
    }

    fn push(&mut self, mut entry: Happening) {
        self.last += 1;
        entry.id = self.last;
        self.entries.push_front(entry);
        self.entries.truncate(Board::MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(offset: u64, line: u64) -> Happening {
        let data = format!(
            r#"{{"line":{line},"kind":"assetChanged","assetId":"ds-1","fields":[],"by":"ann"}}"#
        );
        Happening::of_message(offset, &data, "", 0.0)
    }

    fn listed(line: u64) -> Happening {
        Happening {
            offset: None,
            origin: Origin::Listed,
            ..event(1, line)
        }
    }

    fn offsets(board: &Board) -> Vec<Option<u64>> {
        board.entries().map(|entry| entry.offset).collect()
    }

    fn caught_up(board: &Board) -> usize {
        let caught_up = |entry: &&Happening| entry.origin == Origin::CaughtUp;
        board.entries().filter(caught_up).count()
    }

    #[test]
    fn what_was_missed_is_marked_until_something_else_is_missed() {
        let mut board = Board::default();
        assert!(board.hear(event(1, 1)));
        board.miss(2);
        assert!(!board.hear(event(2, 2)) && !board.hear(event(3, 3)));
        assert!(board.hear(event(4, 4)));
        assert_eq!(caught_up(&board), 2);
        assert_eq!(offsets(&board), [Some(4), Some(3), Some(2), Some(1)]);
        board.miss(1);
        board.hear(event(5, 5));
        assert_eq!(caught_up(&board), 1);
    }

    #[test]
    fn what_comes_again_after_a_reload_is_shown_once() {
        let mut board = Board::default();
        board.hear(event(1, 1));
        assert!(!board.hear(event(1, 1)));
        assert_eq!((offsets(&board), board.again()), (vec![Some(1)], 1));
    }

    #[test]
    fn what_the_list_has_already_is_not_told_twice() {
        let mut board = Board::default();
        board.hear(event(9, 1));
        board.list(vec![listed(7), listed(8)], Some(3));
        board.hear(event(4, 8));
        board.hear(event(5, 9));
        assert_eq!(offsets(&board), [Some(5), Some(4), None]);
        assert_eq!(board.again(), 0);
    }

    #[test]
    fn there_are_no_more_than_fit() {
        let mut board = Board::default();
        for offset in 1..=80 {
            board.hear(event(offset, offset));
        }
        assert_eq!(board.entries().len(), Board::MOST);
        assert_eq!(offsets(&board)[0], Some(80));
    }
}
