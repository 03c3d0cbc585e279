//! The verdict in words.

use std::fmt;

use super::remedy::{Advice, Remedy};
use super::{Diagnosis, Side};

/// Thousandths as a decimal with at most two places.
struct Thousandths(u64);

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.0.saturating_add(5) / 10;
        let (whole, part) = (hundredths / 100, hundredths % 100);
        match part {
            0 => write!(f, "{whole}"),
            part if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            part => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Side::Beyond => "beyond the cliff",
            Side::Edge => "at the edge",
            Side::Safe => "safe",
        })
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = Thousandths;
        writeln!(
            f,
            "{}: the last of {} waiting is answered after {} s, and clients give up after {} s",
            self.side,
            self.patient.queue,
            seconds(self.last_answer_ms),
            seconds(self.patient.timeout_ms),
        )?;
        if let Some(capacity) = self.capacity_millirequests_per_second {
            writeln!(
                f,
                "the pool does {} requests/s, whatever the length of its queue",
                Thousandths(capacity)
            )?;
        }
        if let Some(slowdown) = self.cliff_at_slowdown_permille
            && self.side != Side::Beyond
        {
            let slowdown = Thousandths(slowdown);
            writeln!(
                f,
                "it goes over the cliff when work takes {slowdown} times as long"
            )?;
        }
        if let Some(sustain) = self.sustain_permille {
            let verdict = match sustain > 1_000 {
                true => "stays",
                false => "dies down",
            };
            writeln!(
                f,
                "a loop that has begun {verdict}: use times attempts per intent is {}",
                Thousandths(sustain)
            )?;
        }
        for remedy in &self.remedies {
            writeln!(f, "- {remedy}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Advice::FewerAttempts { .. } = self.advice {
            return write!(f, "{}: a loop does not stay", self.advice);
        }
        let last = Thousandths(self.last_answer_ms);
        write!(
            f,
            "{}: last answer after {last} s, {}",
            self.advice, self.side
        )
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = Thousandths;
        match *self {
            Advice::CancelAndDeadlines => {
                f.write_str("drop those who wait when their clients leave or their deadlines pass")
            }
            Advice::CoDel {
                target_ms,
                interval_ms,
            } => write!(
                f,
                "let nobody wait longer than {target_ms} ms while the queue stands for {interval_ms} ms (CoDel)"
            ),
            Advice::EarlyRefusal { limit_ms } => {
                write!(
                    f,
                    "refuse at once who would wait longer than {} s",
                    seconds(limit_ms)
                )
            }
            Advice::FasterWork { service_ms } => {
                write!(f, "make work take {service_ms} ms on average")
            }
            Advice::FewerAttempts {
                amplification_permille,
            } => write!(
                f,
                "fewer than {} attempts per intent",
                Thousandths(amplification_permille)
            ),
            Advice::LastInFirstOut => f.write_str("serve first who came last"),
            Advice::MoreConnections { connections } => {
                write!(
                    f,
                    "{connections} connections, if the database is as fast with them"
                )
            }
            Advice::ShorterQueue { queue } => write!(f, "a queue of {queue}"),
            Advice::WaitLimit { ms } => write!(f, "let nobody wait longer than {} s", seconds(ms)),
        }
    }
}
