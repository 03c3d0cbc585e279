//! A channel's memory as one stream is shown it: honestly, unless a fault says otherwise.

use std::sync::Arc;

use tidegate_contract::ResumeFault;
use tidegate_contract::feed::Position;

use crate::feed::history::{History, Post};

/// One stream's view of positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) stream: u64,
    pub(crate) fault: Option<ResumeFault>,
}

impl View {
    /// Where the channel stands.
    pub(crate) fn position(self, history: &History) -> Position {
        let mut position = history.position();
        if self.fault == Some(ResumeFault::NewEpoch) {
            // Another one for each stream: no position that anybody holds is of it.
            position.epoch = format!("{}-{}", position.epoch, self.stream);
        }
        position
    }

    /// Everything after a position, if the stream may have it.
    pub(crate) fn recover(self, history: &History, since: &Position) -> Option<Vec<Arc<Post>>> {
        match self.fault {
            None => history.recover(since, None),
            Some(ResumeFault::Expired | ResumeFault::NewEpoch) => None,
            Some(ResumeFault::Keep(keep)) => history.recover(since, Some(keep)),
        }
    }
}
