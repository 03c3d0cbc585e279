//! A page: the machine as the driver moves it, without the browser.

use tidegate_core::outbox::{Batch, Claim, Decision, EntryId, Outbox, State, Step, Write};
use tidegate_core::{Engine, Instant, Settings, Wall};

use super::disk::{Disk, Stored};
use crate::luck::Luck;

/// Steps of one turn: a page that goes on for longer spins.
const TURN: u32 = 10_000;

pub(super) struct Page {
    pub(super) number: u64,
    pub(super) user: usize,
    pub(super) engine: Engine,
    pub(super) outbox: Outbox,
    pub(super) frozen: bool,
    /// It wants to be polled at this time.
    pub(super) next: u64,
    pub(super) token: u32,
}

impl Page {
    pub(super) fn new(number: u64, user: usize, token: u32, settings: &Settings) -> Page {
        Page {
            number,
            user,
            engine: Engine::new(settings.clone(), number).expect("the settings are in range"),
            outbox: Outbox::new(super::world::name(user), number, number),
            frozen: false,
            next: 0,
            token,
        }
    }

    /// Queues a write: its entry, once it is stored and the page knows it.
    pub(super) fn enqueue(
        &mut self,
        write: &Write,
        at: u64,
        disk: &mut Disk,
        luck: &mut Luck,
    ) -> Option<EntryId> {
        self.change(at, disk, luck, |outbox, engine, wall| {
            outbox.enqueue(engine, wall, write).ok()
        })
    }

    /// Dead letters go again, and what is parked, for somebody has signed in.
    pub(super) fn decide(&mut self, at: u64, disk: &mut Disk, luck: &mut Luck) {
        self.read(at, disk);
        let dead: Vec<_> = (self.outbox.entries())
            .filter(|entry| matches!(entry.state, State::Dead { .. } | State::InDoubt))
            .map(|entry| entry.id)
            .collect();
        for id in dead {
            self.change(at, disk, luck, |outbox, _, wall| {
                outbox.decide(wall, id, Decision::Again).ok()
            });
        }
        self.change(at, disk, luck, |outbox, _, wall| outbox.signed_in(wall));
    }

    fn change(
        &mut self,
        at: u64,
        disk: &mut Disk,
        luck: &mut Luck,
        plan: impl Fn(&Outbox, &Engine, Wall) -> Option<Batch>,
    ) -> Option<EntryId> {
        self.read(at, disk);
        let batch = plan(&self.outbox, &self.engine, wall(at))?;
        let added = batch.added();
        // Claims are the poll's: a change makes none.
        match disk.store(&batch, luck) {
            Stored::Yes => {
                let (now, wall) = (now(at), wall(at));
                self.outbox.applied(&mut self.engine, now, wall, batch);
                added
            }
            Stored::Refused => {
                self.outbox.refused(batch);
                None
            }
            Stored::Unknown => {
                self.outbox.failed(now(at), batch);
                None
            }
        }
    }

    fn read(&mut self, at: u64, disk: &Disk) {
        if !self.outbox.is_read() {
            self.outbox.load(&self.engine, wall(at), disk.rows());
        }
    }

    /// Does all that is to be done at this moment: what may be sent, and whether the queue was changed.
    pub(super) fn turn(&mut self, at: u64, disk: &mut Disk, luck: &mut Luck) -> (Vec<Claim>, bool) {
        let (mut claims, mut changed) = (Vec::new(), false);
        for _ in 0..TURN {
            match self.outbox.poll(&mut self.engine, now(at), wall(at)) {
                Step::Load => self.outbox.load(&self.engine, wall(at), disk.rows()),
                Step::Read { claim, .. } => self.outbox.found(claim, Vec::new()),
                Step::Store(batch) => match disk.store(&batch, luck) {
                    Stored::Yes => {
                        changed = true;
                        let (now, wall) = (now(at), wall(at));
                        claims.extend(self.outbox.applied(&mut self.engine, now, wall, batch));
                    }
                    Stored::Refused => self.outbox.refused(batch),
                    Stored::Unknown => self.outbox.failed(now(at), batch),
                },
                Step::Wait(until) => {
                    self.next = match until {
                        Instant::NEVER => u64::MAX,
                        until => until.as_micros().div_ceil(1_000),
                    };
                    return (claims, changed);
                }
            }
        }
        panic!("it never rests: {:?}", self.outbox);
    }
}

pub(super) fn now(at: u64) -> Instant {
    Instant::from_millis(at + 1)
}

pub(super) fn wall(at: u64) -> Wall {
    Wall(1_700_000_000_000 + at)
}
