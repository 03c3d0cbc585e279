//! What a browser does by itself: it probes, sends what was saved, and hears what is pushed.

use tidegate_core::Instant;

use super::drive::Errand;
use super::fleet::{Fleet, Owner};
use super::intent::ask_luck;
use crate::policy::{Policy, Want};
use crate::scenario::ENDPOINTS;

impl<P: Policy> Fleet<'_, P> {
    /// A browser hears what was pushed last, before it does something. Until then it would have changed nothing.
    pub(super) fn listen(&mut self, now: Instant, number: u32) {
        let (push, Some(hint)) = self.pushed else {
            return;
        };
        let policy = self.policy;
        let user = self.user(number);
        if user.heard < push {
            user.heard = push;
            policy.hear(&mut user.client, now, &hint.field());
        }
    }

    pub(super) fn probe(&mut self, now: Instant, number: u32) {
        let policy = self.policy;
        let user = self.user(number);
        if user.probe > now {
            return;
        }
        user.probe = Instant::NEVER;
        self.listen(now, number);
        while let Some(endpoint) = policy.due_probe(&mut self.user(number).client, now) {
            let luck = self.probe_luck();
            let want = Want {
                endpoint,
                probe: true,
                ..Want::read(luck)
            };
            let errand = Errand {
                user: number,
                owner: Owner::Probe,
                begun: now,
                luck,
                number: 0,
                view: None,
            };
            let token = self.begin(now, want, errand);
            self.drive(now, token);
        }
        self.tend(now, number);
    }

    /// The saved writes whose time has come.
    pub(super) fn flush(&mut self, now: Instant, number: u32) {
        let policy = self.policy;
        let user = self.user(number);
        if user.flush > now {
            return;
        }
        user.flush = Instant::NEVER;
        self.listen(now, number);
        while let Some(due) = policy.due_saved(&mut self.user(number).client, now) {
            let saved = &mut self.user(number).saved;
            let Some(entry) = saved.iter_mut().find(|entry| entry.number == due) else {
                return;
            };
            entry.asked += 1;
            let entry = *entry;
            let want = Want {
                endpoint: ENDPOINTS - 1,
                write: true,
                background: true,
                saved: true,
                ..Want::read(ask_luck(entry.luck, entry.asked))
            };
            let errand = Errand {
                user: number,
                owner: Owner::Replay(entry),
                begun: entry.begun,
                luck: entry.luck,
                number: entry.number,
                view: None,
            };
            let token = self.begin(now, want, errand);
            self.drive(now, token);
        }
        self.tend(now, number);
    }
}
