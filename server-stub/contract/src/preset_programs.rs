//! What the presets put in force: see the table in `preset.rs`.

use crate::backend::BackendSettings;
use crate::fault::{Cors, Fault, FaultProgram, Health, Listener, RetryAfter, Rule};
use crate::idempotency::IdempotencyMode;
use crate::preset::Preset;
use crate::quota::Quota;
use crate::script::{Change, Moment, SocketChange};
use crate::socket_fault::{ResumeFault, SocketAct, SocketPoint};
use crate::spread::Spread;
use crate::when::{Count, Window};
use tidegate_core::Millis;

/// How many people use the reference backend in peace: 68 % of what it can do.
const USERS: u32 = 2_000;
/// How many of them ask for exactly what it can do (292 requests a second, a tenth of one each).
const USERS_AT_CAPACITY: u32 = 2_920;
const SECOND: Millis = Millis(1_000);
/// Nothing that was missed can be had again.
const FORGOTTEN: Fault = Fault::Socket {
    at: SocketPoint::AfterMs(0),
    act: SocketAct::Resume(ResumeFault::Expired),
};
/// Long enough to see that everything is in order.
const CAUSE_S: u64 = 10;

impl Preset {
    /// The fault program, with its verdicts drawn from `seed`.
    #[must_use]
    pub fn program(self, seed: u64) -> FaultProgram {
        let program = FaultProgram::new(seed);
        match self {
            Preset::Blackhole30s => program.with_rule(
                on_api("blackhole", Fault::Hang).during(Window::between(10_000, 40_000)),
            ),
            Preset::Brownout => program
                .with_rule(on_api("busy", delay(100, 400)))
                .with_rule(on_api("queueing", delay(1_000, 3_000)).with_share(300))
                .with_rule(on_api("stuck", delay(5_000, 11_000)).with_share(50))
                .with_rule(
                    on_api("overloaded", status(503, Some(RetryAfter::Seconds(2)))).with_share(600),
                ),
            Preset::BrownoutX10 => incident(seed, SLOW, 40),
            Preset::DeployRoll => [
                moment(
                    CAUSE_S,
                    Change::Sockets(SocketChange::Close { code: 1_012 }),
                ),
                moment(CAUSE_S, Change::Close),
                moment(CAUSE_S + 5, Change::Open),
                moment(CAUSE_S + 5, Change::Cold),
            ]
            .into_iter()
            .fold(
                program.with_backend(BackendSettings::reference()),
                FaultProgram::with_moment,
            ),
            Preset::DoubleWriteHazard => double_writes(program),
            Preset::Flaky30 => {
                program.with_rule(on_api("flaky", status(503, None)).with_share(300))
            }
            Preset::Flapping => program.with_rule(
                on_api("down", status(503, Some(RetryAfter::Seconds(1))))
                    .during(Window::between(0, 6_000).every(12_000)),
            ),
            Preset::FlappingLb => program.with_rule(
                on_api(
                    "balancer",
                    Fault::Cors {
                        variant: Cors::NoAllowOrigin,
                    },
                )
                .and_then(status(503, None))
                .for_count(Count::every(2)),
            ),
            Preset::H1SevenTabs => program.with_event_every(SECOND),
            Preset::HalfOpenWs => program
                .with_event_every(SECOND)
                .with_moment(moment(CAUSE_S, Change::Sockets(SocketChange::Stall))),
            Preset::Hang => program.with_rule(on_api("hang", Fault::Hang)),
            Preset::Healthy => program,
            Preset::LyingHealth => program
                .with_backend(BackendSettings::reference())
                .with_health(Health::AlwaysFine)
                .with_moment(moment(0, Change::Users { count: USERS }))
                .with_moment(moment(CAUSE_S, Change::Slow { permille: 100_000 })),
            Preset::Origin => program.with_backend(BackendSettings::origin()),
            Preset::Outage => program.with_listener(Listener::Closed),
            Preset::Outage30sCold => [
                moment(CAUSE_S, Change::Close),
                moment(CAUSE_S + 30, Change::Open),
                moment(CAUSE_S + 30, Change::Cold),
            ]
            .into_iter()
            .fold(
                program.with_backend(BackendSettings::reference()),
                FaultProgram::with_moment,
            ),
            Preset::Pool50To10 => incident(seed, Change::Pool { connections: 10 }, 70),
            Preset::QueueCliff => with_queue(incident(seed, SLOW, 70), 1_000),
            Preset::QueueSafe => with_queue(incident(seed, SLOW, 70), 250),
            Preset::Quota60PerMin => program.with_quota(Quota {
                limit: 60,
                window_ms: 60_000,
            }),
            Preset::Random503x5 => {
                program.with_rule(on_api("random", status(503, None)).with_share(50))
            }
            Preset::RateLimited => program.with_rule(
                on_api("quota", status(429, Some(RetryAfter::Seconds(5)))).with_share(800),
            ),
            Preset::Reference => program.with_backend(BackendSettings::reference()),
            Preset::Refuse => program.with_rule(on_api("refuse", Fault::Reset)),
            Preset::ResumeGap => program
                .with_event_every(SECOND)
                .with_moment(moment(CAUSE_S, Change::Sockets(SocketChange::Vanish)))
                .with_rule(on_api("forgotten", FORGOTTEN).during(Window {
                    from_ms: CAUSE_S * 1_000,
                    ..Window::default()
                })),
            Preset::Slow => program.with_rule(on_api("slow", delay(2_000, 4_000))),
            Preset::Slow3gApi => program.with_rule(slow_3g()),
            Preset::Spike2x => spike(seed, 2),
            Preset::Spike5x => spike(seed, 5),
            Preset::Spike10x => spike(seed, 10),
            Preset::Unpooled => program.with_backend(BackendSettings::unpooled()),
        }
    }
}

