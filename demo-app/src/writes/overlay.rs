//! How an answer looks with the changes over it.
//!
//! What was queued is shown at once. What was saved stays over answers from before that, for a copy that was kept knows nothing of it; from the first
//! newer answer on, the backend's word is all there is.

use tidegate_contract::Ruling;

use super::change::Change;
use super::queued::{Ending, Past, Queued};
use super::standing::{Mood, mood};

/// How a change that is shown stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Over {
    /// It goes by itself; the entry.
    Pending(u64),
    /// It does not go before somebody decides; the entry.
    Stuck(u64),
    /// It was saved, after what is on show was read.
    Saved,
}

/// A description that is not the answer's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    pub(crate) over: Over,
    pub(crate) text: String,
    pub(crate) seen: Vec<String>,
    pub(crate) etag: Option<String>,
}

/// A tag that is not the answer's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TagDraft {
    pub(crate) over: Over,
    pub(crate) tag: String,
}

/// A ruling that is not the answer's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ruled {
    pub(crate) over: Over,
    pub(crate) ruling: Ruling,
}

/// Of each change, in the order in which they were made: those that were saved since, then those that wait.
fn changes<'a>(
    queued: &'a [Queued],
    past: &'a [Past],
    born: f64,
) -> impl Iterator<Item = (Over, &'a Change)> {
    let saved = past
        .iter()
        .rev()
        .filter(move |past| past.ending == Ending::Saved && past.at > born)
        .filter_map(|past| Some((Over::Saved, past.change.as_ref()?)));
    let waiting = queued.iter().filter_map(|entry| {
        let over = match mood(entry) {
            Mood::Waiting => Over::Pending(entry.id),
            Mood::Stuck => Over::Stuck(entry.id),
        };
        Some((over, entry.change.as_ref()?))
    });
    saved.chain(waiting)
}

/// The description of an asset, where another one than in an answer of that time is to be shown.
pub(crate) fn description(
    asset: &str,
    queued: &[Queued],
    past: &[Past],
    born: f64,
) -> Option<Draft> {
    let of_it = |(over, change): (Over, &Change)| match change {
        Change::Description {
            asset: its,
            text,
            seen,
            etag,
            ..
        } if its == asset => Some(Draft {
            over,
            text: text.clone(),
            seen: seen.clone(),
            etag: etag.clone(),
        }),
        _ => None,
    };
    changes(queued, past, born).filter_map(of_it).last()
}

/// The tags of an asset that are not among those of an answer of that time.
pub(crate) fn tags(
    asset: &str,
    known: &[String],
    queued: &[Queued],
    past: &[Past],
    born: f64,
) -> Vec<TagDraft> {
    let mut drafts: Vec<TagDraft> = Vec::new();
    for (over, change) in changes(queued, past, born) {
        let Change::Tag { assets, tag } = change else {
            continue;
        };
        let new = !known.contains(tag) && !drafts.iter().any(|draft| draft.tag == *tag);
        if new && assets.iter().any(|each| each == asset) {
            let tag = tag.clone();
            drafts.push(TagDraft { over, tag });
        }
    }
    drafts
}

/// What was decided about a request since an answer of that time.
pub(crate) fn ruling(request: &str, queued: &[Queued], past: &[Past], born: f64) -> Option<Ruled> {
    let of_it = |(over, change): (Over, &Change)| match change {
        Change::Ruling {
            request: its,
            ruling,
            ..
        } if its == request => Some(Ruled {
            over,
            ruling: *ruling,
        }),
        _ => None,
    };
    changes(queued, past, born).filter_map(of_it).last()
}

#[cfg(test)]
mod tests {
    use tidegate::EntryState;

    use super::super::queued::tests::queued;
    use super::*;

    fn write(id: u64, text: &str) -> Queued {
        let change = Change::Description {
            asset: "a".into(),
            name: "A".into(),
            text: text.into(),
            seen: Vec::new(),
            etag: None,
        };
        queued(id, Some(change))
    }

    fn tag(id: u64, tag: &str) -> Queued {
        let change = Change::Tag {
            assets: vec!["a".into(), "b".into()],
            tag: tag.into(),
        };
        queued(id, Some(change))
    }

    #[test]
    fn the_latest_change_is_shown() {
        let entries = [write(1, "one"), write(2, "two")];
        let draft = description("a", &entries, &[], 0.0).unwrap();
        assert_eq!((&*draft.text, draft.over), ("two", Over::Pending(2)));
        assert_eq!(description("b", &entries, &[], 0.0), None);
    }

    #[test]
    fn what_needs_somebody_is_shown_as_such() {
        let mut entry = write(1, "one");
        entry.state = EntryState::Dead;
        let draft = description("a", &[entry], &[], 0.0).unwrap();
        assert_eq!(draft.over, Over::Stuck(1));
    }

    #[test]
    fn what_was_saved_is_over_older_answers_only() {
        let past = [write(1, "one").left(Ending::Saved, 10.0)];
        let draft = description("a", &[], &past, 9.0).unwrap();
        assert_eq!((&*draft.text, draft.over), ("one", Over::Saved));
        assert_eq!(description("a", &[], &past, 10.0), None);
    }

    #[test]
    fn what_was_taken_back_is_not_shown() {
        for ending in [Ending::Undone, Ending::Elsewhere] {
            let past = [write(1, "one").left(ending, 10.0)];
            assert_eq!(description("a", &[], &past, 0.0), None);
        }
    }

    #[test]
    fn a_tag_is_shown_once_and_not_where_it_is_already() {
        let entries = [tag(1, "gold"), tag(2, "gold"), tag(3, "raw")];
        let known = ["raw".to_owned()];
        let drafts = tags("a", &known, &entries, &[], 0.0);
        assert_eq!(
            drafts,
            [TagDraft {
                over: Over::Pending(1),
                tag: "gold".into()
            }]
        );
        assert_eq!(tags("c", &known, &entries, &[], 0.0), []);
    }

    #[test]
    fn a_ruling_is_shown_at_its_request() {
        let change = Change::Ruling {
            request: "ar-1".into(),
            asset_name: "A".into(),
            requester: "Mei".into(),
            ruling: Ruling::Approve,
        };
        let entries = [queued(4, Some(change))];
        let ruled = ruling("ar-1", &entries, &[], 0.0).unwrap();
        assert_eq!(
            (ruled.ruling, ruled.over),
            (Ruling::Approve, Over::Pending(4))
        );
        assert_eq!(ruling("ar-2", &entries, &[], 0.0), None);
    }
}
