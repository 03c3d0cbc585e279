//! Whatever program there is, it can be written down and read again; whatever text there is, reading it ends with a program or a reason.
//!
//! `cargo xtask fuzz program` looks for the same with coverage as its guide; this is the part that runs with every test.

mod generate;
mod mutate;

use proptest::prelude::*;
use serde_json::Value;
use tidegate_contract::{
    Busyness, Fault, FaultProgram, FaultRun, Moment, RequestHead, SpaceSettings,
};
use tidegate_core::Instant;

use generate::{moment, program, space};
use mutate::{anything, mutation};

fn text(program: &FaultProgram) -> String {
    serde_json::to_string(program).expect("a program can be written as JSON")
}

/// Reads a text that may be anything; what is accepted has to be accepted again.
fn read(text: &str) {
    match FaultProgram::from_json(text) {
        Ok(program) => assert_eq!(FaultProgram::from_json(&self::text(&program)), Ok(program)),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

proptest! {
    #[test]
    fn a_program_is_read_as_it_was_written(program in program()) {
        prop_assert_eq!(program.check(), Ok(()));
        prop_assert_eq!(FaultProgram::from_json(&text(&program)), Ok(program));
    }

    #[test]
    fn a_moment_is_read_as_it_was_written(moment in moment()) {
        prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
    }

    #[test]
    fn the_settings_of_a_space_are_read_as_they_were_written(space in space()) {
        let text = serde_json::to_string(&space).unwrap();
        prop_assert_eq!(SpaceSettings::from_json(&text), Ok(space));
    }

    #[test]
    fn every_program_decides_about_every_request(
        program in program(),
        path in "[ -~]{0,40}",
        query in "[a-c=&%]{0,20}",
        method in prop_oneof!["GET", "POST", "OPTIONS"],
        at in prop::collection::vec(0..u64::MAX / 2_000, 1..10),
    ) {
        let mut run = FaultRun::start(program.clone());
        for ms in at {
            let head = RequestHead {
                method: &method,
                path: &path,
                query: &query,
                headers: &[("x-a", "b")],
                client: "ann",
                preflight: method == "OPTIONS",
            };
            let busyness = Busyness { in_flight: ms % 9, wait_ms: ms % 999 };
            let decision = run.decide(Instant::from_millis(ms), busyness, &head, &[]);
            prop_assert!(decision.rules.len() <= program.rules.len());
        }
    }

    #[test]
    fn a_program_with_something_else_in_it_is_refused_or_read(
        program in program(),
        mutations in prop::collection::vec(mutation(), 1..4),
    ) {
        let mut json: Value = serde_json::from_str(&text(&program)).unwrap();
        mutations.iter().for_each(|mutation| mutation.apply(&mut json));
        read(&json.to_string());
    }

    #[test]
    fn a_program_with_a_slip_of_the_pen_is_refused_or_read(
        program in program(),
        at in any::<prop::sample::Index>(),
        slip in any::<char>(),
    ) {
        let mut letters: Vec<char> = text(&program).chars().collect();
        let at = at.index(letters.len());
        letters[at] = slip;
        read(&letters.iter().collect::<String>());
        read(&letters[..at].iter().collect::<String>());
    }

    #[test]
    fn any_json_is_refused_or_read(json in anything()) {
        let text = json.to_string();
        read(&text);
        let _ = Fault::list_from_json(&text);
        let _ = SpaceSettings::from_json(&text);
    }

    #[test]
    fn any_line_is_refused_or_a_moment(line in "at {0,2}[0-9]{0,20} {0,1}[a-z]{0,3} [a-z]{0,7} x?[0-9.]{0,9}") {
        if let Ok(moment) = line.parse::<Moment>() {
            prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
        }
    }
}
