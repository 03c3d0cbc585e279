//! A kept answer as people see it.

use alloc::string::String;
use alloc::vec::Vec;

use super::Kept;
use crate::http::Fields;
use crate::record::record;
use crate::time::{Instant, Wall};

record! {
    /// A kept answer.
    pub struct CacheEntry {
        /// What was asked for.
        pub url: String,
        /// Its status.
        pub status: u16,
        /// What its body is.
        pub content_type: Option<String>,
        /// The size of its body.
        pub bytes: u64,
        /// When it was kept, or confirmed last, in milliseconds since 1970.
        pub stored_at: u64,
        /// When it was served last, in milliseconds since 1970; those that were not for longest make room first.
        pub used_at: u64,
        /// How old it is, in milliseconds.
        pub age_ms: u64,
        /// Whether that is known.
        pub age_certain: bool,
        /// Whether it is fresh by the server's word.
        pub fresh: bool,
        /// What its request said in the fields that it varies in, a line each.
        pub vary: String,
        /// What the application calls it.
        pub tags: Vec<String>,
    }
}

impl CacheEntry {
    /// Of what a store has.
    #[must_use]
    pub fn of(
        url: String,
        kept: &Kept,
        bytes: u64,
        used: Wall,
        wall: Wall,
        now: Instant,
    ) -> CacheEntry {
        let head = kept.head(wall, now);
        let pairs = kept.pairs();
        CacheEntry {
            url,
            status: kept.status,
            content_type: Fields::new(&pairs).value("content-type").map(String::from),
            bytes,
            stored_at: kept.arrival.wall.0,
            used_at: used.0,
            age_ms: head.age.millis.0,
            age_certain: head.age.certain(),
            fresh: head.is_fresh(),
            vary: kept.selecting.as_str().trim_end().into(),
            tags: kept.tags.clone(),
        }
    }
}
