//! Rows as text for a terminal.

use std::fmt::Write;

use crate::study::Row;

const HEAD: &str = concat!(
    "  policy       goodput/C  att/req  prb/req  recov s  post %",
    "  error %  p99 ms  waste %  herd  healthy\n"
);

/// What the columns mean.
pub const LEGEND: &str = "\
goodput/C  answers that reached a user in the incident, by what the backend can do at best
att/req    attempts per user's request begun in the incident; prb/req the probes, which are not among them
recov s    seconds after the incident until 99 % of ten seconds' requests are answered; *: some seeds never
post %     failed of the requests begun after it; error %: of those begun in it (E5, normal: from 60 s to the end)
p99 ms     of the answered ones; waste %: of the pool's work, for nobody
herd       the fullest 100 ms of retries and probes by the mean, in its last half; -: fewer than 5 in a mean one
healthy    failures at endpoints that were well
floor      requests that are their client's first since it began: whatever decides in the client has to send them
";

/// A table of one scenario.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    if let Some(row) = rows.first() {
        text += &title(row);
        text += HEAD;
    }
    for row in rows {
        text += &line(row);
    }
    text
}

fn title(row: &Row) -> String {
    let spec = row.spec;
    format!(
        "{}: {}; {} backend, {} clients, {} seeds, floor {:.0} %\n",
        spec.scenario.name(),
        spec.scenario.what(),
        spec.backend.name(),
        spec.clients,
        row.summary.runs.len(),
        row.summary.mean.floor,
    )
}

fn line(row: &Row) -> String {
    let mean = row.summary.mean;
    let recovery = match mean.recovery {
        _ if !row.spec.ends() => "-".to_owned(),
        None => "never".to_owned(),
        Some(seconds) if row.summary.never > 0 => format!("{seconds:.0}*"),
        Some(seconds) => format!("{seconds:.0}"),
    };
    let herd = mean
        .herd
        .map_or("-".to_owned(), |herd| format!("{herd:.1}"));
    let mut text = String::new();
    let _ = write!(text, "  {:<12} {:>9.2}", row.contender.name, mean.goodput);
    let _ = write!(text, " {:>8.2} {:>8.2}", mean.attempts, mean.probes);
    let _ = write!(text, " {recovery:>8} {:>7.1}", mean.post);
    let _ = write!(text, " {:>8.2} {:>7.0}", mean.errors, mean.p99);
    let _ = writeln!(text, " {:>8.1} {herd:>5} {:>8.0}", mean.waste, mean.healthy);
    text
}
