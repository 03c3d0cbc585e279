//! A model of a server with event streams that are cut at any letter, whose history may be shorter than what was missed: everything is
//! delivered once and in order, or read anew.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::stage::{CHANNEL, Stage};
use crate::Rng;
use crate::session::{Input, Protocol, SocketState, StreamId, Wish};

struct Play {
    stage: Stage,
    rng: Rng,
    /// What was published, from 1.
    top: u64,
    keeps: u64,
    /// The stream that is open, and what of its text is still to come.
    seat: Option<(StreamId, String)>,
    heard: usize,
    /// Out of a hundred pieces.
    cuts: u64,
    failing: u64,
}

impl Play {
    fn begin(seed: u64, keeps: u64, cuts: u64) -> Play {
        let mut stage = Stage::with(Protocol::Sse, seed, |_| {});
        stage.session.subscribe(CHANNEL, Wish::default());
        stage.start();
        Play {
            stage,
            rng: Rng::new(seed),
            top: 0,
            keeps,
            seat: None,
            heard: 0,
            cuts,
            failing: seed % 3,
        }
    }

    /// Answers who asks.
    fn accept(&mut self) {
        while let Some(asked) = self.stage.listens.get(self.heard).cloned() {
            self.heard += 1;
            let stream = asked.stream;
            if self.rng.below(10) < self.failing {
                self.seat = None;
                self.stage.say(Input::StreamEnded { stream });
                continue;
            }
            let since = asked.since.as_deref().and_then(|id| id.strip_prefix("e:"));
            let since: Option<u64> = since.map(|offset| offset.parse().unwrap());
            let text = match since {
                None => format!("retry: 20\nid: e:{}\n\n", self.top),
                Some(since) if self.top - since > self.keeps => {
                    format!("event: snapshot\nid: e:{}\ndata: {{}}\n\n", self.top)
                }
                Some(since) => (since + 1..=self.top).map(said).collect(),
            };
            self.seat = Some((stream, text));
            self.stage.say(Input::StreamAnswered {
                stream,
                status: 200,
                events: true,
                retry_after: None,
            });
        }
    }

    /// Sends a piece, or cuts.
    fn flow(&mut self) {
        let Some((stream, text)) = &mut self.seat else {
            return;
        };
        let stream = *stream;
        if self.rng.below(100) < self.cuts {
            self.seat = None;
            self.stage.say(Input::StreamEnded { stream });
            return;
        }
        let letters = text.chars().count() as u64;
        let most = self.rng.below(letters + 1) as usize;
        let piece: String = text.chars().take(most).collect();
        let rest = text.split_off(piece.len());
        *text = rest;
        let text = piece;
        self.stage.say(Input::StreamSaid { stream, text });
    }

    fn publish(&mut self) {
        self.top += 1;
        if let Some((_, text)) = &mut self.seat {
            text.push_str(&said(self.top));
        }
    }

    fn turn(&mut self) {
        self.accept();
        match self.rng.below(4) {
            0 => self.publish(),
            1 => self.stage.pass(self.rng.below(3_000)),
            _ => self.flow(),
        }
        self.read_anew();
    }

    fn read_anew(&mut self) {
        while let Some(snapshot) = self.stage.snapshots.pop() {
            // What is delivered goes on after it.
            self.stage.delivered.clear();
            assert!(snapshot.position.offset <= self.top);
            let snapshot = snapshot.id;
            self.stage.say(Input::Snapshot { snapshot, ok: true });
        }
    }
}

fn said(offset: u64) -> String {
    format!(":é\nid: e:{offset}\r\ndata: {offset}\ndata: \r\n\n")
}

fn is_run(offsets: &[u64]) -> bool {
    offsets.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn everything_is_delivered_once_and_in_order_or_read_anew(
        seed in any::<u64>(),
        keeps in prop_oneof![Just(u64::MAX), 0_u64..20],
        cuts in 0_u64..40,
        turns in 0_usize..300,
    ) {
        let mut play = Play::begin(seed, keeps, cuts);
        for _ in 0..turns {
            play.turn();
            prop_assert!(is_run(&play.stage.offsets()), "{:?}", play.stage.offsets());
            prop_assert!(play.stage.sockets.len() <= 1);
        }
        if keeps == u64::MAX {
            prop_assert_eq!(play.stage.session.health(play.stage.at).snapshots, 0);
        }
        // When the trouble is over, all of it is there.
        (play.cuts, play.failing) = (0, 0);
        for _ in 0..400 {
            play.accept();
            play.flow();
            play.read_anew();
            if play.seat.is_none() {
                play.stage.pass(1_000);
            }
        }
        if let Some((stream, text)) = play.seat.take() {
            play.stage.say(Input::StreamSaid { stream, text });
        }
        play.stage.pass(5_000);
        play.read_anew();
        prop_assert_eq!(play.stage.session.state(), SocketState::Open);
        let position = play.stage.session.position(CHANNEL).map(|it| it.offset);
        prop_assert_eq!(position, Some(play.top));
        let all: Vec<u64> = play.stage.offsets();
        prop_assert!(all.last().is_none_or(|last| *last == play.top));
    }
}
