//! Somebody else was faster: what there is now beside what this person wrote, and the three ways out.
//!
//! The backend compares the whole asset. Where only something else of it has changed, or its description is what this person has seen, nobody is
//! overruled, and the change goes again by itself.

use super::change::Change;

/// A description that somebody else has changed too.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dispute {
    pub(crate) mine: Change,
    pub(crate) theirs: String,
    /// The tag that the asset has now.
    pub(crate) etag: Option<String>,
}

/// A way out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    /// This person's text goes over the other.
    Mine,
    /// The other stays, and this person's is given up.
    Theirs,
    /// A text that somebody has put together of both.
    Merged(String),
}

impl Dispute {
    /// Whether there is nothing to decide: this person has seen all that is overruled.
    pub(crate) fn is_settled(&self) -> Option<Way> {
        let Change::Description { text, seen, .. } = &self.mine else {
            return None;
        };
        if *text == self.theirs {
            return Some(Way::Theirs);
        }
        seen.contains(&self.theirs).then_some(Way::Mine)
    }

    /// What is to be queued in place of the refused change; `None` when it is only given up.
    pub(crate) fn resolved(&self, way: &Way) -> Option<Change> {
        let Change::Description {
            asset, name, text, ..
        } = &self.mine
        else {
            return None;
        };
        let text = match way {
            Way::Mine => text.clone(),
            Way::Merged(text) => text.clone(),
            Way::Theirs => return None,
        };
        Some(Change::Description {
            asset: asset.clone(),
            name: name.clone(),
            text,
            seen: vec![self.theirs.clone()],
            etag: self.etag.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dispute(theirs: &str) -> Dispute {
        Dispute {
            mine: Change::Description {
                asset: "a".into(),
                name: "A".into(),
                text: "mine".into(),
                seen: vec!["before".into()],
                etag: Some("\"old\"".into()),
            },
            theirs: theirs.into(),
            etag: Some("\"new\"".into()),
        }
    }

    #[test]
    fn what_was_written_over_knowingly_is_no_dispute() {
        assert_eq!(dispute("before").is_settled(), Some(Way::Mine));
        assert_eq!(dispute("mine").is_settled(), Some(Way::Theirs));
        assert_eq!(dispute("theirs").is_settled(), None);
    }

    #[test]
    fn a_way_out_goes_over_what_there_is_now() {
        let dispute = dispute("theirs");
        for (way, text) in [(Way::Mine, "mine"), (Way::Merged("both".into()), "both")] {
            let change = dispute.resolved(&way).unwrap();
            assert_eq!(change.etag(), Some("\"new\""));
            let Change::Description {
                text: its, seen, ..
            } = change
            else {
                panic!("it is another change");
            };
            assert_eq!((&*its, &*seen), (text, &["theirs".to_owned()][..]));
        }
        assert_eq!(dispute.resolved(&Way::Theirs), None);
    }
}
