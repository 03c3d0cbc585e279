//! What is heard, what is void, and what the worst of servers can do.

use alloc::string::{String, ToString};

use proptest::prelude::*;

use crate::testing::test;
use crate::{Heard, Instant, Millis, ProbePath, ServersWord, Word, WordError};

const START: Instant = Instant::from_millis(1_000_000);

fn after(seconds: u64) -> Instant {
    START + Millis::from_secs(seconds)
}

fn hearing(field: &str) -> ServersWord {
    let mut words = ServersWord::new();
    let _ = words.hear(START, field).unwrap();
    words
}

#[test]
fn all_six_members_are_read() {
    let field = r#"level=340, wait=1200, ttl=30, retries=?0, embargo=20, probe="/api/ready?of=me""#;
    assert_eq!(
        Word::parse(field),
        Ok(Word {
            level: 340,
            wait: Millis(1_200),
            ttl: Millis::from_secs(30),
            retries: false,
            embargo: Millis::from_secs(20),
            probe: ProbePath::new("/api/ready?of=me"),
        })
    );
}

#[test]
fn members_left_out_have_the_protocols_defaults() {
    let word = Word::parse("level=1000").unwrap();
    assert_eq!(word, Word::ALL_CLEAR);
    assert!(word.is_all_clear());
}

#[test]
fn the_last_of_two_members_counts_and_unknown_ones_do_not() {
    let word = Word::parse("level=9999, x=(1 2);q, level=500;why=\"y\", z").unwrap();
    assert_eq!(word.level, 500);
}

#[test]
fn one_value_out_of_its_bounds_voids_the_word_and_is_named_with_them() {
    for (field, member, least, most, found) in [
        ("level=1001", "level", 0, 1_000, 1_001),
        ("level=-1", "level", 0, 1_000, -1),
        ("level=1, wait=600001", "wait", 0, 600_000, 600_001),
        ("level=1, ttl=0", "ttl", 1, 300, 0),
        ("level=1, ttl=301", "ttl", 1, 300, 301),
        (
            "level=1, embargo=999999999999999",
            "embargo",
            0,
            300,
            999_999_999_999_999,
        ),
    ] {
        let refused = WordError::OutOfRange {
            member,
            least,
            most,
            found,
        };
        assert_eq!(Word::parse(field), Err(refused), "{field}");
    }
}

#[test]
fn a_value_of_another_kind_voids_the_word() {
    for (field, code) in [
        ("ttl=5", "missing-level"),
        ("", "missing-level"),
        ("level=1.0", "not-an-integer"),
        ("level", "not-an-integer"),
        ("level=1, retries=0", "not-a-boolean"),
        ("level=1, probe=ready", "not-a-path"),
        ("level: 1", "malformed"),
    ] {
        assert_eq!(Word::parse(field).unwrap_err().code(), code, "{field}");
    }
}

#[test]
fn errors_are_sentences() {
    let said = |field| Word::parse(field).unwrap_err().to_string();
    assert_eq!(
        said("level=1, embargo=301"),
        "embargo must be 0 to 300, not 301"
    );
    assert_eq!(
        said("level=1, probe=\"x\""),
        "probe must be an absolute path on the same origin, of at most 128 bytes"
    );
}

#[test]
fn a_probe_path_never_leaves_its_origin() {
    for path in [
        "",
        "ready",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a b",
        "/a\tb",
        "/\t/evil.example",
        "/a#b",
        "/é",
        "/\"",
    ] {
        assert_eq!(ProbePath::new(path), None, "{path}");
    }
    for path in ["/", "/ready", "/a//b", "/a/../b?x=//y:z@w"] {
        assert_eq!(ProbePath::new(path).unwrap().as_str(), path);
    }
    let long = String::from("/") + &"x".repeat(ProbePath::LONGEST);
    assert_eq!(ProbePath::new(&long), None);
}

#[test]
fn a_word_holds_to_the_microsecond() {
    let words = hearing("level=340, wait=1200, ttl=7, retries=?0");
    let last = Instant::from_micros(after(7).as_micros() - 1);
    assert_eq!(words.level(last), 340);
    assert_eq!(words.wait(last), Millis(1_200));
    assert!(!words.allows_retries(last));
    assert_eq!(words.next_change(last), after(7));
    assert_eq!(words.level(after(7)), Word::FULL);
    assert_eq!(words.wait(after(7)), Millis::ZERO);
    assert!(words.allows_retries(after(7)));
    assert_eq!(words.next_change(after(7)), Instant::NEVER);
}

#[test]
fn a_void_word_changes_nothing() {
    let mut words = hearing("level=340, ttl=60");
    assert!(words.hear(after(1), "level=5000").is_err());
    assert_eq!(words.level(after(2)), 340);
}

