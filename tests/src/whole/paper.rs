//! Rows as text for a terminal, as JSON and as a picture.

use std::fmt::Write;

use serde::Serialize;

use super::case::Case;
use super::meter::Second;
use super::study::Row;
use super::summary::Summary;
use crate::chart::{Line, Panel, Picture};

const HEAD: &str = concat!(
    "  client                  G/C % waste %   amp   err %  errC %  err60 %  stale %  age p50/p95 s  defer %",
    "    p50 / p99 s  fresh60 %  read60 %  rec s  dup %\n"
);

/// What the columns mean.
pub const LEGEND: &str = "\
G/C        work that was waited for, by what the pool can do while the cause lasts
waste      of the pool's work, for nobody; amp: attempts, probes and replays for each intent
err        intents whose user saw an error or reloaded; errC: the same without reads of what was never seen before; err60: of the minute after
stale      intents whose user got a kept copy, of this age; defer: writes whose user was told that they are saved
p50 / p99  until a user got something, a copy or \"saved\" included
fresh60    of the minute after the cause, answered by the network at first go; read60: the same of reads and polls, without writes
rec s      seconds after the cause until 95 % of ten seconds' intents are fresh; *: some seeds never
dup        writes that were done more than once
Shares are of the intents begun in the cause and the minute after it.
";

/// A table of one case.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    if let Some(row) = rows.first() {
        text += &title(row);
        text += "\n";
        text += HEAD;
    }
    for row in rows {
        text += &line(row);
    }
    text
}

fn title(row: &Row) -> String {
    let case = &row.case;
    format!(
        "{}: {}; {} backend, {} users, {} seeds",
        case.name,
        case.what,
        case.server.name(),
        case.people.users,
        row.summary.runs.len(),
    )
}

fn line(row: &Row) -> String {
    let sum = &row.summary;
    let whole = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.0}"));
    let recovery = match sum.mean_of_some(|run| run.recovery) {
        None => "never".to_owned(),
        Some(seconds) if sum.never > 0 => format!("{seconds:.0}*"),
        Some(seconds) => format!("{seconds:.0}"),
    };
    let age = format!(
        "{}/{}",
        whole(sum.mean_of_some(|run| run.age_p50)),
        whole(sum.mean_of_some(|run| run.age_p95))
    );
    let time = format!(
        "{:.2} / {:.1}",
        sum.mean(|run| run.p50),
        sum.mean(|run| run.p99)
    );
    let mut text = format!("  {:<22}", row.entrant.name);
    let goodput = whole(sum.mean_of_some(|run| run.goodput));
    let _ = write!(text, " {goodput:>6} {:>7.0}", sum.mean(|run| run.waste));
    let _ = write!(text, " {:>5.2}", sum.mean(|run| run.amplification));
    let _ = write!(text, " {:>7.1}", sum.mean(|run| run.errors));
    let _ = write!(text, " {:>7.2}", sum.mean(|run| run.familiar_errors));
    let _ = write!(text, " {:>8.1}", sum.mean(|run| run.errors_after));
    let _ = write!(text, " {:>8.1} {age:>14}", sum.mean(|run| run.stale));
    let _ = write!(text, " {:>8.1} {time:>14}", sum.mean(|run| run.deferred));
    let _ = write!(
        text,
        " {:>10.0} {:>9.0} {recovery:>6}",
        sum.mean(|run| run.fresh_after),
        sum.mean(|run| run.fresh_reads_after)
    );
    let _ = writeln!(text, " {:>6.1}", sum.mean(|run| run.duplicates));
    let spins = sum.mean(|run| run.spins);
    if spins > 0.0 {
        let _ = writeln!(
            text,
            "  {:<22} its requests woke each other without end, {spins:.0} times: a page would hang",
            "^"
        );
    }
    text
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
        family: "b",
        rows: rows.collect(),
    })
}

const PANELS: [Panel<Second>; 4] = [
    Panel {
        title: "goodput (answers of the pool/s)",
        value: |second| second.useful as f64,
    },
    Panel {
        title: "attempts, probes and replays (1/s)",
        value: |second| second.sent as f64,
    },
    Panel {
        title: "work for nobody (% of the pool's)",
        value: |second| {
            let done = second.useful + second.wasted;
            100.0 * second.wasted as f64 / done.max(1) as f64
        },
    },
    Panel {
        title: "errors that users see (1/s)",
        value: |second| second.failures as f64,
    },
];

/// A picture of one case.
#[must_use]
pub fn picture(rows: &[Row]) -> String {
    let Some(row) = rows.first() else {
        return String::new();
    };
    let lines = rows.iter().map(|row| Line {
        name: row.entrant.name,
        colour: row.entrant.number(),
        seconds: &row.seconds,
    });
    let picture = Picture {
        title: title(row),
        horizon: row.case.horizon(),
        shade: row.case.cause.is_some().then(|| row.case.cause_at()),
        panels: &PANELS,
        lines: lines.collect(),
    };
    picture.svg()
}
