//! The head of a kept answer.

use alloc::string::String;
use alloc::vec::Vec;

use crate::http::{
    Age, Answered, Arrival, Asked, Fields, KeptHead, Lifetime, Owner, ResponseDirectives,
    Selecting, Stored, Unstorable, assumed_vary, is_kept, may_store, merged,
};
use crate::time::{Instant, Millis, Wall};

/// What is kept of an answer beside its body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kept {
    /// Where it came from, after redirects.
    pub url: String,
    /// Whether there were redirects.
    pub redirected: bool,
    /// Its status.
    pub status: u16,
    /// The words beside the status.
    pub status_text: String,
    /// Its fields that are kept, in their order.
    pub fields: Vec<(String, String)>,
    /// What its request said in the fields that it varies in.
    pub selecting: Selecting,
    /// When it came, and how old it was then.
    pub arrival: Arrival,
    /// Which bytes of the whole its body is; `None`: all of them.
    pub part: Option<Stored>,
    /// What the application calls it, to find it again.
    pub tags: Vec<String>,
}

/// How an answer arrived.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Where it came from, after redirects.
    pub url: &'a str,
    /// Whether there were redirects.
    pub redirected: bool,
    /// The words beside the status.
    pub status_text: &'a str,
    /// Whether it is from another origin than the page.
    pub cross_origin: bool,
    /// How long it took, from when it was asked for.
    pub took: Millis,
    /// The calendar, now.
    pub wall: Wall,
    /// The monotonic clock, now.
    pub now: Instant,
}

impl Kept {
    /// What is kept of an answer, and for whom.
    ///
    /// # Errors
    /// When it may not be kept: why not.
    pub fn of(
        asked: Asked<'_>,
        answered: Answered<'_>,
        received: Received<'_>,
    ) -> Result<(Kept, Owner), Unstorable> {
        let owner = may_store(asked, answered)?;
        let fields = answered.fields;
        let assumed = assumed_vary(fields, received.cross_origin);
        let selecting = Selecting::of(fields, asked.fields, assumed).ok_or(Unstorable::Varies)?;
        let part = match answered.status {
            206 => Some(Stored::of_part(fields).ok_or(Unstorable::Part)?),
            _ => None,
        };
        // An error that nobody asked to keep is worth nothing: it would only be in the way of a better answer.
        let lifetime = Lifetime::of(answered.status, fields, received.wall);
        if answered.status >= 400 && lifetime.heuristic && lifetime.length == Millis::ZERO {
            return Err(Unstorable::Status);
        }
        let kept = Kept {
            url: received.url.into(),
            redirected: received.redirected,
            status: answered.status,
            status_text: received.status_text.into(),
            fields: owned(fields.pairs().filter(|(name, _)| is_kept(fields, name))),
            selecting,
            arrival: Arrival::of(fields, received.took, received.wall, received.now),
            part,
            tags: Vec::new(),
        };
        Ok((kept, owner))
    }

    /// Its fields as the rules take them.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        borrowed(&self.fields)
    }

    /// How old it is.
    #[must_use]
    pub fn age(&self, wall: Wall, now: Instant) -> Age {
        self.arrival.age(wall, now)
    }

    /// What its usability follows from.
    #[must_use]
    pub fn head(&self, wall: Wall, now: Instant) -> KeptHead {
        let pairs = self.pairs();
        let fields = Fields::new(&pairs);
        KeptHead {
            age: self.age(wall, now),
            lifetime: Lifetime::of(self.status, fields, self.arrival.wall),
            said: ResponseDirectives::of(fields),
        }
    }

    /// The same after the server has confirmed it with a 304: newer fields, and as old as that answer.
    #[must_use]
    pub fn confirmed(&self, answer: Fields<'_>, received: Received<'_>) -> Kept {
        let pairs = self.pairs();
        Kept {
            fields: owned(merged(Fields::new(&pairs), answer).into_iter()),
            arrival: Arrival::of(answer, received.took, received.wall, received.now),
            ..self.clone()
        }
    }

    /// The same with a body of this length; `None` when it is not its body.
    #[must_use]
    pub fn with_body(self, bytes: u64) -> Option<Kept> {
        let Some(part) = self.part else {
            return Some(self);
        };
        let part = part.with_body(bytes, Fields::new(&self.pairs()))?;
        Some(Kept {
            part: Some(part),
            ..self
        })
    }

    /// Whether its body is a part that lacks only what follows it: then the rest can be asked for.
    #[must_use]
    pub fn rest(&self) -> Option<String> {
        self.part.and_then(Stored::rest)
    }

    /// A whole made of this part and what was asked for behind it, which is so long; `None` where they do not fit.
    ///
    /// Both must have the same strong tag (RFC 9110, section 15.3.7.3).
    #[must_use]
    pub fn completed(&self, rest: Fields<'_>, bytes: u64) -> Option<Kept> {
        let (mine, theirs) = (self.part?, Stored::of_part(rest)?);
        let pairs = self.pairs();
        let tag = Fields::new(&pairs).value("etag")?;
        let fits = !tag.starts_with("W/")
            && rest.value("etag") == Some(tag)
            && mine.first == 0
            && theirs.first == mine.length
            && theirs.length == bytes
            && theirs.complete == Some(mine.length.checked_add(theirs.length)?);
        let part_only = |name: &str| {
            ["content-range", "content-length"]
                .iter()
                .any(|of_part| of_part.eq_ignore_ascii_case(name))
        };
        fits.then(|| Kept {
            status: 200,
            status_text: "OK".into(),
            part: None,
            fields: owned(pairs.iter().copied().filter(|(name, _)| !part_only(name))),
            ..self.clone()
        })
    }
}

/// Fields that somebody keeps, as the rules take them.
#[must_use]
pub fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = fields.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn owned<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}
