//! Whatever is accepted at the door of the vocabulary can be written down again and runs; whatever is not is refused without a panic.

#![no_main]

use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use tidegate_contract::feed::{Announcement, FeedOrder, HistoryOrder};
use tidegate_contract::{
    Admission, Attempt, AttemptId, Backend, Busyness, ClockSetting, Conditions, CrowdDriver,
    CrowdSettings, Draw, Fault, FaultProgram, FaultRun, Micros, Moment, Patient, Preset,
    RequestHead, ScriptRun, Shape, SocketRun, SpaceSettings, from_json,
};
use tidegate_core::Instant;

/// Steps of virtual time that an accepted program runs for, and attempts that are made in each.
const STEPS: u64 = 50;
/// More would only take longer.
const USERS: u32 = 20;

fuzz_target!(|text: &str| {
    words(text);
    if let Ok(settings) = SpaceSettings::from_json(text) {
        round_trip(&settings, SpaceSettings::from_json);
    }
    if let Ok(faults) = Fault::list_from_json(text) {
        round_trip(&faults, Fault::list_from_json);
    }
    if let Ok(order) = from_json::<FeedOrder>(text) {
        let _ = order.check("order");
        round_trip(&order, from_json::<FeedOrder>);
    }
    if let Ok(order) = from_json::<HistoryOrder>(text) {
        round_trip(&order, from_json::<HistoryOrder>);
    }
    if let Ok(announcement) = from_json::<Announcement>(text) {
        round_trip(&announcement, from_json::<Announcement>);
    }
    if let Ok(patient) = from_json::<Patient>(text)
        && patient.check().is_ok()
    {
        let _ = patient.examine().to_string();
    }
    if let Ok(program) = FaultProgram::from_json(text) {
        round_trip(&program, FaultProgram::from_json);
        let examined = Patient::of(&program.backend, &CrowdSettings::default()).examine();
        let _ = examined.to_string();
        run(&program);
    }
});

/// The one-line forms.
fn words(text: &str) {
    for line in text.lines() {
        if let Ok(moment) = Moment::from_str(line) {
            assert_eq!(moment.to_string().parse(), Ok(moment));
        }
        if let Ok(clock) = ClockSetting::from_str(line) {
            assert_eq!(clock.to_string().parse(), Ok(clock));
        }
        if let Ok(preset) = Preset::from_str(line) {
            assert_eq!(preset.to_string().parse(), Ok(preset));
        }
    }
}

fn round_trip<T: PartialEq + Serialize + std::fmt::Debug, E: std::fmt::Debug>(
    value: &T,
    read: impl Fn(&str) -> Result<T, E>,
) {
    let text = serde_json::to_string(value).expect("it has been read from JSON");
    let again = read(&text).expect("what was accepted once is accepted again");
    assert_eq!(&again, value, "{text}");
}

/// The program on a backend with a few users, in virtual time.
fn run(program: &FaultProgram) {
    let mut faults = FaultRun::start(program.clone());
    let mut script = ScriptRun::start(program);
    let mut conditions = Conditions::of(program);
    let mut backend = Backend::new(program.backend.clone(), Instant::START);
    let few = CrowdSettings::default().with_users(USERS);
    let mut crowd = CrowdDriver::new(few, program.seed, Instant::START);
    let luck = Draw::from_seed(program.seed);
    let mut admitted: Vec<AttemptId> = Vec::new();
    for step in 0..STEPS {
        // Ever longer steps, so that both the first moments and the end of a day are met.
        let now = Instant::from_millis(step * step * step);
        while let Some(change) = script.poll(now) {
            conditions.apply(program, change);
            backend.configure(now, conditions.backend.clone());
        }
        while let Some(notice) = backend.poll(now) {
            assert!(notice.at <= now);
            crowd.take(&notice);
        }
        crowd.advance(now, &mut backend);
        let attempt = Attempt::read(luck.at(step), luck.at(STEPS + step));
        if let Admission::Admitted(id) = backend.arrive(now, attempt) {
            admitted.push(id);
        }
        if step % 3 == 0
            && let Some(id) = admitted.pop()
        {
            backend.leave(now, id);
        }
        let busyness = Busyness {
            in_flight: admitted.len() as u64,
            wait_ms: backend.estimated_wait(now).as_millis(),
        };
        decide(&mut faults, program, now, busyness, step);
        assert!(backend.level(now) <= 1_000);
    }
}

fn decide(
    faults: &mut FaultRun,
    program: &FaultProgram,
    now: Instant,
    busyness: Busyness,
    step: u64,
) {
    // Heads that the program's own rules are about, as far as one can guess.
    let rule = program.rules.get((step % 64) as usize);
    let path = rule.map_or("/api/assets", |rule| rule.when.path.as_str());
    let method = rule.and_then(|rule| rule.when.method.as_deref());
    let headers: Vec<_> = rule
        .iter()
        .flat_map(|rule| &rule.when.headers)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let head = RequestHead {
        method: method.unwrap_or("GET"),
        path,
        query: "a=b&c",
        headers: &headers,
        client: ["ann", "bob"][(step % 2) as usize],
        preflight: method == Some("OPTIONS"),
    };
    let decision = faults.decide(now, busyness, &head, &[]);
    let sockets = decision.shapes.into_iter().filter_map(|shape| match shape {
        Shape::Socket(drawn) => Some(drawn),
        _ => None,
    });
    let mut stream = SocketRun::open(now, sockets.collect());
    for message in 0..4 {
        let later = now + Micros::from_millis(message * 1_000);
        let _ = stream.on_message(later);
        let _ = stream.poll(later);
        assert!(stream.deadline() > later);
    }
}
