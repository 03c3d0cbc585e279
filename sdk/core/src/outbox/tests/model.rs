//! No sequence of events loses a write, applies one twice or breaks the order of a lane; and when all is well again, everything has gone or
//! waits for somebody's decision.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::network::Server;
use super::stage::{Disk, Stage};
use crate::outbox::{Decision, EntryId, State, Write};
use crate::testing::test;
use crate::{Instant, Millis, Outcome, Wall};

#[derive(Clone, Debug)]
enum Deed {
    Alone(usize),
    Annotate(usize, bool),
    Answer(usize, bool),
    Arrive(usize, Server),
    Clock(i64),
    Crash(usize),
    Decide(usize, usize, u8, Disk),
    Edit(usize, usize, Disk),
    Enqueue(usize, Draft, Disk),
    Outdated(usize),
    Owner(usize, bool),
    Pass(u64),
    Poll(usize, Disk),
    Send(usize, usize),
    SignIn(usize),
}

#[derive(Clone, Debug)]
struct Draft {
    lane: u8,
    keyed: bool,
    merges: bool,
    after: Option<(usize, bool)>,
}

fn disk() -> impl Strategy<Value = Disk> {
    prop_oneof![
        12 => Just(Disk::Good),
        1 => Just(Disk::Fails),
        1 => Just(Disk::Lies),
        1 => Just(Disk::DiesAfter),
        1 => Just(Disk::DiesBefore),
    ]
}

