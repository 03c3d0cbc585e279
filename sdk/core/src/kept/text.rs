//! A kept answer's head as text, which is how it is stored: one string crosses a boundary sooner than two dozen, it is read by eyes as well,
//! and a release that does not know a line passes over it.
//!
//! ```text
//! tidegate 1 <sum of all that follows>
//! url https://api.example/assets
//! status 200 OK
//! arrived <ms since 1970> <life of the page> <µs on its clock>
//! aged <ms> <doubt>
//! vary accept:application/json
//! tag assets
//!
//! content-type: application/json
//! etag: "7"
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::Kept;
use crate::http::{Age, Arrival, Doubt, Selecting, Stored};
use crate::rng::mix;
use crate::split::split_at_first;
use crate::time::{Instant, Millis, Wall};

const NAME: &str = "tidegate 1 ";

impl Kept {
    /// As it is stored. `life` names this life of the page, whose monotonic clock the arrival was read on.
    #[must_use]
    pub fn to_text(&self, life: u64) -> String {
        let mut text = String::new();
        let arrived = self.arrival.instant.unwrap_or_default().as_micros();
        let life = if self.arrival.instant.is_some() {
            life
        } else {
            0
        };
        let initial = self.arrival.initial;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "url {}\nstatus {} {}\narrived {} {life} {arrived}\naged {} {}\n",
            line(&self.url),
            self.status,
            line(&self.status_text),
            self.arrival.wall.0,
            initial.millis.0,
            word(initial.doubt),
        );
        if self.redirected {
            text.push_str("redirected\n");
        }
        if let Some(part) = self.part {
            let _ = write!(text, "part {} {}", part.first, part.length);
            if let Some(complete) = part.complete {
                let _ = write!(text, " {complete}");
            }
            text.push('\n');
        }
        for selecting in self.selecting.as_str().split_terminator('\n') {
            let _ = writeln!(text, "vary {selecting}");
        }
        for tag in &self.tags {
            let _ = writeln!(text, "tag {}", line(tag));
        }
        text.push('\n');
        for (name, value) in &self.fields {
            let _ = writeln!(text, "{}: {}", line(name), line(value));
        }
        format!("{NAME}{:016x}\n{text}", sum(&text))
    }

    /// What was stored; `None` when it is not whole, or of a release that writes in another way. In another life of the page its clock is
    /// gone.
    #[must_use]
    pub fn from_text(text: &str, life: u64) -> Option<Kept> {
        let (told, text) = text.strip_prefix(NAME)?.split_once('\n')?;
        if u64::from_str_radix(told, 16).ok()? != sum(text) {
            return None;
        }
        let (meta, fields) = split_at_first(text, "\n\n")?;
        let mut kept = Kept {
            url: String::new(),
            redirected: false,
            status: 0,
            status_text: String::new(),
            fields: Vec::new(),
            selecting: Selecting::default(),
            arrival: Arrival {
                initial: Age {
                    millis: Millis::ZERO,
                    doubt: None,
                },
                wall: Wall(0),
                instant: None,
            },
            part: None,
            tags: Vec::new(),
        };
        let mut selecting = String::new();
        for each in meta.split('\n') {
            let (name, value) = each.split_once(' ').unwrap_or((each, ""));
            match name {
                "url" => kept.url = value.into(),
                "status" => {
                    let (status, words) = value.split_once(' ')?;
                    kept.status = status.parse().ok()?;
                    kept.status_text = words.into();
                }
                "arrived" => {
                    let mut numbers = value.split(' ').map(str::parse::<u64>);
                    kept.arrival.wall = Wall(numbers.next()?.ok()?);
                    let same = numbers.next()?.ok()? == life && life != 0;
                    let micros = numbers.next()?.ok()?;
                    kept.arrival.instant = same.then_some(Instant::from_micros(micros));
                }
                "aged" => {
                    let (millis, doubt) = value.split_once(' ')?;
                    kept.arrival.initial = Age {
                        millis: Millis(millis.parse().ok()?),
                        doubt: doubt_of(doubt),
                    };
                }
                "redirected" => kept.redirected = true,
                "part" => {
                    let mut numbers = value.split(' ').map(str::parse::<u64>);
                    kept.part = Some(Stored {
                        first: numbers.next()?.ok()?,
                        length: numbers.next()?.ok()?,
                        complete: numbers.next().transpose().ok()?,
                    });
                }
                "vary" => {
                    selecting.push_str(value);
                    selecting.push('\n');
                }
                "tag" => kept.tags.push(value.to_string()),
                _ => {}
            }
        }
        kept.selecting = Selecting::from_stored(selecting);
        for each in fields.split_terminator('\n') {
            let (name, value) = split_at_first(each, ": ")?;
            kept.fields.push((name.into(), value.into()));
        }
        (kept.status != 0).then_some(kept)
    }
}

/// No browser lets a line break into one of these; it would end the line.
fn line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

fn word(doubt: Option<Doubt>) -> &'static str {
    match doubt {
        None => "-",
        Some(Doubt::Hidden) => "hidden",
        Some(Doubt::Skewed) => "skewed",
        Some(Doubt::Clock) => "clock",
    }
}

/// A doubt of a later release is a doubt all the same.
fn doubt_of(word: &str) -> Option<Doubt> {
    match word {
        "-" => None,
        "hidden" => Some(Doubt::Hidden),
        "skewed" => Some(Doubt::Skewed),
        _ => Some(Doubt::Clock),
    }
}

/// Finds what a disk did to it, and not what somebody did on purpose.
pub(crate) fn sum(text: &str) -> u64 {
    text.as_bytes().chunks(8).fold(0, |sum, chunk| {
        let word = chunk.iter().fold(chunk.len() as u64, |word, byte| {
            word << 8 ^ u64::from(*byte) ^ word >> 56
        });
        mix(sum ^ word)
    })
}
