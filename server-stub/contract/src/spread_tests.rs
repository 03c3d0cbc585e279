use super::*;

const DRAWS: u64 = 20_000;

fn sorted(spread: Spread, seed: u64) -> Vec<u64> {
    let root = Draw::from_seed(seed);
    let mut drawn: Vec<u64> = (0..DRAWS).map(|n| spread.draw(root.at(n)).0).collect();
    drawn.sort_unstable();
    drawn
}

fn near(found: u64, expected: u64, permille: u64) -> bool {
    found.abs_diff(expected) * 1_000 <= expected * permille
}

fn mean_of(drawn: &[u64]) -> u64 {
    drawn.iter().sum::<u64>() / DRAWS
}

#[test]
fn the_reference_service_has_its_median_and_99th_percentile() {
    for seed in [1, 2, 3, 42, 4_780] {
        let drawn = sorted(Spread::REFERENCE, seed);
        let (median, p99) = (drawn[10_000], drawn[19_800]);
        assert!(near(median, 200_000, 30), "seed {seed}: median {median}");
        // 200 ms x exp(0.668 x 2.3263)
        assert!(near(p99, 946_100, 30), "seed {seed}: p99 {p99}");
        let mean = mean_of(&drawn);
        assert!(near(mean, 250_000, 30), "seed {seed}: mean {mean}");
    }
}

#[test]
fn the_mean_is_that_of_the_draws() {
    let capped = Spread::LogNormal {
        median_ms: 200,
        sigma_permille: 668,
        cap_ms: Some(400),
    };
    let spreads = [
        capped,
        Spread::REFERENCE,
        Spread::ExponentialMs { mean: 250 },
        Spread::FixedMs(250),
        Spread::UniformMs { from: 100, to: 400 },
    ];
    for spread in spreads {
        let (found, theory) = (mean_of(&sorted(spread, 1)), spread.mean().0);
        assert!(near(found, theory, 20), "{spread:?}: {found}, not {theory}");
    }
    assert!(near(Spread::REFERENCE.mean().0, 250_000, 1));
}

#[test]
fn a_cap_leaves_the_quantiles_below_it_alone() {
    let cap_ms = Some(600);
    let Spread::LogNormal {
        median_ms,
        sigma_permille,
        ..
    } = Spread::REFERENCE
    else {
        panic!("the reference is log-normal");
    };
    let capped = Spread::LogNormal {
        median_ms,
        sigma_permille,
        cap_ms,
    };
    let (with, without) = (sorted(capped, 1), sorted(Spread::REFERENCE, 1));
    assert_eq!(with[..18_000], without[..18_000]);
    assert_eq!(with[19_800], 600_000);
}

#[test]
fn the_ends_are_reached_and_not_passed() {
    let drawn = sorted(Spread::UniformMs { from: 2, to: 3 }, 1);
    assert!(drawn[0] >= 2_000 && drawn[0] < 2_005);
    assert!(drawn[19_999] <= 3_000 && drawn[19_999] > 2_995);
    let wild = Spread::LogNormal {
        median_ms: 600_000,
        sigma_permille: 3_000,
        cap_ms: None,
    };
    assert_eq!(sorted(wild, 1)[19_999], 600_000_000);
}

#[test]
fn the_same_draw_is_the_same_time_on_every_platform() {
    let draw = Draw::new(1, "service", "ann", 0);
    assert_eq!(Spread::REFERENCE.draw(draw), Micros(370_296));
    assert_eq!(
        Spread::ExponentialMs { mean: 250 }.draw(draw),
        Micros(138_948)
    );
}

#[test]
fn the_wire_form_is_short_and_refuses_what_it_does_not_know() {
    let text = r#"{"logNormal":{"medianMs":200,"sigmaPermille":668}}"#;
    assert_eq!(
        serde_json::from_str::<Spread>(text).unwrap(),
        Spread::REFERENCE
    );
    assert_eq!(serde_json::to_string(&Spread::REFERENCE).unwrap(), text);
    assert!(serde_json::from_str::<Spread>(r#"{"exponentialMs":{"mean":1,"cap":2}}"#).is_err());
}

#[test]
fn what_is_out_of_range_is_refused_by_path() {
    let backwards = Spread::UniformMs { from: 5, to: 4 };
    let error = backwards.check("service").unwrap_err();
    assert_eq!(
        error.to_string(),
        "service.uniformMs.to must be 5 to 600000, not 4"
    );
    let cap = Spread::LogNormal {
        median_ms: 200,
        sigma_permille: 668,
        cap_ms: Some(100),
    };
    assert_eq!(
        cap.check("delay").unwrap_err().path(),
        "delay.logNormal.capMs"
    );
    assert_eq!(Spread::REFERENCE.check("service"), Ok(()));
}
