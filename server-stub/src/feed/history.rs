//! The memory of one channel: the latest messages, numbered without gaps.
//!
//! A reader who comes back says how far it got (epoch and offset). Either everything since is still here, and is replayed, or it is
//! not, and the reader has to read the state anew; there is nothing in between. The epoch is the memory's name: it changes when the
//! memory is lost, so that old offsets cannot be taken for new ones.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;
use tidegate_contract::feed::{Position, Publication, Push, Reply};
use tidegate_contract::hash::fnv1a;
use tidegate_core::mix;

/// As many messages as a page can have missed and still want to read one by one.
const MAX_COUNT: usize = 1_000;
/// Half of what a stream's queue takes (see `outlet.rs`): a full replay must not make anybody a slow reader.
const MAX_BYTES: usize = 512 << 10;

/// A message in a channel.
#[derive(Debug)]
pub(crate) struct Post {
    pub(crate) channel: Arc<str>,
    pub(crate) publication: Publication,
    /// The message alone, in JSON.
    pub(crate) data: String,
    /// The push that carries it, in JSON: made once, sent to many.
    pub(crate) push: String,
}

/// A channel's latest messages.
#[derive(Debug)]
pub(crate) struct History {
    channel: Arc<str>,
    seed: u64,
    generation: u64,
    epoch: String,
    offset: u64,
    ring: VecDeque<Arc<Post>>,
    bytes: usize,
}

impl History {
    /// An empty memory, in the first epoch of this seed.
    pub(crate) fn new(channel: &str, seed: u64) -> History {
        let mut history = History {
            channel: channel.into(),
            seed,
            generation: 0,
            epoch: String::new(),
            offset: 0,
            ring: VecDeque::new(),
            bytes: 0,
        };
        history.renew(0);
        history
    }

    /// Where the channel stands.
    pub(crate) fn position(&self) -> Position {
        Position {
            epoch: self.epoch.clone(),
            offset: self.offset,
        }
    }

    /// Adds a message; the oldest make room.
    pub(crate) fn publish(&mut self, data: Value, key: Option<String>) -> Arc<Post> {
        self.offset += 1;
        let post = self.post(data, key, self.offset);
        self.bytes += post.push.len();
        self.ring.push_back(post.clone());
        while self.ring.len() > MAX_COUNT || self.bytes > MAX_BYTES {
            self.forget_oldest();
        }
        post
    }

    /// A message that gets no number and is not kept.
    pub(crate) fn mention(&self, data: Value, key: Option<String>) -> Arc<Post> {
        self.post(data, key, 0)
    }

    fn post(&self, data: Value, key: Option<String>, offset: u64) -> Arc<Post> {
        let text = data.to_string();
        let publication = Publication { offset, key, data };
        let push = Reply {
            push: Some(Push {
                channel: self.channel.to_string(),
                publication: Some(publication.clone()),
                ..Push::default()
            }),
            ..Reply::default()
        };
        Arc::new(Post {
            channel: self.channel.clone(),
            publication,
            data: text,
            push: to_json(&push),
        })
    }

    /// Everything after a position, if all of it is still here; `keep` narrows that to the latest so many.
    pub(crate) fn recover(&self, since: &Position, keep: Option<u64>) -> Option<Vec<Arc<Post>>> {
        if since.epoch != self.epoch {
            return None;
        }
        let missed = usize::try_from(self.offset.checked_sub(since.offset)?).ok()?;
        let here = keep.map_or(self.ring.len(), |keep| {
            usize::try_from(keep).map_or(self.ring.len(), |keep| keep.min(self.ring.len()))
        });
        (missed <= here).then(|| {
            self.ring
                .range(self.ring.len() - missed..)
                .cloned()
                .collect()
        })
    }

    /// Forgets all but the latest so many messages.
    pub(crate) fn trim(&mut self, keep: usize) {
        while self.ring.len() > keep {
            self.forget_oldest();
        }
    }

