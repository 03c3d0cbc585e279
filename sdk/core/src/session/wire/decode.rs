//! What a server says.

use alloc::string::String;
use alloc::vec::Vec;

use super::json::{Json, unescaped};
use super::said::{Anew, Greeting, Publication, Refusal, Said, Stand};
use crate::session::hint::Hint;
use crate::session::position::Position;
use crate::time::Millis;

/// A frame: one thing a line or more. `None` where a line is none of this protocol.
pub(in crate::session) fn frame(text: &str) -> Option<Vec<Said>> {
    let mut said = Vec::new();
    for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
        let value = Json::whole(line).filter(|value| value.is_object())?;
        read(value, &mut said);
    }
    Some(said)
}

/// What it does not know, it passes over.
fn read(value: Json<'_>, said: &mut Vec<Said>) {
    if value.members().next().is_none() {
        said.push(Said::Ping {
            time: None,
            hint: None,
        });
        return;
    }
    let id = number(value, "id");
    let before = said.len();
    if let Some(ping) = value.at("ping").filter(|ping| ping.is_object() && id == 0) {
        said.push(Said::Ping {
            time: ping.at("t").and_then(Json::number),
            hint: ping.at("hint").and_then(hint),
        });
    }
    if let Some(error) = value.at("error") {
        said.push(Said::Refused {
            id,
            refusal: Refusal {
                code: number(error, "code"),
                message: string(error, "message"),
                temporary: flag(error, "temporary"),
            },
        });
    }
    let ack = number(value, "ack");
    // After the error: what was acknowledged and refused is refused.
    if ack > 0 {
        said.push(Said::Ack(ack));
    }
    if let Some(connect) = value.at("connect") {
        said.push(Said::Greeting(Greeting {
            acked: ack,
            ..greeting(connect)
        }));
    }
    if let Some(subscribe) = value.at("subscribe") {
        said.push(Said::Subscribed {
            id,
            stand: stand(String::new(), subscribe),
        });
    }
    if let Some(answer) = value.at("rpc") {
        let data = answer.at("data").map_or("null", Json::text).into();
        said.push(Said::Answer { id, data });
    }
    if let Some(refresh) = value.at("refresh") {
        let lasts = lasts(refresh);
        said.push(Said::Renewed { id, lasts });
    }
    if let Some(replay) = value.at("replay") {
        let channel = string(replay, "channel");
        said.push(Said::Replay(stand(channel, replay)));
    }
    if let Some(snapshot) = value.at("snapshot") {
        said.push(Said::Anew(anew(snapshot)));
    }
    if let Some(drain) = value.at("drain") {
        said.push(drained(drain));
    }
    if let Some(push) = value.at("push") {
        pushed(push, said);
    }
    let answered = said.get(before..).unwrap_or(&[]);
    if id > 0 && answered.iter().all(|each| matches!(each, Said::Ack(_))) {
        said.push(Said::Done { id });
    }
}

fn pushed(push: Json<'_>, said: &mut Vec<Said>) {
    let channel = string(push, "channel");
    if let Some(each) = push.at("pub") {
        said.push(Said::Publication(channel.clone(), publication(each)));
    }
    if let Some(skip) = push.at("skip") {
        said.push(Said::Skip {
            channel: channel.clone(),
            from: number(skip, "from"),
            to: number(skip, "to"),
        });
    }
    if let Some(over) = push.at("unsubscribe") {
        let code = number(over, "code");
        said.push(Said::Unsubscribed { channel, code });
    }
    if let Some(refresh) = push.at("refresh") {
        let lasts = lasts(refresh);
        said.push(Said::Renewed { id: 0, lasts });
    }
    if let Some(drain) = push.at("drain") {
        said.push(drained(drain));
    }
    if let Some(last) = push.at("disconnect") {
        said.push(Said::Disconnect {
            code: u16::try_from(number(last, "code")).unwrap_or(0),
            reason: string(last, "reason"),
            // What is left out, the code says.
            reconnect: last.at("reconnect").is_none_or(Json::is_true),
            hint: hint(last),
        });
    }
}

fn greeting(connect: Json<'_>) -> Greeting {
    let subs = connect.at("subs").into_iter().flat_map(Json::members);
    Greeting {
        ping: Some(Millis::from_secs(number(connect, "ping"))).filter(|ping| ping.0 > 0),
        acked: 0,
        session: connect.at("session").and_then(Json::string),
        hint: connect.at("hint").and_then(hint),
        lasts: lasts(connect),
        subs: subs
            .map(|(channel, value)| stand(unescaped(channel), value))
            .collect(),
    }
}

/// How long the token is good.
fn lasts(value: Json<'_>) -> Option<Millis> {
    flag(value, "expires").then(|| Millis::from_secs(number(value, "ttl")))
}

fn stand(channel: String, value: Json<'_>) -> Stand {
    let publications = value.at("publications").into_iter().flat_map(Json::items);
    Stand {
        channel,
        positioned: flag(value, "positioned") || flag(value, "recoverable"),
        recovered: flag(value, "recovered"),
        was_recovering: flag(value, "was_recovering"),
        position: position(value),
        publications: publications.map(publication).collect(),
    }
}

fn anew(value: Json<'_>) -> Anew {
    Anew {
        channel: string(value, "channel"),
        url: value.at("url").and_then(Json::string),
        data: value.at("data").map(|data| data.text().into()),
        position: position(value),
    }
}

fn publication(value: Json<'_>) -> Publication {
    Publication {
        offset: number(value, "offset"),
        key: value.at("key").and_then(Json::string),
        data: value.at("data").map_or("null", Json::text).into(),
    }
}

fn drained(value: Json<'_>) -> Said {
    Said::Drain {
        by: Millis(number(value, "by_ms")),
        window: Millis(number(value, "window_ms")),
    }
}

fn hint(value: Json<'_>) -> Option<Hint> {
    Some(Hint {
        window: Millis(value.at("window_ms")?.number()?),
        min: Millis(number(value, "min_ms")),
    })
}

pub(super) fn position(value: Json<'_>) -> Position {
    Position {
        epoch: string(value, "epoch"),
        offset: number(value, "offset"),
    }
}

/// Positions by channel, as they were exported; none of what is no such text.
pub(in crate::session) fn positions(text: &str) -> Vec<(String, Position)> {
    let all = Json::whole(text).into_iter().flat_map(Json::members);
    all.map(|(channel, value)| (unescaped(channel), position(value)))
        .collect()
}

fn number(value: Json<'_>, name: &str) -> u64 {
    value.at(name).and_then(Json::number).unwrap_or(0)
}

fn string(value: Json<'_>, name: &str) -> String {
    value.at(name).and_then(Json::string).unwrap_or_default()
}

fn flag(value: Json<'_>, name: &str) -> bool {
    value.at(name).is_some_and(Json::is_true)
}
