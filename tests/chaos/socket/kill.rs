//! The ways in which a connection ends, or seems not to.

use std::time::Duration;

use anyhow::Result;
use tidegate_contract::feed::{FeedAct, FeedOrder};
use tidegate_contract::{FaultProgram, Listener, SocketClose, SocketDrain};
use tidegate_stub_client::Space;
use tokio::time::sleep;

use crate::luck::Luck;

/// Shorter than a page's patience and longer than one attempt.
const OUTAGE: Duration = Duration::from_millis(400);

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Kill {
    Close,
    Drain,
    Outage,
    Reset,
    Stall,
    Vanish,
}

/// Each as often as it stands here, of so many.
const SHARES: [(Kill, usize); 6] = [
    (Kill::Vanish, 6),
    (Kill::Reset, 5),
    (Kill::Close, 5),
    (Kill::Outage, 2),
    (Kill::Drain, 1),
    (Kill::Stall, 1),
];

impl Kill {
    pub(crate) fn drawn(luck: &mut Luck) -> Kill {
        let all: Vec<Kill> = SHARES
            .iter()
            .flat_map(|(kill, share)| vec![*kill; *share])
            .collect();
        luck.one_of(&all).unwrap_or(Kill::Vanish)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kill::Close => "closed with 1012",
            Kill::Drain => "announced, then closed",
            Kill::Outage => "no connection for 0.4 s",
            Kill::Reset => "TCP reset",
            Kill::Stall => "silent, and open",
            Kill::Vanish => "gone without a close frame",
        }
    }

    /// Does it to the page's connection, if there is one.
    pub(crate) async fn strike(self, space: &Space, program: &FaultProgram) -> Result<bool> {
        let act = match self {
            Kill::Close => FeedAct::Close(SocketClose::new(1_012, "restart")),
            Kill::Drain => FeedAct::Drain(SocketDrain {
                by_ms: 1_500,
                window_ms: 500,
            }),
            Kill::Outage => {
                let mut closed = program.clone();
                closed.listener = Listener::Closed;
                space.put_program(&closed).await?;
                sleep(OUTAGE).await;
                space.put_program(program).await?;
                return Ok(true);
            }
            Kill::Reset => FeedAct::Reset,
            Kill::Stall => FeedAct::Stall,
            Kill::Vanish => FeedAct::Vanish,
        };
        let order = FeedOrder {
            client: Some(super::desk::CLIENT.to_owned()),
            stream: None,
            act,
        };
        Ok(space.order(&order).await?.streams > 0)
    }
}
