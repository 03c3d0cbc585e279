//! What happens by itself as time goes by: work ends, waits lapse, scripts go on.
//!
//! One task for each stub, started when there is first something to wait for. It ends with the stub.

use std::sync::Arc;

use tidegate_contract::feed::{FeedAct, FeedOrder};
use tidegate_contract::{Change, Listener, SocketChange, SocketClose};
use tidegate_core::Instant;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::stub::{Stub, WeakStub};

pub(crate) async fn run(stub: WeakStub, clock: Clock, rescheduled: Arc<Notify>) {
    // The stub is held for a moment each time: it must be able to end while this waits.
    while let Some(deadline) = step(&stub).await {
        tokio::select! {
            () = clock.sleep_until(deadline) => {}
            () = rescheduled.notified() => {}
        }
    }
}

/// Does what is due; tells when there will be more, or that the stub is gone.
async fn step(stub: &WeakStub) -> Option<Instant> {
    let stub = stub.upgrade()?;
    Some(catch_up(&stub).await)
}

/// Does what is due; tells when there will be more.
pub(crate) async fn catch_up(stub: &Stub) -> Instant {
    let now = stub.now();
    let (changes, deadline) = {
        let mut world = stub.world();
        world.advance(now);
        (world.take_changes(), world.deadline())
    };
    for change in changes {
        carry_out(stub, change).await;
    }
    deadline
}

/// The part of a change that the model knows nothing of.
async fn carry_out(stub: &Stub, change: Change) {
    let listener = match change {
        Change::Close => Listener::Closed,
        Change::Open => Listener::Open,
        Change::Heal => stub.world().program().listener,
        Change::Sockets(change) => {
            let order = FeedOrder {
                client: None,
                stream: None,
                act: act(change),
            };
            stub.feed().act(stub.now(), &order);
            return;
        }
        Change::Cold | Change::Pool { .. } | Change::Slow { .. } | Change::Users { .. } => return,
    };
    if let Err(error) = stub.door().set(listener).await {
        // Nobody has asked, so nobody can be answered; the next change or program tries again.
        eprintln!("server-stub: the API's port cannot be opened again: {error}");
    }
}

fn act(change: SocketChange) -> FeedAct {
    match change {
        SocketChange::Close { code } => FeedAct::Close(SocketClose::new(code, "")),
        SocketChange::Stall => FeedAct::Stall,
        SocketChange::Vanish => FeedAct::Vanish,
    }
}