const SLOW: Change = Change::Slow { permille: 10_000 };

/// The reference backend in use, to which something happens until it heals.
fn incident(seed: u64, cause: Change, healed_s: u64) -> FaultProgram {
    FaultProgram::new(seed)
        .with_backend(BackendSettings::reference())
        .with_moment(moment(0, Change::Users { count: USERS }))
        .with_moment(moment(CAUSE_S, cause))
        .with_moment(moment(healed_s, Change::Heal))
        .with_moment(moment(healed_s, Change::Users { count: USERS }))
}

fn spike(seed: u64, times: u32) -> FaultProgram {
    let count = USERS_AT_CAPACITY * times;
    incident(seed, Change::Users { count }, 70)
}

fn with_queue(mut program: FaultProgram, places: u32) -> FaultProgram {
    program.backend.queue = places;
    program
}

fn double_writes(mut program: FaultProgram) -> FaultProgram {
    program.idempotency = IdempotencyMode::Off;
    for method in ["POST", "PATCH", "PUT", "DELETE"] {
        let late = on_api(&format!("late-{}", method.to_lowercase()), Fault::Effect)
            .and_then(delay(7_000, 7_000))
            .on_method(method);
        program = program.with_rule(late);
    }
    program
}

fn slow_3g() -> Rule {
    let latency = Fault::Delay {
        time: Spread::LogNormal {
            median_ms: 400,
            sigma_permille: 400,
            cap_ms: Some(5_000),
        },
    };
    on_api("3g", latency).and_then(Fault::SlowBody {
        chunks: 20,
        over_ms: 2_000,
    })
}

fn moment(at_s: u64, change: Change) -> Moment {
    Moment {
        at: Millis::from_secs(at_s),
        change,
    }
}

fn on_api(name: &str, then: Fault) -> Rule {
    Rule::new(name, then).on_path("/api/*")
}

fn delay(from: u64, to: u64) -> Fault {
    Fault::Delay {
        time: Spread::UniformMs { from, to },
    }
}

fn status(code: u16, retry_after: Option<RetryAfter>) -> Fault {
    Fault::Status { code, retry_after }
}
