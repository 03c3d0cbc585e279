//! Killed at random points, with messages flowing both ways.

use std::collections::BTreeSet;

use server_stub::{Server, Settings, serve};
use tidegate_contract::SocketClose;
use tidegate_contract::feed::{Announcement, FeedAct, FeedOrder};
use tidegate_core::Rng;
use tidegate_core::session::{Protocol, SocketChange};
use tidegate_stub_client::{Space, StubClient};

use crate::driver::Driver;

const DOWN: &str = "down";
const UP: &str = "up";
/// As many of each kind as a channel's history holds, so that the end can be read from it.
const MESSAGES: u64 = 400;

/// A stub with the two channels, the first message of each there already.
pub(crate) async fn stub() -> (Server, Space, String) {
    let settings = Settings {
        assets: 10,
        ..Settings::on_free_ports()
    };
    let server = serve(&settings).await.unwrap();
    let space = StubClient::new(server.control_url()).default_space();
    for channel in [DOWN, UP] {
        space
            .announce(&Announcement::new(channel, 0))
            .await
            .unwrap();
    }
    let url = server.api_url().replace("http", "ws");
    let url = format!("{}/api/feed?client=ann", url.trim_end_matches('/'));
    (server, space, url)
}

pub(crate) async fn order(space: &Space, act: FeedAct) {
    let order = FeedOrder {
        client: Some("ann".to_owned()),
        stream: None,
        act,
    };
    space.order(&order).await.unwrap();
}

/// One kill, by the server in one of its ways, or of the connection itself.
async fn kill(driver: &mut Driver, space: &Space, rng: &mut Rng) {
    match rng.below(4) {
        0 => driver.cut(),
        1 => order(space, FeedAct::Vanish).await,
        2 => order(space, FeedAct::Reset).await,
        _ => {
            let close = SocketClose::new(1_012, "restart");
            order(space, FeedAct::Close(close)).await;
        }
    }
}

/// Numbers go down and up, and the connection is killed again and again.
async fn play(protocol: Protocol, seed: u64) -> (Driver, Server) {
    let (server, space, url) = stub().await;
    let mut rng = Rng::new(seed);
    let mut driver = Driver::start(&url, protocol, seed, &[DOWN, UP]);
    driver
        .until(|driver| driver.told.contains(&SocketChange::Open))
        .await;
    let mut next_kill = 5 + rng.below(30);
    for n in 1..=MESSAGES {
        driver.publish(UP, n, true);
        space.announce(&Announcement::new(DOWN, n)).await.unwrap();
        // Each message makes three frames where it is open: as many as are there are taken at most.
        for _ in 0..rng.below(4) {
            driver.next().await;
        }
        if driver.frames >= next_kill && driver.session.is_open() {
            kill(&mut driver, &space, &mut rng).await;
            next_kill = driver.frames + 5 + rng.below(40);
        }
    }
    driver
        .until(|driver| {
            let last = |channel| driver.delivered.get(channel).and_then(|all| all.last());
            let all = MESSAGES.to_string();
            let read = |channel| last(channel).is_some_and(|(_, data)| *data == all);
            read(DOWN) && read(UP) && driver.acknowledged() as u64 == MESSAGES
        })
        .await;
    (driver, server)
}

fn numbers(driver: &Driver, channel: &str) -> Vec<u64> {
    let all = driver.delivered[channel].iter();
    all.map(|(_, data)| data.parse().unwrap()).collect()
}

fn opened(driver: &Driver) -> usize {
    let opened = driver.told.iter();
    opened.filter(|each| **each == SocketChange::Open).count()
}

#[tokio::test]
async fn nothing_is_lost_or_twice_or_out_of_order_whenever_it_is_killed() {
    for seed in 1..=4 {
        let (driver, server) = play(Protocol::Tidegate, seed).await;
        let all: Vec<u64> = (1..=MESSAGES).collect();
        // What came down, and, as the channel has it, what went up.
        assert_eq!(numbers(&driver, DOWN), all, "seed {seed}");
        assert_eq!(numbers(&driver, UP), all, "seed {seed}");
        assert!(driver.snapshots.is_empty(), "seed {seed}");
        assert!(opened(&driver) > 8, "{} times open", opened(&driver));
        server.shutdown().await;
    }
}

#[tokio::test]
async fn where_the_server_does_not_number_commands_nothing_is_lost() {
    for seed in 1..=2 {
        let (driver, server) = play(Protocol::Centrifugo, seed).await;
        let all: Vec<u64> = (1..=MESSAGES).collect();
        assert_eq!(numbers(&driver, DOWN), all, "seed {seed}");
        let up: BTreeSet<u64> = numbers(&driver, UP).into_iter().collect();
        assert_eq!(up, all.into_iter().collect(), "seed {seed}");
        server.shutdown().await;
    }
}
