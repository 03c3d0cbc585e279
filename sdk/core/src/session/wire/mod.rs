//! `tidegate.v1` on the wire: the part of Centrifugo's client protocol, version 2, in JSON, that a client needs to subscribe and to come back,
//! and what it lacks: numbered commands, gaps closed in place, a word on when to come back. Unknown fields are passed over.

pub(super) mod decode;
pub(super) mod encode;
pub(super) mod json;
mod said;

pub(super) use said::{Anew, Greeting, Publication, Refusal, Said, Stand};
