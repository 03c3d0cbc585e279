//! The end of a run: the faults stop, everybody comes back, and what waits is waited for.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use tidegate_core::Millis;
use tokio::time::Instant;

use crate::cast::{TABS, USERS};
use crate::play::Play;

/// Between two looks at what is left.
const LOOK: Millis = Millis(400);
/// Far above what the longest rest, lease and token take together. What has not moved for so long is stuck, which the laws say.
const STUCK: Duration = Duration::from_secs(45);

pub(crate) async fn settle(play: &mut Play<'_>) -> Result<()> {
    play.heal().await?;
    for tab in play.frozen.clone() {
        play.wake(tab).await?;
    }
    let (mut last, mut moved) = ((0, 0), Instant::now());
    let began = play.stage.site.book().now();
    loop {
        play.forget_lost().await?;
        while play.open.len() < TABS {
            play.open().await?;
        }
        everybody(play);
        play.follower.catch_up(&play.stage.site, LOOK).await?;
        let left = left(play, began);
        if left == Some(0) {
            return Ok(());
        }
        // Writes may still be taken in, and then more wait than before.
        let done = {
            let book = play.stage.site.book();
            (book.accepted(), book.effects().iter().sum::<u32>())
        };
        if done != last {
            (last, moved) = (done, Instant::now());
        }
        if moved.elapsed() > STUCK {
            eprintln!("nothing has moved for {STUCK:?}: {}", play.tabs());
            return Ok(());
        }
    }
}

/// Sees to it that everybody has a tab, and asks each what waits.
fn everybody(play: &mut Play<'_>) {
    for (place, user) in USERS.into_iter().enumerate() {
        let tab = play.open[place].0;
        let is_there = {
            let book = play.stage.site.book();
            let now = book.at_last(tab);
            now.is_some_and(|now| now.user == user || !now.runs)
        };
        if !is_there {
            play.become_user(tab, user);
        }
        let word = json!({ "word": "settle" });
        play.stage.site.order(tab, word);
    }
}

/// How many wait: what the tabs say, and accepted writes of which the journal has no effect. None while somebody has not said it.
fn left(play: &Play<'_>, began: u64) -> Option<usize> {
    let book = play.stage.site.book();
    let mut sum = book.backlog();
    for user in USERS {
        let (at, waits) = book.left.get(user)?;
        if *at < began {
            return None;
        }
        sum += waits.len();
    }
    Some(sum)
}
