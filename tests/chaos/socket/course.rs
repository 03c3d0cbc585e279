//! The run: messages in both directions, and one kill after another, each when the page is live again and some traffic has passed.

use std::cell::Cell;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use serde_json::{Value, json};
use tidegate_contract::feed::{Announcement, FeedSettings};
use tidegate_contract::{Fault, FaultProgram, ReconnectHint, Rule, SocketAct, SocketPoint};
use tidegate_stub_client::{RunningStub, Space, StubProgram};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::desk::Desk;
use super::kill::Kill;
use super::report::Report;
use super::watch::{Watch, watch};
use crate::browser::Browser;
use crate::luck::Luck;
use crate::place;
use crate::words::Words;

const DOWN: [&str; 2] = ["down-1", "down-2"];
const UP: [&str; 2] = ["up-1", "up-2"];
/// A hundred a second in each direction.
const EVERY: Duration = Duration::from_millis(10);
/// Between being live again and the next kill.
const TRAFFIC_MS: (usize, usize) = (20, 900);
/// Far above what the longest wait and the deadlines for silence take together.
const STUCK: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);

pub(crate) struct Course {
    words: Words,
    stub: RunningStub,
    space: Space,
    desk: Desk,
    browser: Browser,
    watches: Vec<Watch>,
}

impl Course {
    pub(crate) async fn set(words: &Words) -> Result<Course> {
        let stub = StubProgram::at(place::stub()?).start().await?;
        let space = stub.client().default_space();
        space.put_program(&program(words.seed)).await?;
        let feed = format!(
            "{}/api/feed?client={}",
            stub.api_url()
                .replacen("http", "ws", 1)
                .trim_end_matches('/'),
            super::desk::CLIENT
        );
        let hello = json!({ "feed": feed, "down": DOWN, "up": UP, "everyMs": EVERY.as_millis(), "settings": settings() });
        let desk = Desk::serve(place::page(words.seed)?, hello).await?;
        let mut watches = Vec::new();
        for channel in DOWN.iter().chain(&UP) {
            // It is there from its first message on, which is nobody's.
            let first = Announcement::new(*channel, json!({}));
            let position = space.announce(&first).await?.position;
            if UP.contains(channel) {
                let since = position.to_event_id();
                let api = stub.api_url().trim_end_matches('/').to_owned();
                watches.push(watch(&api, channel, since, desk.shared_notes()));
            }
        }
        let browser = Browser::start(words.browser).await?;
        Ok(Course {
            words: *words,
            stub,
            space,
            desk,
            browser,
            watches,
        })
    }

    pub(crate) async fn play(&mut self) -> Result<()> {
        self.browser.open(&self.desk.address()).await?;
        self.live(0).await?;
        let over = Cell::new(false);
        let kills = async {
            let killed = self.kill().await;
            // What is being said is said to its end.
            over.set(true);
            killed
        };
        let (talked, killed) = tokio::join!(self.talk(&over), kills);
        talked.and(killed)?;
        // Whatever goes wrong with single messages does so no more, from the next connection on: nobody can know that the last one was dropped.
        let calm = calm(self.words.seed);
        self.space.put_program(&calm).await?;
        let opened = self.desk.notes().opened;
        while !Kill::Vanish.strike(&self.space, &calm).await? {
            sleep(LOOK).await;
        }
        self.live(opened).await?;
        self.desk.stop();
        self.settle().await
    }

    /// Says something to the page until it is over.
    async fn talk(&self, over: &Cell<bool>) -> Result<()> {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        for number in 1_u64.. {
            for channel in DOWN {
                if over.get() {
                    return Ok(());
                }
                ticks.tick().await;
                let said = Announcement::new(channel, json!({ "n": number }));
                self.space.announce(&said).await?;
                self.desk
                    .notes()
                    .announced
                    .insert(channel.to_owned(), number);
            }
        }
        Ok(())
    }