fn server() -> impl Strategy<Value = Server> {
    let statuses = &[401, 403, 409, 422, 429, 500, 503];
    prop_oneof![
        4 => Just(Server::Applies),
        1 => Just(Server::Stumbles),
        2 => prop::sample::select(&statuses[..]).prop_map(Server::Says),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    let after = prop::option::weighted(0.3, (0..20_usize, any::<bool>()));
    let draft = (
        0..3_u8,
        prop::bool::weighted(0.7),
        prop::bool::weighted(0.3),
        after,
    );
    draft.prop_map(|(lane, keyed, merges, after)| Draft {
        lane,
        keyed,
        merges,
        after,
    })
}

fn deed() -> impl Strategy<Value = Deed> {
    let page = || 0..2_usize;
    let which = || 0..50_usize;
    prop_oneof![
        1 => page().prop_map(Deed::Alone),
        1 => (which(), prop::bool::weighted(0.2)).prop_map(|(which, freeze)| Deed::Annotate(which, freeze)),
        6 => (which(), any::<bool>()).prop_map(|(which, timed_out)| Deed::Answer(which, timed_out)),
        6 => (which(), server()).prop_map(|(which, server)| Deed::Arrive(which, server)),
        1 => (-100_000..100_000_i64).prop_map(Deed::Clock),
        1 => page().prop_map(Deed::Crash),
        2 => (page(), which(), 0..4_u8, disk())
            .prop_map(|(page, which, what, disk)| Deed::Decide(page, which, what, disk)),
        2 => (page(), which(), disk()).prop_map(|(page, which, disk)| Deed::Edit(page, which, disk)),
        6 => (page(), draft(), disk()).prop_map(|(page, draft, disk)| Deed::Enqueue(page, draft, disk)),
        1 => page().prop_map(Deed::Outdated),
        1 => (page(), any::<bool>()).prop_map(|(page, other)| Deed::Owner(page, other)),
        4 => prop_oneof![0..100_u64, 0..3_000_u64, 0..20_000_u64].prop_map(Deed::Pass),
        16 => (page(), disk()).prop_map(|(page, disk)| Deed::Poll(page, disk)),
        8 => (page(), which()).prop_map(|(page, which)| Deed::Send(page, which)),
        1 => page().prop_map(Deed::SignIn),
    ]
}

impl Stage {
    fn act(&mut self, deed: &Deed) {
        match deed.clone() {
            Deed::Alone(page) => {
                self.pages[1 - page].outbox.set_alone(false);
                self.pages[page].outbox.set_alone(true);
            }
            Deed::Annotate(which, freeze) => self.annotate(which, freeze),
            Deed::Answer(which, timed_out) if !self.requests.is_empty() => {
                let otherwise = match timed_out {
                    true => Outcome::TimedOut,
                    false => Outcome::Unreachable,
                };
                self.answer(which % self.requests.len(), otherwise);
            }
            Deed::Arrive(which, server) if !self.requests.is_empty() => {
                self.arrive(which % self.requests.len(), server);
            }
            Deed::Answer(..) | Deed::Arrive(..) => {}
            Deed::Clock(by) => self.wall = Wall(self.wall.0.saturating_add_signed(by)),
            Deed::Crash(page) => self.crash(page),
            Deed::Decide(page, which, what, disk) => {
                let entries = self.entries();
                let Some(entry) = entries.get(which % entries.len().max(1)) else {
                    return;
                };
                let key = alloc::format!("anew-{}-{which}", self.now.as_micros());
                let decision = match what {
                    0 => Decision::Again,
                    1 => Decision::Anew { key },
                    2 => Decision::Discard,
                    _ => Decision::Done,
                };
                self.decide(page, entry.id, decision, disk);
            }
            Deed::Edit(page, which, disk) => {
                let entries = self.entries();
                if let Some(entry) = entries.get(which % entries.len().max(1)) {
                    self.edit(page, entry, disk);
                }
            }
            Deed::Enqueue(page, draft, disk) => {
                let after = draft
                    .after
                    .and_then(|(which, takes)| self.after(which, takes));
                let takes = after.as_ref().is_some_and(|after| !after.takes.is_empty());
                let path = if takes { "/{made}" } else { "" };
                let url = alloc::format!("https://a.example/{}{path}", draft.lane);
                let mut write = Write::new("POST", &url, "");
                write.lane = alloc::format!("lane {}", draft.lane);
                write.keyed = draft.keyed;
                write.merges = draft.merges;
                write.bytes = 1;
                write.after.extend(after);
                self.enqueue(page, &write, disk);
            }
            Deed::Outdated(page) => self.pages[page].outbox.outdated(),
            Deed::Owner(page, other) => {
                let owner = if other { "bob" } else { "ann" };
                self.pages[page].outbox.set_owner(owner);
            }
            Deed::Pass(millis) => self.pass(millis),
            Deed::Poll(page, disk) => {
                let waits = self.poll(page, disk);
                assert!(waits.is_none_or(|until| until > self.now), "it spins");
            }
            Deed::Send(page, which) => {
                let pending = self.pages[page].pending.len();
                if pending > 0 {
                    self.send(page, which % pending);
                }
            }
            Deed::SignIn(page) => self.sign_in(page),
        }
    }

    /// All is well: the server applies, the store stores, somebody is signed in. Until nothing happens any more.
    fn heal(&mut self, owner: &str) {
        // Enough for each of some thirty entries to wait for the longest rest one after another.
        let end = self.now + Millis(3_000_000);
        self.pages[0].outbox.set_owner(owner);
        self.pages[0].outbox.outdated();
        while self.now < end {
            while let Some(claim) = self.pages[0].pending.first() {
                assert!(claim.attempt > 0);
                self.send(0, 0);
            }
            for which in (0..self.requests.len()).rev() {
                self.arrive(which, Server::Applies);
                self.answer(which, Outcome::TimedOut);
            }
            self.sign_in(0);
            match self.poll(0, Disk::Good) {
                Some(Instant::NEVER) => return,
                Some(until) => {
                    let rest = (until - self.now).0 + 1;
                    if self.is_settled(owner) {
                        return;
                    }
                    self.pass(rest);
                }
                None => {}
            }
        }
        panic!("it never ends: {:#?}", self.entries());
    }

    /// Whether everything of an owner waits for a decision.
    fn is_settled(&self, owner: &str) -> bool {
        self.moving(owner).is_empty()
    }

    /// Entries that wait for nothing that only a person, or a later release, could give them.
    fn moving(&self, owner: &str) -> Vec<EntryId> {
        let entries = self.entries();
        let mut lanes = BTreeSet::new();
        let mut stuck = BTreeSet::new();
        let mut moving = Vec::new();
        for entry in entries.iter().filter(|entry| entry.owner == owner) {
            let behind = entry.after.iter().any(|after| stuck.contains(&after.id));
            let decides = matches!(entry.state, State::InDoubt | State::Unknown(_));
            if entry.state.is_dead() {
                stuck.insert(entry.id);
            } else if decides || behind || lanes.contains(&entry.lane) {
                stuck.insert(entry.id);
                lanes.insert(entry.lane.clone());
            } else {
                moving.push(entry.id);
            }
        }
        moving
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(target_arch = "wasm32") { 32 } else { 256 },
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_doubled_or_overtaken_whatever_happens(deeds in prop::collection::vec(deed(), 1..150)) {
        let mut stage = Stage::new();
        for deed in &deeds {
            stage.act(deed);
        }
        for owner in ["ann", "bob"] {
            stage.heal(owner);
            prop_assert_eq!(stage.moving(owner), []);
        }
    }
}
