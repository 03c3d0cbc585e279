use super::*;

const MS: Duration = Duration::from_millis(1);

/// A house of ten servers with so many requests in it, whose service takes 100 ms.
fn house(inside: u32) -> House {
    let mut house = House::new(10);
    house.learn(1, 100 * MS);
    house.inside = inside;
    house
}

#[test]
fn whoever_fits_in_does_not_wait() {
    assert_eq!(house(10).wait(), Duration::ZERO);
    assert_eq!(house(20).wait(), 100 * MS);
    assert_eq!(House::new(10).wait(), Duration::ZERO);
}

#[test]
fn waiting_is_not_taken_for_service() {
    let mut house = House::new(10);
    // The 100th of a house of ten: 900 ms in the queue, 100 ms of service.
    house.learn(100, 1_000 * MS);
    assert_eq!(house.service, Some(100 * MS));
}

#[test]
fn the_mean_forgets() {
    let mut house = house(0);
    (0..200).for_each(|_| house.learn(1, 300 * MS));
    let Some(mean) = house.service else {
        panic!("it has learnt");
    };
    assert!(mean > 299 * MS && mean <= 300 * MS, "{mean:?}");
}

#[test]
fn the_level_moves_once_a_second() {
    let mut house = house(70);
    let mut level = |now: u32| house.hint(now * MS).level();
    assert_eq!(level(999), 1_000);
    assert_eq!(level(1_000), 700);
    assert_eq!(level(1_999), 700);
    assert_eq!(level(3_000), 343);
    assert_eq!(level(900_000), Level::LEAST);
    (0..70).for_each(|_| house.leave());
    assert_eq!(house.hint(902_000 * MS).level(), 53);
}

#[test]
fn a_wait_beyond_all_bounds_is_still_a_hint() {
    let mut house = house(u32::MAX);
    let hint = house.hint(Duration::MAX);
    assert_eq!(hint.wait_ms(), Hint::MAX_WAIT_MS);
}

#[test]
fn a_visit_that_is_dropped_is_counted_out_and_teaches_nothing() {
    let gauge = Gauge::new(1);
    drop(gauge.enter());
    assert_eq!(gauge.house().inside, 0);
    assert_eq!(gauge.house().service, None);
    gauge.enter().done();
    assert_eq!(gauge.house().inside, 0);
    assert!(gauge.house().service.is_some());
}

#[test]
fn the_estimate_is_what_newcomers_go_on_to_wait() {
    // Ten servers of 100 ms, first come first served, at twice what they can do: one request each 5 ms.
    let mut house = House::new(10);
    let mut free = [Duration::ZERO; 10];
    let mut answers: Vec<(Duration, u32, Duration)> = Vec::new();
    for number in 0..600_usize {
        let now = 5 * MS * number as u32;
        answers.retain(|(at, place, took)| {
            let done = *at <= now;
            if done {
                house.learn(*place, *took);
                house.leave();
            }
            !done
        });
        let estimated = house.wait();
        let place = house.enter();
        let start = free[number % 10].max(now);
        free[number % 10] = start + 100 * MS;
        answers.push((start + 100 * MS, place, start + 100 * MS - now));
        let waited = start - now;
        // The last in service is half done on average, which nobody can see from outside.
        assert!(
            estimated.abs_diff(waited) <= 100 * MS + waited / 10,
            "{estimated:?}, {waited:?}"
        );
    }
    assert!(house.wait() > 1_000 * MS);
}
