//! What a client says.

use alloc::string::String;
use core::fmt::Write as _;

use super::json::quote;
use crate::session::position::Position;

/// The greatest integer that JavaScript tells from the next one: a server in it would round what is beyond, so that goes as a text.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// The first frame: who comes, and how far each channel was read, so that a whole page is back in one round trip.
pub(in crate::session) fn connect<'a>(
    id: u64,
    token: Option<&str>,
    session: Option<&str>,
    subs: impl Iterator<Item = (&'a str, Option<&'a Position>)>,
) -> String {
    let mut out = command(id, None, "connect");
    out.push('{');
    let mut comma = "";
    for (name, text) in [("\"token\":", token), ("\"session\":", session)] {
        if let Some(text) = text {
            out.push_str(comma);
            out.push_str(name);
            quote(&mut out, text);
            comma = ",";
        }
    }
    let mut opened = false;
    for (channel, position) in subs {
        out.push_str(if opened { "," } else { comma });
        if !opened {
            out.push_str("\"subs\":{");
        }
        opened = true;
        quote(&mut out, channel);
        out.push_str(":{");
        recover(&mut out, "", position);
        out.push('}');
    }
    if opened {
        out.push('}');
    }
    out.push_str("}}");
    out
}

pub(in crate::session) fn subscribe(id: u64, channel: &str, position: Option<&Position>) -> String {
    let mut out = command(id, None, "subscribe");
    out.push_str("{\"channel\":");
    quote(&mut out, channel);
    recover(&mut out, ",", position);
    out.push_str("}}");
    out
}

pub(in crate::session) fn unsubscribe(id: u64, channel: &str) -> String {
    one(id, "unsubscribe", "channel", channel)
}

/// Asks for no more messages of a channel until its gap is asked for.
pub(in crate::session) fn pause(id: u64, channel: &str) -> String {
    one(id, "pause", "channel", channel)
}

/// Says another token.
pub(in crate::session) fn refresh(id: u64, token: &str) -> String {
    one(id, "refresh", "token", token)
}

/// `data` is JSON already.
pub(in crate::session) fn rpc(id: u64, method: &str, data: &str) -> String {
    let mut out = one(id, "rpc", "method", method);
    // Before the two braces at its end.
    out.truncate(out.len() - 2);
    out.push_str(",\"data\":");
    out.push_str(data);
    out.push_str("}}");
    out
}

/// `data` is JSON already; `idem` is what the server knows a repetition by, on whichever connection.
pub(in crate::session) fn publish(
    id: u64,
    seq: Option<u64>,
    idem: Option<&str>,
    channel: &str,
    data: &str,
) -> String {
    let mut out = command(id, seq, "publish");
    out.push('{');
    if let Some(key) = idem {
        out.push_str("\"idem\":");
        quote(&mut out, key);
        out.push(',');
    }
    out.push_str("\"channel\":");
    quote(&mut out, channel);
    out.push_str(",\"data\":");
    out.push_str(data);
    out.push_str("}}");
    out
}

/// Asks for everything after a position.
pub(in crate::session) fn gap(id: u64, channel: &str, have: &Position) -> String {
    let mut out = command(id, None, "gap");
    out.push_str("{\"channel\":");
    quote(&mut out, channel);
    out.push_str(",\"have\":{");
    write_position(&mut out, have);
    out.push_str("}}}");
    out
}

/// Asks whether anybody is there.
pub(in crate::session) fn ping(id: u64) -> String {
    let mut out = command(id, None, "ping");
    out.push_str("{}}");
    out
}

/// Answers a ping, with its time if it had one.
pub(in crate::session) fn pong(time: Option<u64>) -> String {
    match time {
        Some(time) => alloc::format!("{{\"pong\":{{\"t\":{time}}}}}"),
        None => String::from("{}"),
    }
}

/// Positions by channel, as in `connect`.
pub(in crate::session) fn positions<'a>(
    all: impl Iterator<Item = (&'a str, &'a Position)>,
) -> String {
    let mut out = String::from("{");
    for (channel, position) in all {
        out.push_str(if out.len() > 1 { "," } else { "" });
        quote(&mut out, channel);
        out.push_str(":{");
        write_position(&mut out, position);
        out.push('}');
    }
    out.push('}');
    out
}

fn command(id: u64, seq: Option<u64>, name: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(out, "{{\"id\":{id},");
    if let Some(seq) = seq {
        let _ = write!(out, "\"seq\":{seq},");
    }
    let _ = write!(out, "\"{name}\":");
    out
}

/// A command with one text.
fn one(id: u64, name: &str, field: &str, text: &str) -> String {
    let mut out = command(id, None, name);
    let _ = write!(out, "{{\"{field}\":");
    quote(&mut out, text);
    out.push_str("}}");
    out
}

fn recover(out: &mut String, before: &str, position: Option<&Position>) {
    if let Some(position) = position {
        out.push_str(before);
        out.push_str("\"recover\":true,");
        write_position(out, position);
    }
}

fn write_position(out: &mut String, position: &Position) {
    out.push_str("\"epoch\":");
    quote(out, &position.epoch);
    let offset = position.offset;
    let quote = if offset > MAX_SAFE { "\"" } else { "" };
    let _ = write!(out, ",\"offset\":{quote}{offset}{quote}");
}
