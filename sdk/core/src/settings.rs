//! Everything that can be set, declared once.
//!
//! The declaration at the end gives the Rust structs with their defaults, the table that checks values and finds unknown names,
//! and the TypeScript that the npm package ships. There is no second copy to keep in step. Every value is a whole number; a length
//! of time ends in `_ms`, a share in `_percent`.

use alloc::string::String;
use core::fmt;

use crate::alert::{AlertKind, AlertSettings, ThresholdError};
use crate::record::camel;

/// One row of the table: a setting, its default and its range.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Group and name, as in `breaker.open_ms`.
    pub path: &'static str,
    /// The value when nothing is set.
    pub default: u32,
    /// The smallest value accepted.
    pub min: u32,
    /// The largest value accepted.
    pub max: u32,
    slot: fn(&mut Settings) -> &mut u32,
}

/// A value or a name that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SettingsError {
    /// A group of settings was given a value of its own.
    Group {
        /// The group.
        path: String,
    },
    /// The value is not a whole number within the range.
    OutOfRange {
        /// The setting's path in camelCase.
        path: String,
        /// The smallest value accepted.
        min: u32,
        /// The largest value accepted.
        max: u32,
    },
    /// There is no such setting.
    Unknown {
        /// The path as it was given.
        path: String,
    },
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingsError::OutOfRange { path, min, max } => {
                write!(
                    f,
                    "setting `{path}` must be a whole number from {min} to {max}"
                )
            }
            SettingsError::Group { path } => {
                write!(f, "`{path}` is a group of settings, not a setting")
            }
            SettingsError::Unknown { path } => write!(f, "there is no setting `{path}`"),
        }
    }
}

impl core::error::Error for SettingsError {}

impl Settings {
    /// Sets one value by its camelCase path.
    ///
    /// ```
    /// let mut settings = tidegate_core::Settings::default();
    /// settings.set("breaker.openMs", 5_000.0)?;
    /// assert_eq!(settings.breaker.open_ms, 5_000);
    /// # Ok::<(), tidegate_core::SettingsError>(())
    /// ```
    ///
    /// # Errors
    /// When there is no such setting, or the value is not a whole number within its range.
    pub fn set(&mut self, path: &str, value: f64) -> Result<(), SettingsError> {
        let Some(setting) = SETTINGS.iter().find(|setting| camel(setting.path) == path) else {
            return Err(SettingsError::Unknown { path: path.into() });
        };
        let whole = value as u32;
        if f64::from(whole) != value || !(setting.min..=setting.max).contains(&whole) {
            return Err(setting.refusal());
        }
        *(setting.slot)(self) = whole;
        Ok(())
    }

    /// Checks the name of a group, and that it holds settings.
    ///
    /// # Errors
    /// When there is no such group, or it was given a value of its own.
    pub fn check_group(name: &str, holds_settings: bool) -> Result<(), SettingsError> {
        let known = SETTINGS
            .iter()
            .any(|setting| setting.path.split('.').next() == Some(name));
        match (known, holds_settings) {
            (true, true) => Ok(()),
            (true, false) => Err(SettingsError::Group { path: name.into() }),
            (false, _) => Err(SettingsError::Unknown { path: name.into() }),
        }
    }

    /// Checks every value against its range.
    ///
    /// # Errors
    /// Names the first setting that is out of range, and what is accepted.
    pub fn check(&self) -> Result<(), SettingsError> {
        let mut copy = self.clone();
        for setting in SETTINGS {
            if !(setting.min..=setting.max).contains((setting.slot)(&mut copy)) {
                return Err(setting.refusal());
            }
        }
        AlertSettings::from(&self.alerts)
            .check()
            .map_err(|ThresholdError { kind }| misplaced(&mut copy, kind))
    }

    /// Every setting with its value, in the order of the table.
    pub fn values(&self, mut visit: impl FnMut(&Setting, u32)) {
        let mut copy = self.clone();
        for setting in SETTINGS {
            visit(setting, *(setting.slot)(&mut copy));
        }
    }
}

