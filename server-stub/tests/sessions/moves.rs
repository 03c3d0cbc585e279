//! What is gone is read anew, and a server that goes is left before it does.

use tidegate_contract::SocketDrain;
use tidegate_contract::feed::{Announcement, FeedAct, HistoryAct, HistoryOrder};
use tidegate_core::session::{Protocol, SocketChange};

use crate::driver::Driver;
use crate::kills::{order, stub};

const DOWN: &str = "down";

/// A session that has read the first message, and then loses its connection while something happens to the channel.
async fn comes_back_after(act: HistoryAct) -> Driver {
    let (_server, space, url) = stub().await;
    let mut driver = Driver::start(&url, Protocol::Tidegate, 1, &[DOWN]);
    driver
        .until(|driver| driver.told.contains(&SocketChange::Open))
        .await;
    space.announce(&Announcement::new(DOWN, 1)).await.unwrap();
    driver.until(|driver| driver.delivered.len() == 1).await;

    driver.cut();
    driver.next().await;
    space.announce(&Announcement::new(DOWN, 2)).await.unwrap();
    let channel = DOWN.to_owned();
    space.history(&HistoryOrder { channel, act }).await.unwrap();
    driver
        .until(|driver| {
            driver
                .told
                .iter()
                .filter(|each| **each == SocketChange::Open)
                .count()
                == 2
        })
        .await;

    // Whoever was dropped with everybody else reads anew in its turn.
    while driver.snapshots.is_empty() {
        driver.jump();
    }

    space.announce(&Announcement::new(DOWN, 3)).await.unwrap();
    driver
        .until(|driver| driver.delivered[DOWN].len() == 2)
        .await;
    driver
}

fn data(driver: &Driver) -> Vec<&str> {
    let all = driver.delivered[DOWN].iter();
    all.map(|(_, data)| &**data).collect()
}

#[tokio::test]
async fn another_epoch_is_read_anew_and_goes_on_from_there() {
    let driver = comes_back_after(HistoryAct::NewEpoch).await;
    assert_eq!(driver.snapshots.len(), 1);
    assert_eq!(driver.snapshots[0].position.offset, 0);
    assert_eq!(data(&driver), ["1", "3"]);
}

#[tokio::test]
async fn what_is_forgotten_is_read_anew_and_goes_on_from_there() {
    let driver = comes_back_after(HistoryAct::Keep(0)).await;
    assert_eq!(driver.snapshots.len(), 1);
    assert_eq!(driver.snapshots[0].position.offset, 3);
    assert_eq!(data(&driver), ["1", "3"]);
}

#[tokio::test]
async fn numbers_that_javascript_would_round_are_numbers_all_the_same() {
    let driver = comes_back_after(HistoryAct::NewEpochAt(1 << 60)).await;
    assert_eq!(driver.snapshots[0].position.offset, 1 << 60);
    assert_eq!(driver.delivered[DOWN][1].0, (1 << 60) + 1);
}

#[tokio::test]
async fn a_server_that_says_that_it_goes_is_left_before_it_does() {
    let (_server, space, url) = stub().await;
    let mut driver = Driver::start(&url, Protocol::Tidegate, 1, &[DOWN]);
    driver
        .until(|driver| driver.told.contains(&SocketChange::Open))
        .await;
    driver.fewest = usize::MAX;
    let drain = SocketDrain {
        by_ms: 60_000,
        window_ms: 1_000,
    };
    order(&space, FeedAct::Drain(drain)).await;
    driver
        .until(|driver| driver.told.contains(&SocketChange::Draining))
        .await;
    // Its turn within the window comes.
    driver.jump();
    for n in 1..=20 {
        space.announce(&Announcement::new(DOWN, n)).await.unwrap();
        driver.publish("up", n, true);
    }
    driver
        .until(|driver| {
            driver
                .delivered
                .get(DOWN)
                .is_some_and(|all| all.len() == 20)
                && driver.acknowledged() == 20
        })
        .await;
    driver
        .until(|driver| driver.told.contains(&SocketChange::Moved))
        .await;
    let numbers: Vec<u64> = driver.delivered[DOWN]
        .iter()
        .map(|(offset, _)| *offset)
        .collect();
    assert_eq!(numbers, (2..=21).collect::<Vec<u64>>());
    assert!(driver.fewest >= 1, "for a moment there was no connection");
    let opened = driver.told.iter();
    assert_eq!(
        opened.filter(|each| **each == SocketChange::Open).count(),
        1
    );
}
