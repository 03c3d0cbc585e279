//! What the SDK tells of entries, and what the page makes of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate::{DeadReason, OutboxChange, OutboxEvent};

use super::bridge::Writes;
use super::queued::Ending;
use super::standing::refusal;
use crate::sentence::Tone;
use crate::tide;

/// Entries that have left and are still told of.
const MOST_PAST: usize = 8;

impl Writes {
    /// Something happened to an entry.
    pub(super) fn tell(self, event: &OutboxEvent) {
        self.touch();
        let id = event.entry;
        let words = self.words_of(id);
        let is_back = !matches!(event.change, OutboxChange::Sending | OutboxChange::Queued);
        let unwanted = is_back
            && self
                .unwanted
                .try_update_value(|unwanted| unwanted.remove(&id))
                .unwrap_or_default();
        let is_there = !matches!(
            event.change,
            OutboxChange::Done | OutboxChange::Discarded | OutboxChange::Superseded
        );
        if unwanted && is_there {
            self.discard(id);
            return;
        }
        match event.change {
            OutboxChange::Done => {
                self.leave(id, Some(Ending::Saved));
                self.tide
                    .write_down(Tone::Good, format!("Saved from the outbox: {words}"));
                self.say(format!("Saved: {words}."));
                self.tide.changed.update(|times| *times += 1);
            }
            OutboxChange::Discarded => {
                let ending = self
                    .endings
                    .try_update_value(|endings| endings.remove(&id))
                    .flatten();
                // What there is in its place, this page has not read yet.
                if self.entry(id).is_some_and(|entry| entry.is_conflict()) {
                    self.tide.changed.update(|times| *times += 1);
                }
                self.leave(id, ending.unwrap_or(Some(Ending::Undone)));
            }
            OutboxChange::Superseded => self.leave(id, None),
            OutboxChange::Dead => {
                let why = refusal(event.reason, event.status);
                self.tide
                    .write_down(Tone::Bad, format!("Not saved: {words}. {why}"));
                if event.reason == Some(DeadReason::Conflict) {
                    self.reconsider(id, words, why);
                } else {
                    self.say(format!("Not saved: {words}. {why}."));
                }
            }
            OutboxChange::Parked => self.say(format!("Sign in again to save: {words}.")),
            _ => {}
        }
        self.list();
    }

    /// Whether there is anything to decide, before anybody is asked.
    fn reconsider(self, id: u64, words: String, why: String) {
        spawn_local(async move {
            if let Ok(dispute) = self.dispute(id).await
                && let Some(way) = dispute.is_settled()
                && self.resolve(id, dispute, way).await.is_ok()
            {
                return;
            }
            self.say(format!("Not saved: {words}. {why}."));
        });
    }

    /// An entry has left the outbox; `None` is not worth telling.
    pub(super) fn leave(self, id: u64, ending: Option<Ending>) {
        let Some(entry) = self.entry(id) else {
            // A list was quicker than the word of what became of it.
            let past = self.past.try_maybe_update(|past| {
                let known = past.iter_mut().find(|past| past.id == id);
                let known = known.filter(|past| Some(past.ending) != ending);
                let is_news = known.is_some() && ending.is_some();
                if let (Some(known), Some(ending)) = (known, ending) {
                    known.ending = ending;
                }
                (is_news, ())
            });
            return past.unwrap_or_default();
        };
        self.touch();
        self.tools
            .with_value(|tools| tools.notebook.remove(&entry.key));
        if let Some(ending) = ending {
            self.past.update(|past| {
                past.insert(0, entry.left(ending, tide::now()));
                past.truncate(MOST_PAST);
            });
        }
        self.queued
            .update(|queued| queued.retain(|entry| entry.id != id));
    }

    fn words_of(self, id: u64) -> String {
        let queued = self.entry(id).map(|entry| entry.words);
        let past = || {
            self.past.with_untracked(|past| {
                let known = past.iter().find(|past| past.id == id)?;
                Some(known.words.clone())
            })
        };
        queued
            .or_else(past)
            .unwrap_or_else(|| format!("entry {id}"))
    }
}
