//! Rows as JSON.

use serde::Serialize;

use crate::figures::Summary;
use crate::scenario::Spec;
use crate::study::Row;

#[derive(Serialize)]
struct Document<'a> {
    family: &'static str,
    rows: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    /// The first of its runs; the others differ in the seed, which is one more each time.
    spec: Spec,
    policy: &'a str,
    summary: &'a Summary,
}

/// One document of all rows.
///
/// # Errors
/// Never, as far as is known: every number in it is one that JSON has.
pub fn document(rows: &[Row]) -> serde_json::Result<String> {
    let rows = rows.iter().map(|row| Entry {
        spec: row.spec,
        policy: row.contender.name,
        summary: &row.summary,
    });
    serde_json::to_string_pretty(&Document {
        family: "a",
        rows: rows.collect(),
    })
}