#[test]
fn the_latest_word_replaces_the_one_before_entirely() {
    let mut words = hearing("level=340, retries=?0, embargo=60, ttl=60");
    assert_eq!(words.hear(after(1), "level=500"), Ok(Heard::Changed));
    assert!(words.allows_retries(after(1)));
    assert_eq!(words.embargo(after(1)), None);
    assert_eq!(words.level(after(5)), 500);
    assert_eq!(words.level(after(6)), Word::FULL);
}

#[test]
fn what_was_heard_is_told_from_what_is_new() {
    let mut words = ServersWord::new();
    assert_eq!(words.hear(START, "level=1000"), Ok(Heard::Same));
    assert_eq!(words.hear(START, "level=340, ttl=9"), Ok(Heard::Changed));
    assert_eq!(words.hear(after(8), "level=340, ttl=5"), Ok(Heard::Same));
    assert_eq!(words.hear(after(9), "level=1000"), Ok(Heard::AllClear));
    assert_eq!(words.hear(after(9), "level=1000"), Ok(Heard::Same));
}

#[test]
fn no_level_stops_what_a_user_waits_for() {
    let words = hearing("level=0");
    assert_eq!(words.level(START), ServersWord::LEAST_LEVEL);
    assert_eq!(words.background_level(START), 0);
}

#[test]
fn a_word_with_an_embargo_holds_as_long_as_the_embargo() {
    let words = hearing(r#"level=100, embargo=120, probe="/ready""#);
    assert_eq!(words.probe(after(119)).unwrap().as_str(), "/ready");
    assert_eq!(words.embargo(after(119)), Some(after(120)));
    assert_eq!(words.probe(after(120)), None);
    assert_eq!(words.embargo(after(120)), None);
}

#[test]
fn an_embargo_that_is_renewed_for_ever_ends_after_five_minutes_for_one() {
    let mut words = hearing("level=0, embargo=300");
    for second in (0..300).step_by(10) {
        let _ = words.hear(after(second), "level=0, embargo=300").unwrap();
        assert_eq!(words.embargo(after(second)), Some(after(300)));
    }
    for second in 300..360 {
        let _ = words.hear(after(second), "level=0, embargo=300").unwrap();
        assert_eq!(words.embargo(after(second)), None, "{second}");
    }
    let _ = words.hear(after(360), "level=0, embargo=300").unwrap();
    assert_eq!(words.embargo(after(360)), Some(after(660)));
}

#[test]
fn a_later_word_shortens_an_embargo() {
    let mut words = hearing("level=0, embargo=300");
    let _ = words.hear(after(10), "level=0, embargo=5").unwrap();
    assert_eq!(words.embargo(after(10)), Some(after(15)));
}

#[test]
fn clearing_forgets_the_word_but_not_how_long_it_stopped() {
    let mut words = hearing("level=0, embargo=300");
    words.clear(after(290));
    assert_eq!(words.embargo(after(290)), None);
    assert_eq!(words.level(after(290)), Word::FULL);
    let _ = words.hear(after(291), "level=0, embargo=300").unwrap();
    assert_eq!(words.embargo(after(291)), Some(after(300)));
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(256);
    if cfg!(target_arch = "wasm32") {
        config.failure_persistence = None;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_that_is_said_makes_it_panic(field in prop_oneof![".*", r#"(level|ttl|embargo|probe|retries|wait|x)=[-0-9?"/(); a-z\\%:@.,=]{0,20}(, ?level=[0-9]{1,5})?"#]) {
        if let Ok(word) = Word::parse(&field) {
            prop_assert!(word.level <= 1_000 && word.ttl <= Millis::from_secs(300) && word.embargo <= Millis::from_secs(300));
        }
    }

    #[test]
    fn of_any_six_minutes_a_client_is_free_for_one(words_said in prop::collection::vec((0..120_u64, 0..=300_u64, 1..=300_u64), 1..80)) {
        let mut words = ServersWord::new();
        let mut now = 0;
        let mut free = alloc::vec::Vec::new();
        for (pass, embargo, ttl) in words_said {
            for second in now..now + pass {
                free.push(words.embargo(after(second)).is_none());
            }
            now += pass;
            let _ = words.heed(after(now), Word { level: 0, embargo: Millis::from_secs(embargo), ttl: Millis::from_secs(ttl), ..Word::ALL_CLEAR });
            prop_assert!(words.level(after(now)) >= ServersWord::LEAST_LEVEL);
        }
        for window in free.windows(360).step_by(7) {
            prop_assert!(window.iter().filter(|free| **free).count() >= 60);
        }
        prop_assert!(words.embargo(after(now + 300)).is_none() && words.level(after(now + 300)) == Word::FULL);
    }
}
