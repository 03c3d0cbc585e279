use super::world::{DOWN, OK, World, status};
use crate::testing::test;
use crate::{Event, Millis, Outcome, Reason, Source, Step, Verdict, Vote};

#[test]
fn every_answer_is_an_event_with_its_cause() {
    let mut world = World::new();
    world.kept = Some(Millis(7));
    world.read(&[status(500)]);
    let events = world.events();
    let Some(Event::Answer(answer)) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (answer.source, answer.reason, answer.age_ms, answer.attempts),
        (Some(Source::Cache), Some(Reason::Status), 7, 3)
    );
    assert_eq!(&*answer.scope, "https://a.example/assets");
    assert_eq!(
        events
            .iter()
            .filter(|event| matches!(event, Event::Retry(_)))
            .count(),
        2
    );
}

#[test]
fn a_poll_too_many_and_a_late_outcome_change_nothing() {
    let mut world = World::new();
    let mut call = world.begin();
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    assert_eq!(world.poll(&mut call), world.poll(&mut call));
    world.settle(&mut call, OK);
    world.settle(&mut call, DOWN);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    assert_eq!(
        (
            world.engine.counters.from_network,
            world.engine.health(world.now).in_flight
        ),
        (1, 0)
    );
}

#[test]
fn votes_of_timeouts_and_rejections_are_failures() {
    assert_eq!(
        [Outcome::TimedOut.vote(), Outcome::Unreachable.vote()],
        [Vote::Failure, Vote::Failure]
    );
}