    async fn kill(&self) -> Result<()> {
        let mut luck = Luck::of(self.words.seed);
        let program = program(self.words.seed);
        for _ in 0..self.words.kills {
            let traffic = luck.between(TRAFFIC_MS.0, TRAFFIC_MS.1);
            sleep(Duration::from_millis(traffic as u64)).await;
            let kill = Kill::drawn(&mut luck);
            let opened = {
                let mut notes = self.desk.notes();
                let at = notes.now();
                notes.kills.push((at, kill));
                notes.opened
            };
            // One that a torn message has ended just now is made anew first.
            while !kill.strike(&self.space, &program).await? {
                sleep(LOOK).await;
            }
            self.live(opened).await?;
        }
        Ok(())
    }

    /// Waits until the page has been open more often than so many times.
    async fn live(&self, opened: u32) -> Result<()> {
        let until = Instant::now() + STUCK;
        while self.desk.notes().opened <= opened {
            if Instant::now() > until {
                let notes = self.desk.notes();
                bail!(
                    "it does not come back: {:?} {:?}",
                    notes.kills.last(),
                    notes.odd
                );
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits until everything has arrived, or nothing moves any more, which the laws say.
    async fn settle(&self) -> Result<()> {
        let (mut last, mut moved) = ((0, 0, 0), Instant::now());
        while !self.desk.notes().is_quiet() && moved.elapsed() < STUCK {
            let now = self.desk.notes().standing();
            if now != last {
                (last, moved) = (now, Instant::now());
            }
            sleep(LOOK).await;
        }
        ensure!(self.desk.notes().opened > 0, "the page was never open");
        Ok(())
    }

    pub(crate) async fn report(&self) -> Result<Report> {
        let counts = self.space.streams().await?.counts;
        Report::of(&self.desk.notes(), &self.words, &counts)
    }

    /// Everything goes, the browser first.
    pub(crate) async fn strike(self) {
        self.browser.quit().await;
        drop(self.watches);
        // It ends with its handle in any case.
        let _ = self.stub.end().await;
    }
}

/// Clients come back within a third of a second, and a silent server is found after two.
fn calm(seed: u64) -> FaultProgram {
    let mut program = FaultProgram::new(seed);
    program.feed = FeedSettings {
        ping_s: 1,
        hint: Some(ReconnectHint {
            min_ms: 0,
            window_ms: 300,
        }),
        ..FeedSettings::default()
    };
    program
}

/// Besides being killed, messages to the page are dropped, doubled and swapped, and answers to its own are lost.
fn program(seed: u64) -> FaultProgram {
    let mut program = calm(seed);
    let faults = [
        (SocketPoint::Share(4), SocketAct::Drop),
        (SocketPoint::Share(4), SocketAct::Duplicate),
        (SocketPoint::Share(4), SocketAct::Swap),
        (SocketPoint::Share(1), SocketAct::Tear),
        (SocketPoint::Every(150), SocketAct::LoseAcks(3)),
    ];
    let mut faults = faults
        .map(|(at, act)| Fault::Socket { at, act })
        .into_iter();
    if let Some(first) = faults.next() {
        let mut rule = Rule::new("messages", first)
            .on_path("/api/feed")
            .for_client(super::desk::CLIENT);
        rule.then.extend(faults);
        program.rules.push(rule);
    }
    program
}

/// As an application has them, but that nobody waits long.
fn settings() -> Value {
    json!({
        "retry": { "earnedPercent": 100, "saved": 1_000 },
        "gate": { "restMs": 100, "overloadRestMs": 200, "restCapMs": 500 },
        "breaker": { "openMs": 100, "openCapMs": 500, "probeMs": 2_000 },
        "socket": {
            "windowMs": 300,
            "ownMs": 100,
            "baseMs": 100,
            "capMs": 1_000,
            "pongMs": 1_000,
            "replyMs": 2_000,
            "queueEntries": 10_000,
        },
    })
}
