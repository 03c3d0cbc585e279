//! A search without texts.
//!
//! A million names cannot be searched one text after the other while somebody waits. But there are only 504 first and 2,016 second
//! halves of names, 256 owners and 14 tags: the text is looked for in each of those once, and after that an asset is a few look-ups.
//! What spans the two halves of a name is found by where it could be torn: a first half that ends with the beginning of the text, and
//! a second half that begins with the rest.

use super::line::{Line, owner};
use super::name::{HEADS, Rank, TAILS, head, tail};
use super::words::TAGS;

/// A text to be found, with where it is found.
#[derive(Debug)]
pub(crate) struct Needle {
    text: String,
    heads: Vec<Half>,
    tails: Vec<Half>,
    /// A bit for each tag that has it.
    tags: u16,
    owners: Vec<bool>,
}

/// Half of a name.
#[derive(Clone, Copy, Debug, Default)]
struct Half {
    /// The text is in it.
    whole: bool,
    /// Bit n: with the text torn after n bytes, this half has the part on its side of the tear.
    torn: u128,
}

impl Needle {
    /// Bits for tears; no name is longer than that, so neither is what can be found.
    const LONGEST: usize = 127;

    /// `None` for an empty text, which is found everywhere.
    pub(crate) fn new(text: &str) -> Option<Needle> {
        if text.is_empty() {
            return None;
        }
        let text = text.to_lowercase();
        let bytes = text.as_bytes();
        let tears = 1..bytes.len().min(Needle::LONGEST);
        let half = |name: String, fits: &dyn Fn(&[u8], usize) -> bool| Half {
            whole: name.contains(&text),
            torn: tears
                .clone()
                .filter(|&at| fits(name.as_bytes(), at))
                .fold(0, |torn, at| torn | 1 << at),
        };
        let heads = (0..HEADS as usize)
            .map(|place| half(head(place), &|name, at| name.ends_with(&bytes[..at])))
            .collect();
        let tails = (0..TAILS as usize)
            .map(|place| half(tail(place), &|name, at| name.starts_with(&bytes[at..])))
            .collect();
        let tags = (0..TAGS.len())
            .filter(|&tag| TAGS[tag].contains(&text))
            .fold(0, |tags, tag| tags | 1 << tag);
        let owners = (0..256)
            .map(|number| owner(number).to_lowercase().contains(&text))
            .collect();
        Some(Needle {
            text,
            heads,
            tails,
            tags,
            owners,
        })
    }

    /// Whether an asset that nobody has edited has it.
    pub(super) fn is_in(&self, line: Line) -> bool {
        self.is_in_name(line.rank()) || line.tags() & self.tags != 0 || self.owners[line.owner()]
    }

    /// Whether a name has it; the domain is the beginning of the name.
    pub(super) fn is_in_name(&self, rank: Rank) -> bool {
        let (head, tail) = (self.heads[rank.head()], self.tails[rank.tail()]);
        head.whole || tail.whole || head.torn & tail.torn != 0
    }

    /// Whether any other text has it.
    pub(crate) fn is_in_text(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_searched_as_if_it_were_written_out() {
        let ranks = || (0..Rank::COUNT).step_by(3_989).map(Rank);
        let texts = [
            "s",
            "sales.",
            "orders_d",
            "claims.accounts_archive_apac_v2",
            "_",
            "us_v",
            "é",
            "_v9",
            "s_raw_u",
            "Emea",
        ];
        for text in texts {
            let needle = Needle::new(text).unwrap();
            for rank in ranks() {
                let found = rank.to_string().contains(&text.to_lowercase());
                assert_eq!(needle.is_in_name(rank), found, "{text} in {rank}");
            }
        }
    }

    #[test]
    fn nothing_is_as_long_as_the_longest_text() {
        let needle = Needle::new(&"s".repeat(9_000)).unwrap();
        assert!(
            (0..Rank::COUNT)
                .map(Rank)
                .all(|rank| !needle.is_in_name(rank))
        );
    }
}
