//! Answers that more than one place gives.

use std::sync::Arc;

use tidegate_contract::feed::{
    Disconnect, Error, Hint, Position, Publication, Push, Reply, Snapshot, error_code,
};
use tidegate_contract::{ReconnectHint, SocketClose, paths};

use crate::feed::history::{Post, to_json};

/// A command that cannot be carried out.
pub(crate) fn refusal(code: u32, message: &str) -> Error {
    Error {
        code,
        message: message.to_owned(),
        temporary: false,
    }
}

/// There is no such channel.
pub(crate) fn no_channel() -> Error {
    refusal(error_code::UNKNOWN_CHANNEL, "unknown channel")
}

/// Where a reader who cannot be brought up to date finds the state.
pub(crate) fn snapshot(channel: String, position: Position) -> Snapshot {
    Snapshot {
        channel,
        url: paths::ASSETS.to_owned(),
        position,
    }
}

/// Messages as they stand in a reply.
pub(crate) fn publications(posts: &[Arc<Post>]) -> Vec<Publication> {
    posts.iter().map(|post| post.publication.clone()).collect()
}

/// The push that goes before a close frame. Its own hint wins over the usual one; who is not to come back gets none.
pub(crate) fn disconnect(close: &SocketClose, usual: Option<ReconnectHint>) -> String {
    let mut disconnect = Disconnect::from(close);
    let usual = usual.filter(|_| disconnect.reconnect).map(Hint::from);
    disconnect.hint = disconnect.hint.or(usual);
    push(Push {
        disconnect: Some(disconnect),
        ..Push::default()
    })
}

/// A push in JSON.
pub(crate) fn push(push: Push) -> String {
    to_json(&Reply {
        push: Some(push),
        ..Reply::default()
    })
}