    /// Loses everything and begins another epoch, whose first message has the number after this.
    pub(crate) fn renew(&mut self, offset: u64) {
        self.trim(0);
        self.offset = offset;
        self.generation += 1;
        let bits = mix(self.seed ^ mix(fnv1a(self.channel.as_bytes()) ^ self.generation));
        // Like Centrifugo's, short and without the colon that separates it from the offset in event ids.
        self.epoch = format!("{:08x}", bits >> 32);
    }

    fn forget_oldest(&mut self) {
        if let Some(post) = self.ring.pop_front() {
            self.bytes -= post.push.len();
        }
    }
}

/// JSON of our own types, which have neither maps with odd keys nor failing serializers.
pub(crate) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// JSON with blanks after it, which is the same JSON, in so many bytes.
pub(crate) fn padded(json: &str, bytes: usize) -> String {
    let blanks = bytes.saturating_sub(json.len());
    let mut text = String::with_capacity(json.len() + blanks);
    text.push_str(json);
    text.extend(std::iter::repeat_n(' ', blanks));
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn history(messages: u64) -> History {
        let mut history = History::new("news", 1);
        for n in 1..=messages {
            let _ = history.publish(json!(n), None);
        }
        history
    }

    fn at(history: &History, offset: u64) -> Position {
        Position {
            offset,
            ..history.position()
        }
    }

    fn offsets(posts: Option<Vec<Arc<Post>>>) -> Option<Vec<u64>> {
        posts.map(|posts| posts.iter().map(|post| post.publication.offset).collect())
    }

    #[test]
    fn a_reader_gets_exactly_what_it_missed() {
        let history = history(5);
        for (since, missed) in [(0, vec![1, 2, 3, 4, 5]), (3, vec![4, 5]), (5, vec![])] {
            let posts = history.recover(&at(&history, since), None);
            assert_eq!(offsets(posts), Some(missed));
        }
    }

    #[test]
    fn what_is_no_longer_here_is_not_half_replayed() {
        let mut history = history(5);
        history.trim(2);
        assert_eq!(offsets(history.recover(&at(&history, 2), None)), None);
        assert_eq!(
            offsets(history.recover(&at(&history, 3), None)),
            Some(vec![4, 5])
        );
        assert_eq!(offsets(history.recover(&at(&history, 3), Some(1))), None);
    }

    #[test]
    fn positions_of_the_future_or_of_another_epoch_are_refused() {
        let mut history = history(3);
        assert_eq!(offsets(history.recover(&at(&history, 4), None)), None);
        let before = history.position();
        history.renew(0);
        assert_ne!(before.epoch, history.position().epoch);
        assert_eq!(history.position().offset, 0);
        assert_eq!(offsets(history.recover(&before, None)), None);
    }

    #[test]
    fn what_has_no_number_is_not_kept() {
        let mut history = history(2);
        let mentioned = history.mention(json!("now"), Some("key".to_owned()));
        assert!(!mentioned.push.contains("offset") && mentioned.push.contains("key"));
        assert_eq!(history.position().offset, 2);
        history.renew(1 << 53);
        assert!(
            history
                .publish(json!(1), None)
                .push
                .contains("\"9007199254740993\"")
        );
    }

    #[test]
    fn the_memory_is_bounded_by_count_and_by_bytes() {
        let many = history(1_500);
        assert_eq!(many.ring.len(), MAX_COUNT);
        let mut large = History::new("news", 1);
        for _ in 0..20 {
            let _ = large.publish(json!("x".repeat(100_000)), None);
        }
        assert!(large.bytes <= MAX_BYTES && large.ring.len() == 5);
    }

    #[test]
    fn the_first_epoch_belongs_to_the_seed_and_the_channel() {
        let epoch = |channel, seed| History::new(channel, seed).position().epoch;
        assert_eq!(epoch("a", 1), epoch("a", 1));
        assert_ne!(epoch("a", 1), epoch("a", 2));
        assert_ne!(epoch("a", 1), epoch("b", 1));
    }
}