/// A warning that comes later than its critical alert: its range ends there.
fn misplaced(settings: &mut Settings, kind: AlertKind) -> SettingsError {
    let figure = ["alerts.", &kind.as_str().replace('-', "_")].concat();
    let mut named = |level: &str| {
        let path = [&figure, level].concat();
        let setting = SETTINGS.iter().find(|each| each.path.starts_with(&path));
        setting.map(|setting| (setting, *(setting.slot)(settings)))
    };
    match (named("_warning_"), named("_critical_")) {
        (Some((warning, _)), Some((_, critical))) => SettingsError::OutOfRange {
            path: camel(warning.path),
            min: if kind.low_is_bad() {
                critical
            } else {
                warning.min
            },
            max: if kind.low_is_bad() {
                warning.max
            } else {
                critical
            },
        },
        _ => SettingsError::Group { path: figure },
    }
}

impl Setting {
    fn refusal(&self) -> SettingsError {
        SettingsError::OutOfRange {
            path: camel(self.path),
            min: self.min,
            max: self.max,
        }
    }
}

macro_rules! settings {
    ($(
        $(#[doc = $gdoc:literal])*
        $group:ident: $Group:ident {
            $($(#[doc = $doc:literal])* $name:ident = $default:literal in $min:literal ..= $max:literal;)*
        }
    )*) => {
        /// Every setting, by group. [`Default`] is what a page gets that sets nothing.
        #[derive(Clone, Debug, Default, Eq, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
        #[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "camelCase"))]
        pub struct Settings {
            $($(#[doc = $gdoc])* pub $group: $Group,)*
        }

        $(
            $(#[doc = $gdoc])*
            #[derive(Clone, Debug, Eq, PartialEq)]
            #[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
            #[cfg_attr(feature = "serde", serde(default, deny_unknown_fields, rename_all = "camelCase"))]
            pub struct $Group {
                $(
                    $(#[doc = $doc])*
                    #[doc = concat!("\n\nDefault ", stringify!($default), "; from ", stringify!($min), " to ", stringify!($max), ".")]
                    pub $name: u32,
                )*
            }

            impl Default for $Group {
                fn default() -> $Group {
                    $Group { $($name: $default,)* }
                }
            }
        )*

        /// Every setting with its default and its range.
        pub const SETTINGS: &[Setting] = &[$($(Setting {
            path: concat!(stringify!($group), ".", stringify!($name)),
            default: $default,
            min: $min,
            max: $max,
            slot: |settings| &mut settings.$group.$name,
        },)*)*];

        /// What each group and each row of [`SETTINGS`] is for, by path; apart from the table so that a browser need not load it.
        pub const SETTING_DOCS: &[(&str, &str)] = &[$(
            (stringify!($group), concat!($($gdoc, "\n"),*)),
            $((concat!(stringify!($group), ".", stringify!($name)), concat!($($doc, "\n"),*)),)*
        )*];
    };
}

settings! {
    /// How long things may take.
    timeout: TimeoutSettings {
        /// The longest that one attempt of a read (`GET`, `HEAD`, `OPTIONS`) may take until its response's head is there. What sends
        /// a body has no such limit: an upload takes as long as it takes.
        attempt_ms = 10_000 in 50..=600_000;
        /// The longest that a call may take until the head of its answer is there: queueing, attempts and the waits between them.
        /// Raise it where uploads take longer.
        total_ms = 30_000 in 50..=3_600_000;
    }
    /// Retries, of requests that are safe to repeat.
    retry: RetrySettings {
        /// Attempts in all, the first one included. Three bring a 5 % error rate down to 0.0125 %; two would leave 0.25 %.
        attempts = 3 in 1..=10;
        /// Cap of the random wait before the second attempt; it doubles with every further one.
        /// 100 ms keeps the 99th percentile near twice that of a healthy backend, 300 ms makes it three times.
        base_ms = 100 in 1..=60_000;
        /// The longest random wait.
        cap_ms = 10_000 in 1..=600_000;
        /// The longest `Retry-After` that a call waits for; past it the call ends at once.
        retry_after_ms = 10_000 in 0..=600_000;
        /// How many of the attempts may follow one that timed out. None, because on an overloaded backend that is what keeps the
        /// overload alive: the work of the attempt that was given up is usually still being done.
        after_timeout = 0 in 0..=9;
        /// How much of a retry each success earns, in percent. In the long run no larger share of requests is repeated, so a fleet
        /// whose attempts all fail sends 1.1 per request: safe up to 91 % of what its backend can do.
        earned_percent = 10 in 0..=100;
        /// The most retries that can be saved up.
        saved = 10 in 1..=1_000;
        /// 1 sends the number of each attempt after the first with it, as `Tidegate-Attempt`. Off, because across origins such a field makes
        /// the browser ask first whether it may be sent (a preflight), and the backend must allow it by name.
        tell_attempts = 0 in 0..=1;
    }
    /// A second attempt, of what may be repeated, when the first takes longer than nearly all others do. The first to succeed is the answer,
    /// and a hedge that fails never is. Off to begin with, for it costs load.
    hedge: HedgeSettings {
        /// Of a thousand calls, how many may be sent twice, and from which percentile on; 0 hedges nothing, 20 is what to begin with.
        share_permille = 0 in 0..=200;
        /// Answers of the last minutes without which nobody knows what is slow.
        least_samples = 50 in 20..=100_000;
        /// The shortest delay before a second attempt; below 20 ms one wins by chance only.
        least_delay_ms = 20 in 1..=600_000;
        /// Hedges that can be saved up. Many clients that have saved up many are a burst.
        saved = 2 in 1..=100;
    }
    /// The gate of an origin: what all its routes are let do when more than one of them is in trouble.
    gate: GateSettings {
        /// The longest that a call with nothing else to show waits for the gate, a pace or a breaker to let it through, when that may
        /// happen in time. Three seconds is about where people turn away from a page.
        hold_ms = 3_000 in 0..=60_000;
        /// How long an origin whose routes all fail is left alone at first. It doubles, up to twelve times this, or to an eighth of the time
        /// that the trouble has lasted if that is more; so an outage lasts no more than an eighth longer for having been noticed. Each
        /// time is drawn from its upper half.
        rest_ms = 1_000 in 100..=600_000;
        /// The same where the failure is overload: a queue in which attempts time out after a few seconds needs as many to drain, and
        /// what comes earlier only keeps it full. It doubles once.
        overload_rest_ms = 6_000 in 100..=600_000;
        /// The longest that it is left alone.
        rest_cap_ms = 60_000 in 100..=3_600_000;
    }
    /// Circuit breakers, one per scope (an origin and a route template).
    breaker: BreakerSettings {
        /// How many of the latest attempts are looked at.
        window = 20 in 1..=200;
        /// How far back they may lie.
        window_ms = 30_000 in 1_000..=3_600_000;
        /// Attempts that must be in the window before it may open.
        minimum_calls = 6 in 1..=200;
        /// The share of failures at which it opens.
        /// A backend that fails three times in ten opens it in 5 % of runs of 200 attempts (the usual half of five calls: in 84 %), one
        /// that fails always opens it after `minimum_calls`.
        failure_percent = 70 in 1..=100;
        /// Failures in a row at which it opens, however few attempts there were; 0 does not count them. Off, because random failures
        /// come in rows as well: a backend that fails three times in ten opens the usual five in a row in a third of runs of 200 attempts.
        consecutive = 0 in 0..=200;
        /// An attempt that takes longer counts as slow; 0 counts none.
        slow_ms = 0 in 0..=600_000;
        /// The share of slow attempts at which it opens.
        slow_percent = 100 in 1..=100;
        /// How long it stays open the first time; doubles with every probe that fails. Each time is drawn from its upper half.
        open_ms = 2_000 in 100..=600_000;
        /// The longest that it stays open.
        open_cap_ms = 60_000 in 100..=3_600_000;
        /// How long a probe may take before another one is let through; at least as long as an attempt may.
        probe_ms = 10_000 in 100..=600_000;
        /// Probes that decide whether it closes.
        probes = 1 in 1..=100;
        /// The share of them that must succeed.
        probe_percent = 50 in 1..=100;
        /// Over how long calls are let through again after it has closed, from a quarter of them to all; 0 lets all through at once.
        ramp_ms = 0 in 0..=600_000;
        /// 1 measures and reports, and refuses nothing; the gates of the origins then stay open as well.
        shadow = 0 in 0..=1;
    }
    /// How many calls an origin gets at a time.
    concurrency: ConcurrencySettings {
        /// Attempts in flight. Twice the six connections that browsers open to an HTTP/1.1 origin: enough to keep them busy, and
        /// what waits beyond that waits where it can be refused and cancelled.
        limit = 12 in 1..=1_000;
        /// Calls that may wait for their turn; one more is refused.
        queue = 100 in 0..=10_000;
        /// The longest that a call waits for its turn.
        queue_ms = 10_000 in 0..=600_000;
        /// 1 lets the call that came last go first, and sends the oldest away when the queue is full: for type-ahead, where an old
        /// question is worth less than a new one.
        newest_first = 0 in 0..=1;
        /// How long calls of one priority may be passed over for the sake of the priority above.
        ageing_ms = 1_000 in 1..=600_000;
        /// How long an attempt that timed out counts as in flight: aborting it ends the wait, not the work. As long as the first rest
        /// of an origin in overload, near enough.
        abandoned_ms = 5_000 in 0..=600_000;
        /// 1 lets the limit follow what the backend can take: up by one while answers are as quick as in calm, down by a tenth when they
        /// are not, by a fifth when they fail (additive increase, multiplicative decrease: Chiu and Jain, 1989). `limit` is the most.
        adaptive = 0 in 0..=1;
    }
    /// How many attempts an origin gets in a stretch of time, counted exactly (GCRA): off to begin with.
    rate: RateLimitSettings {
        /// Attempts per interval; 0 is no limit.
        limit = 0 in 0..=1_000_000;
        /// The interval.
        interval_ms = 1_000 in 1..=86_400_000;
        /// Attempts that may go at the same moment after a rest.
        burst = 10 in 1..=1_000_000;
        /// The longest that a call waits to be within the rate; one that would have to wait longer is refused, and told when it could go.
        wait_ms = 3_000 in 0..=600_000;
    }
    /// From where on a figure of the last minute or two is a warning, and from where on it is critical. Every change is an event.
    alerts: AlertsSettings {
        /// Of the reads that the network had no answer for, those for which an answer had been kept: a warning at this or below.
        cache_hits_warning_percent = 80 in 0..=99;
        /// Critical at this or below.
        cache_hits_critical_percent = 50 in 0..=99;
        /// Answers that were not the network's of the moment.
        degraded_share_warning_percent = 5 in 1..=100;
        /// The same, critical.
        degraded_share_critical_percent = 20 in 1..=100;
        /// Calls that got no answer, or a failing one.
        error_rate_warning_percent = 1 in 1..=100;
        /// The same, critical.
        error_rate_critical_percent = 5 in 1..=100;
        /// Attempts in flight, of those that may be, or calls that wait, of those that may.
        pool_use_warning_percent = 80 in 1..=100;
        /// The same, critical.
        pool_use_critical_percent = 95 in 1..=100;
        /// The slowest percent of the answers.
        response_time_warning_ms = 1_000 in 1..=600_000;
        /// The same, critical.
        response_time_critical_ms = 5_000 in 1..=600_000;
        /// Bytes that this origin keeps in the browser, of those that it may.
        storage_use_warning_percent = 80 in 1..=100;
        /// The same, critical.
        storage_use_critical_percent = 95 in 1..=100;
        /// Calls without which there is no rate, and answers without which there is no response time.
        least_calls = 20 in 1..=10_000;
        /// Writes that were given up and wait for somebody's decision.
        dead_letters_warning_count = 1 in 1..=100_000;
        /// The same, critical.
        dead_letters_critical_count = 10 in 1..=100_000;
        /// The age of the oldest write that is to go still. After ten minutes it is no passing trouble.
        outbox_age_warning_ms = 600_000 in 1..=2_592_000_000;
        /// The same, critical: after a day.
        outbox_age_critical_ms = 86_400_000 in 1..=2_592_000_000;
        /// Entries of the outbox, of those that fit, or their bytes.
        outbox_use_warning_percent = 80 in 1..=100;
        /// The same, critical.
        outbox_use_critical_percent = 95 in 1..=100;
        /// For how long a threshold must be passed.
        rise_ms = 5_000 in 0..=600_000;
        /// For how long the figure must be a tenth better than the threshold before the level ends.
        fall_ms = 30_000 in 0..=3_600_000;
    }
    /// A record of what the engine was told, to see its decisions made once more.
    trace: TraceSettings {
        /// Bytes that it may take; a deed takes about five. 0 records nothing. It holds no query, no header and no body.
        bytes = 0 in 0..=10_000_000;
    }
    /// Equal reads at the same time, which share one attempt.
    coalesce: CoalesceSettings {
        /// Questions under way at a time that may be shared; 0 shares nothing.
        keys = 64 in 0..=1_000;
        /// Callers who may share an attempt with the first one; one more sends its own.
        followers = 100 in 1..=10_000;
    }
    /// Kept answers, for when the network has none.
    cache: CacheSettings {
        /// For how long past its freshness an answer is served when nothing better is to be had, seven days to begin with. Where the server
        /// says less (`stale-if-error`, `must-revalidate`), that counts.
        stale_ms = 604_800_000 in 0..=2_592_000_000;
        /// How long a call waits for the network before a kept answer is served in its place; the network's answer, when it comes, is
        /// kept all the same. Three seconds is about where people turn away from a page.
        patience_ms = 3_000 in 0..=600_000;
        /// Answers kept; the ones used longest ago go first, a sixteenth at a time. 0 keeps and serves nothing.
        entries = 500 in 0..=100_000;
        /// The largest body kept.
        entry_bytes = 2_000_000 in 0..=100_000_000;
        /// The bytes kept of all users. A twentieth of what the stingiest browser gave an origin before it asked (Safari before 17: 1 GB).
        total_bytes = 50_000_000 in 100_000..=2_000_000_000;
        /// The bytes kept of one user.
        user_bytes = 25_000_000 in 100_000..=2_000_000_000;
        /// 1 seals what is written to disk (AES-GCM), with a key for each user that no script can read and that a logout deletes. Off, because
        /// it needs a secure context: on a page that is none, nothing is written to disk then.
        encrypt = 0 in 0..=1;
    }
    /// Writes that could not go, and go later.
    outbox: OutboxSettings {
        /// Entries that are kept, dead letters included; one more is refused, and 0 queues nothing.
        entries = 1_000 in 0..=100_000;
        /// The largest body that is queued.
        entry_bytes = 10_000_000 in 0..=100_000_000;
        /// The bytes of all bodies that are queued. As much as of kept answers, which never make room for them nor the other way round.
        total_bytes = 50_000_000 in 100_000..=2_000_000_000;
        /// 1 also queues what the server could apply twice: a `POST` or `PATCH` to a backend that has not declared that it heeds idempotency
        /// keys. One that was sent and not answered is then in doubt, and goes again only if somebody says so. 0 refuses to queue it:
        /// without keys, 28 % of the writes around a brownout ran twice in the simulator.
        doubted = 0 in 0..=1;
        /// Answers that say "not now" after which an entry becomes a dead letter. Twenty are more than an hour and a half of waits.
        attempts = 20 in 1..=1_000;
        /// The age at which an entry becomes a dead letter, seven days to begin with. Nobody expects to have written what they wrote longer ago.
        age_ms = 604_800_000 in 60_000..=2_592_000_000;
        /// Attempts in a row without any answer, while others of its origin have some, after which an entry becomes a dead letter.
        unreachable_attempts = 5 in 1..=1_000;
        /// Cap of the random wait before the second attempt; it doubles with every further one.
        base_ms = 2_000 in 1..=600_000;
        /// The longest random wait. Who has waited for so long needs no credit from the retry budget.
        cap_ms = 300_000 in 1_000..=3_600_000;
        /// How long nobody else may have an entry that is out; renewed at half of it. Twice what a call may take.
        lease_ms = 60_000 in 5_000..=3_600_000;
        /// Entries of one origin that may be out at a time, after a slow start: one, then twice as many with every quick answer.
        in_flight = 4 in 1..=100;
        /// Over how long the first entries of a fleet are spread after trouble, where people ask for nothing. Where they do, an entry goes for every
        /// five answers that they got in the usual time, and after four times this at the latest.
        spread_ms = 30_000 in 0..=600_000;
        /// An answer that takes no longer lets the next ones go sooner; one that takes longer, later.
        quick_ms = 500 in 1..=60_000;
        /// 1 lets a dead letter hold up its lane until somebody decides. 0 lets the lane go on: one write that the server will not have must
        /// not keep all later ones from it; those that depend on it (`after`) wait in any case.
        dead_halts = 0 in 0..=1;
        /// 1 has a write that was not to be queued wait for its turn where its lane has entries, and with it its caller, because it would
        /// overtake what was queued before. 0 sends it at once.
        join = 1 in 0..=1;
    }
    /// Sockets that come back.
    socket: SocketSettings {
        /// How long a connection may take until it is open and the server has greeted. It doubles with every one that takes longer, and with
        /// nothing else: with a fixed 5 s and ten seconds of accept backlog, 87 % of 20,000 simulated clients are still down after 30 minutes,
        /// because each gives up just before its turn and joins the queue's end.
        connect_ms = 8_000 in 100..=600_000;
        /// The longest that it may take.
        connect_cap_ms = 60_000 in 100..=600_000;
        /// Over how long a fleet comes back that was dropped all at once, where the server has not said. A peak of a tenth of the fleet a
        /// second; the next try is drawn from twice this, and so on.
        window_ms = 10_000 in 0..=600_000;
        /// Over how long a client comes back whose own trouble is over, such as a tunnel's end. At once, for a person, and not in lock-step, for an
        /// office whose network is back.
        own_ms = 500 in 0..=60_000;
        /// The cap of the random wait after a first attempt that failed by itself; it doubles with every further one.
        base_ms = 1_000 in 1..=600_000;
        /// The longest random wait.
        cap_ms = 60_000 in 1..=3_600_000;
        /// The same in a page that nobody sees.
        hidden_cap_ms = 300_000 in 1..=3_600_000;
        /// The longest window that a server's word is good for. 900 s bring a million clients back at 1,100 a second; a wrong word must not be an
        /// outage of its own.
        told_cap_ms = 900_000 in 0..=3_600_000;
        /// How long a connection lasts before the next loss begins a new series of waits. Without it, two libraries open 244 and 267
        /// connections in 5 s to a server that accepts and drops.
        uptime_ms = 10_000 in 0..=600_000;
        /// Silence after which a server that does not ping is pinged, where there is a ping. The period of engine.io and Centrifugo.
        ping_ms = 25_000 in 1_000..=600_000;
        /// How much longer than its period a ping may take, and how long its answer.
        pong_ms = 10_000 in 100..=600_000;
        /// How long a connection that may be dead has to say something: after sleep, and when the network or the page is back.
        verify_ms = 5_000 in 100..=600_000;
        /// A timer that is later than this was throttled or asleep, and what it finds is looked at once more.
        late_ms = 1_000 in 0..=60_000;
        /// Frames that wait for a connection.
        queue_entries = 1_000 in 0..=100_000;
        /// Their bytes.
        queue_bytes = 1_048_576 in 0..=100_000_000;
        /// The longest that a frame waits. After five minutes nobody expects it to have been sent just now.
        queue_age_ms = 300_000 in 100..=86_400_000;
        /// Messages of a user that are kept on the disk until the server has carried them out; what is more is refused.
        durable_entries = 1_000 in 0..=100_000;
        /// Their bytes.
        durable_bytes = 52_428_800 in 0..=1_000_000_000;
        /// The longest that one is kept, as for writes in the outbox.
        durable_age_ms = 604_800_000 in 1_000..=2_592_000_000;
        /// Bytes that the browser may have taken and not sent; beyond it frames wait here, where they can be dropped and counted.
        high_bytes = 1_048_576 in 1..=100_000_000;
        /// Bytes at which they flow again.
        low_bytes = 262_144 in 0..=100_000_000;
        /// Acknowledged messages that may be out.
        in_flight = 64 in 1..=10_000;
        /// How long an answer of the server may take: an acknowledgement, a subscription, the closing of a gap.
        reply_ms = 10_000 in 100..=600_000;
        /// Messages of a channel that wait for its handler, or behind a gap.
        held_entries = 256 in 1..=100_000;
        /// Their bytes.
        held_bytes = 1_048_576 in 1..=100_000_000;
        /// How often a message is given to a handler that fails before it is passed over.
        handler_attempts = 3 in 1..=100;
        /// Between two deliveries of a channel that is conflated, in a page that nobody sees.
        hidden_every_ms = 10_000 in 0..=600_000;
        /// WebSockets in a row that could not be opened before event streams are asked for, where there are some and no WebSocket has been open. One
        /// or two fail on a bad network as well.
        sse_after = 3 in 1..=100;
        /// How long there are event streams before a WebSocket is tried beside them; it doubles with every one that fails, up to an hour.
        sse_back_ms = 60_000 in 100..=3_600_000;
        /// Event streams that may be open at once, one for each channel. Over HTTP/1.1 each takes one of the six connections that a browser has for an
        /// origin, and requests need some as well.
        sse_streams = 4 in 1..=100;
        /// The longest line, and the longest message, of an event stream, in bytes; one that is longer ends it.
        sse_bytes = 1_048_576 in 256..=100_000_000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn the_defaults_are_within_their_ranges() {
        assert_eq!(Settings::default().check(), Ok(()));
    }

    #[test]
    fn an_unknown_name_is_refused_with_its_path() {
        let refused = Settings::default().set("breaker.opnMs", 1.0);
        assert_eq!(
            refused,
            Err(SettingsError::Unknown {
                path: "breaker.opnMs".into()
            })
        );
    }

    #[test]
    fn a_value_out_of_range_is_refused_with_the_range() {
        for value in [0.0, 11.0, 1.5, -1.0, f64::NAN, f64::INFINITY] {
            let refused = Settings::default().set("retry.attempts", value);
            assert_eq!(
                refused.map_err(|e| alloc::string::ToString::to_string(&e)),
                Err("setting `retry.attempts` must be a whole number from 1 to 10".into())
            );
        }
    }

    #[test]
    fn every_row_reaches_its_own_value() {
        for row in SETTINGS {
            let mut settings = Settings::default();
            let other = if row.default == row.max {
                row.min
            } else {
                row.max
            };
            settings.set(&camel(row.path), other.into()).unwrap();
            settings.values(|each, value| {
                let expected = if each.path == row.path {
                    other
                } else {
                    each.default
                };
                assert_eq!(value, expected, "{}", each.path);
            });
        }
    }
}
