//! Rows as text for a terminal, and as JSON.

use std::fmt::Write;

use serde::Serialize;

use super::case::Case;
use super::figures::Summary;
use super::study::Row;

const HEAD: &str = "  client                   peak/s  by rate   T50 s   T99 s  by ideal  attempts   most  missed %  lost %\n";

/// What the columns mean.
pub const LEGEND: &str = "\
peak/s     the most attempts that reached the server in a second; by rate: by what it accepts in one
T50, T99   seconds after the drop until 50 and 99 % are connected; by ideal: by what it takes to accept them without a pause
attempts   for each client; most: of one client
missed     of the server's turns, for clients that had given up waiting
lost       clients that are not back after half an hour
";

/// A table of one case.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    if let Some(row) = rows.first() {
        let case = &row.case;
        let _ = writeln!(
            text,
            "{}: {}; {} clients, {} accepted in a second, {} seeds",
            case.name,
            case.what,
            case.clients,
            case.per_second,
            row.summary.runs.len()
        );
        text += HEAD;
    }
    for row in rows {
        text += &line(row);
    }
    text
}

fn line(row: &Row) -> String {
    let sum = &row.summary;
    let some = |value: Option<f64>, digits: usize| match value {
        None => "never".to_owned(),
        Some(value) => format!("{value:.digits$}"),
    };
    let most = sum.runs.iter().map(|run| run.most).max().unwrap_or(0);
    format!(
        "  {:<22} {:>8.0} {:>8.2} {:>7} {:>7} {:>9} {:>9.2} {most:>6} {:>9.1} {:>7.1}\n",
        row.entrant.name,
        sum.mean(|run| run.peak as f64),
        sum.mean(|run| run.peak_by_rate),
        some(sum.mean_of_all(|run| run.t50), 1),
        some(sum.mean_of_all(|run| run.t99), 1),
        some(sum.mean_of_all(|run| run.t99_by_ideal), 2),
        sum.mean(|run| run.attempts),
        sum.mean(|run| run.missed),
        sum.mean(|run| run.lost),
    )
}

#[derive(Serialize)]
struct Document<'a> {
    family: &'static str,
    rows: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    case: &'a Case,
    policy: &'a str,
    /// The first run has seed 1, the next seed 2, and so on.
    summary: &'a Summary,
}

/// One document of all rows.
///
/// # Errors
/// Never, as far as is known: every number in it is one that JSON has.
pub fn document(rows: &[Row]) -> serde_json::Result<String> {
    let rows = rows.iter().map(|row| Entry {
        case: &row.case,
        policy: row.entrant.name,
        summary: &row.summary,
    });
    serde_json::to_string_pretty(&Document {
        family: "sockets",
        rows: rows.collect(),
    })
}
