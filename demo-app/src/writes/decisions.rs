//! What a person decides about entries.

use js_sys::Date;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate::{EntryId, EntryState, Error, OutboxError};

use super::bridge::{NotQueued, Tools, Writes};
use super::change::Change;
use super::dispute::{Dispute, Way};
use super::queued::Ending;
use crate::api::Trouble;

impl Writes {
    /// Opens the tray and leads there.
    pub(crate) fn lead(self) {
        self.open.set(true);
        self.led.update(|times| *times += 1);
    }

    /// Takes a change back that was not sent, or gives one up that was refused.
    pub(crate) fn discard(self, id: u64) {
        self.endings.update_value(|endings| {
            endings.insert(id, Some(Ending::Undone));
        });
        spawn_local(async move {
            let outbox = self.tools.get_value().api.client().outbox();
            match outbox.discard(EntryId(id)).await {
                Ok(()) | Err(Error::Outbox(OutboxError::Gone)) => {}
                // Whether it was in time, nobody knows before it is back.
                Err(Error::Outbox(OutboxError::Sending)) => {
                    self.unwanted.update_value(|unwanted| {
                        unwanted.insert(id);
                    });
                    self.say("It is being sent; it is taken back if that fails.".into());
                }
                Err(error) => self.say(format!("It cannot be taken back: {error}.")),
            }
            self.list();
        });
    }

    /// Sends one again: with another key if it was refused, for to the old one the backend would say the same again.
    pub(crate) fn again(self, id: u64) {
        let entry = self.entry(id);
        spawn_local(async move {
            let Tools { api, notebook } = self.tools.get_value();
            let outbox = api.client().outbox();
            let was_refused = entry
                .as_ref()
                .is_some_and(|it| it.state == EntryState::Dead);
            let anew = match was_refused {
                true => outbox.anew(EntryId(id)).await.is_ok(),
                false => false,
            };
            if !anew {
                let _ = outbox.again(EntryId(id)).await;
            }
            // What it is goes with it to its new key.
            let known = entry.and_then(|entry| Some((entry.key, entry.change?)));
            if let (Some((key, change)), Ok(list)) = (known, outbox.list().await)
                && let Some(entry) = list.iter().find(|it| it.id == id && it.key != key)
            {
                notebook.write(&entry.key, &change, Date::now());
                notebook.remove(&key);
            }
            self.list();
        });
    }

    /// Somebody has looked: it was saved.
    pub(crate) fn confirm(self, id: u64) {
        spawn_local(async move {
            let outbox = self.tools.get_value().api.client().outbox();
            let _ = outbox.done(EntryId(id)).await;
            self.list();
        });
    }

    /// Whoever it is has signed in again: what was parked goes.
    pub(crate) fn sign_in_again(self) {
        self.tools.with_value(|tools| {
            let identity = tools.api.person().map(|person| person.identity());
            tools.api.client().set_identity(identity.as_deref());
        });
        let parked = self.queued.get_untracked().into_iter();
        for entry in parked.filter(|entry| entry.state == EntryState::Parked) {
            self.again(entry.id);
        }
    }

    /// What there is now where somebody was faster.
    pub(crate) async fn dispute(self, id: u64) -> Result<Dispute, Trouble> {
        let change = self.entry(id).and_then(|entry| entry.change);
        let Some(mine @ Change::Description { .. }) = change else {
            return Err(Trouble::Missing);
        };
        let Change::Description { asset, .. } = &mine else {
            return Err(Trouble::Missing);
        };
        let api = self.tools.get_value().api;
        let known = api.present_asset(asset.clone()).await?;
        Ok(Dispute {
            theirs: known.asset.description,
            etag: known.etag,
            mine,
        })
    }

    /// Settles it. What replaces the refused change is queued before that is given up, under a key that follows from the old one: whoever does it
    /// twice, or in two tabs, does it once.
    pub(crate) async fn resolve(
        self,
        id: u64,
        dispute: Dispute,
        way: Way,
    ) -> Result<(), NotQueued> {
        let Some(entry) = self.entry(id) else {
            return Ok(());
        };
        let Some(change) = dispute.resolved(&way) else {
            self.discard(id);
            return Ok(());
        };
        let next = format!("{}-again", entry.key);
        self.queue_as(change, next).await?;
        self.endings.update_value(|endings| {
            endings.insert(id, None);
        });
        let outbox = self.tools.get_value().api.client().outbox();
        let _ = outbox.discard(EntryId(id)).await;
        self.list();
        Ok(())
    }
}
