use super::world::{DOWN, OK, World, reason};
use crate::testing::test;
use crate::{Millis, Reason, Verdict};

#[test]
fn without_a_network_a_kept_answer_is_served_at_once_and_nothing_is_sent() {
    let mut world = World::new();
    world.kept = Some(Millis(9));
    world.engine.set_online(world.now, false);
    assert_eq!(reason(world.read(&[OK])), Some(Reason::Offline));
    assert_eq!(world.engine.counters.attempts, 0);
}

#[test]
fn without_a_network_and_a_kept_answer_one_attempt_is_made_and_counts_against_nobody() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    for _ in 0..20 {
        assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Offline));
    }
    assert_eq!(
        (
            world.engine.counters.attempts,
            world.engine.refusal(world.scope, world.now)
        ),
        (20, None)
    );
}

#[test]
fn the_browsers_word_says_nothing_about_this_machine() {
    let mut world = World::new();
    world.scope = world.engine.scope("http://127.0.0.1:4780", "/assets");
    world.kept = Some(Millis(9));
    world.engine.set_online(world.now, false);
    assert_eq!(world.read(&[OK]), Verdict::Network);
}
