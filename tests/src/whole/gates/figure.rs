//! What gates look at, and what it is compared with.

use crate::whole::figures::Figures;

/// What is judged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Figure {
    Amplification,
    Back,
    Duplicates,
    Errors,
    FamiliarErrors,
    /// Percent of the reads that are fresh in the minute after the cause without an outbox.
    FreshReadsByNoOutbox,
    Goodput,
    GoodputFrom10,
    GoodputFrom120,
    /// Percent more requests than naive clients make.
    MoreRequests,
    Recovery,
    /// Seconds more than naive clients need.
    RecoveryAfterNaive,
    Refused,
    /// Milliseconds more than those of naive clients at the 99th percentile.
    Slower,
    /// How often a page would have hung.
    Spins,
    Stale,
}

/// What a run is compared with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Other {
    Naive,
    Nobody,
    WithoutOutbox,
}

impl Figure {
    pub(super) fn name(self) -> &'static str {
        match self {
            Figure::Amplification => "amp",
            Figure::Back => "fresh 60-110 s %",
            Figure::Duplicates => "dup %",
            Figure::Errors => "err %",
            Figure::FamiliarErrors => "errC %",
            Figure::FreshReadsByNoOutbox => "read60 / no outbox %",
            Figure::Goodput => "G/C %",
            Figure::GoodputFrom10 => "G/C from 10 s %",
            Figure::GoodputFrom120 => "G/C from 120 s %",
            Figure::MoreRequests => "requests over naive %",
            Figure::Recovery => "recovery s",
            Figure::RecoveryAfterNaive => "recovery over naive s",
            Figure::Refused => "refused %",
            Figure::Slower => "p99 over naive ms",
            Figure::Spins => "endless wakes",
            Figure::Stale => "stale %",
        }
    }

    pub(super) fn other(self) -> Other {
        match self {
            Figure::FreshReadsByNoOutbox => Other::WithoutOutbox,
            Figure::MoreRequests | Figure::RecoveryAfterNaive | Figure::Slower => Other::Naive,
            _ => Other::Nobody,
        }
    }

    pub(super) fn is_floor(self) -> bool {
        matches!(
            self,
            Figure::Back
                | Figure::FreshReadsByNoOutbox
                | Figure::Goodput
                | Figure::GoodputFrom10
                | Figure::GoodputFrom120
        )
    }

    /// Its value in one run; none, where it never came.
    pub(super) fn of(self, run: &Figures, other: &Figures) -> Option<f64> {
        Some(match self {
            Figure::Amplification => run.amplification,
            Figure::Back => run.fresh_back,
            Figure::Duplicates => run.duplicates,
            Figure::Errors => run.errors,
            Figure::FamiliarErrors => run.familiar_errors,
            Figure::FreshReadsByNoOutbox => {
                100.0 * run.fresh_reads_after / other.fresh_reads_after.max(0.01)
            }
            Figure::Goodput => run.goodput?,
            Figure::GoodputFrom10 => run.goodput_from_10,
            Figure::GoodputFrom120 => run.goodput_from_120,
            Figure::MoreRequests => 100.0 * (run.amplification / other.amplification - 1.0),
            Figure::Recovery => run.recovery?,
            // Who never recovers is no measure: then anything is soon enough.
            Figure::RecoveryAfterNaive => run.recovery? - other.recovery.unwrap_or(f64::MAX),
            Figure::Refused => run.refused,
            Figure::Slower => 1_000.0 * (run.p99 - other.p99),
            Figure::Spins => run.spins,
            Figure::Stale => run.stale,
        })
    }
}
