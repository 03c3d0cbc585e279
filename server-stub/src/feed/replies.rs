//! Answers that more than one place gives.

use std::sync::Arc;

use tidegate_contract::feed::{
    Disconnect, Drain, Error, Hint, Ping, Position, Publication, Push, Reply, Skip, Snapshot,
    error_code,
};
use tidegate_contract::{ReconnectHint, SocketClose, SocketDrain, paths};
use tidegate_core::Instant;

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

/// The push that goes before a drain.
pub(crate) fn drain(drain: SocketDrain) -> String {
    push(Push {
        drain: Some(Drain::from(drain)),
        ..Push::default()
    })
}

/// A message that a client does not get, so that it does not miss it.
pub(crate) fn skip(post: &Post) -> String {
    let offset = post.publication.offset;
    push(Push {
        channel: post.channel.to_string(),
        skip: Some(Skip {
            from: offset,
            to: offset,
        }),
        ..Push::default()
    })
}

/// A message without a number.
pub(crate) fn volatile(channel: &str) -> String {
    push(Push {
        channel: channel.to_owned(),
        publication: Some(Publication::default()),
        ..Push::default()
    })
}

/// Is anybody there? Whoever speaks `tidegate.v1` is told the time, and when to come back after a drop.
pub(crate) fn ping(extended: bool, now: Instant, usual: Option<ReconnectHint>) -> String {
    let ping = Ping {
        t: Some(now.as_millis()),
        hint: usual.map(Hint::from),
    };
    to_json(&Reply {
        ping: extended.then_some(ping),
        ..Reply::default()
    })
}

/// Somebody is there.
pub(crate) fn alive() -> Reply {
    Reply {
        ping: Some(Ping::default()),
        ..Reply::default()
    }
}

/// A push in JSON.
pub(crate) fn push(push: Push) -> String {
    to_json(&Reply {
        push: Some(push),
        ..Reply::default()
    })
}
