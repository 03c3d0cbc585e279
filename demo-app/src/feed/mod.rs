//! The feed of what happens to the catalogue, on a socket of the SDK that comes back.
//!
//! ```text
//! live       the socket and its handlers, and the signals that components read: the only place that knows the SDK's socket
//! happening  one thing that happened, in words
//! board      the latest of them: each once, in order, and no more than fit
//! story      what became of a gap: caught up, or history gone and the list another one
//! badge      how the feed stands, in a few words
//! kept       over a reload: how far it was read, and what was on show
//! ```

mod badge;
mod board;
mod happening;
mod kept;
mod live;
mod story;

pub(crate) use badge::{Badge, State};
pub(crate) use board::Board;
pub(crate) use happening::{Happening, Origin};
pub(crate) use live::{Feed, clock};
pub(crate) use story::{After, Outcome};
