//! What becomes one template, what stays apart, and that nothing grows without end.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::Rng;
use crate::testing::test;

/// A name without a digit, different for every number.
fn name(number: u64) -> String {
    let mut rest = number;
    let mut name = String::from("user-");
    for _ in 0..4 {
        name.push(char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    name
}

fn learn(templates: &mut Templates, path: &str) -> String {
    templates.learn(path).template
}

/// Scopes as their owner keeps them: names that merges replace.
#[derive(Default)]
struct Owner {
    templates: Templates,
    scopes: BTreeMap<String, u32>,
}

impl Owner {
    fn call(&mut self, path: &str) -> String {
        let Learned { template, merged } = self.templates.learn(path);
        let moved: Vec<(String, u32)> = merged
            .into_iter()
            .filter_map(|merge| Some((merge.into, self.scopes.remove(&merge.from)?)))
            .collect();
        for (into, calls) in moved {
            *self.scopes.entry(into).or_default() += calls;
        }
        *self.scopes.entry(template.clone()).or_default() += 1;
        template
    }
}

#[test]
fn the_names_of_a_thousand_users_become_one_template() {
    let mut owner = Owner::default();
    for number in 0..1_000 {
        owner.call(&format!("/users/{}", name(number)));
    }
    let expected = BTreeMap::from([(String::from("/users/:id"), 1_000)]);
    assert_eq!(owner.scopes, expected);
}

#[test]
fn what_lies_below_the_names_stays_apart() {
    let mut owner = Owner::default();
    let mut rng = Rng::new(3);
    for number in 0..1_000 {
        let below = ["", "/orders", "/orders/77", "/profile"][rng.below(4) as usize];
        owner.call(&format!("/users/{}{below}", name(number)));
    }
    let folded: Vec<&str> = owner
        .scopes
        .keys()
        .filter(|scope| scope.contains(":id"))
        .map(|scope| &**scope)
        .collect();
    for template in [
        "/users/:id",
        "/users/:id/orders",
        "/users/:id/orders/:id",
        "/users/:id/profile",
    ] {
        assert!(folded.contains(&template), "{folded:?}");
    }
    assert!(owner.scopes.len() <= 60, "{:?}", owner.scopes);
}

#[test]
fn ten_routes_stay_apart() {
    let routes = [
        "assets", "audit", "catalog", "feed", "lineage", "owners", "policies", "quality", "ready",
        "sessions",
    ];
    let mut templates = Templates::default();
    let mut rng = Rng::new(5);
    for number in 0..2_000 {
        let route = routes[rng.below(10) as usize];
        let below = ["", "/17", "/23/history"][rng.below(3) as usize];
        let expected = ["", "/:id", "/:id/history"][["", "/17", "/23/history"]
            .iter()
            .position(|each| *each == below)
            .unwrap()];
        let found = templates.learn(&format!("/api/{route}{below}"));
        assert_eq!(found.template, format!("/api/{route}{expected}"));
        assert_eq!(found.merged, [], "{number}");
    }
}

#[test]
fn thirty_collections_side_by_side_are_routes() {
    let mut templates = Templates::default();
    for turn in 0..3 {
        for number in 0..30 {
            let path = format!("/api/{}/{turn}", name(number));
            assert_eq!(
                learn(&mut templates, &path),
                format!("/api/{}/:id", name(number))
            );
        }
    }
}

#[test]
fn a_route_beside_names_keeps_its_own_template_when_it_looks_different() {
    let mut templates = Templates::default();
    learn(&mut templates, "/datasets/search/recent");
    for number in 0..100 {
        learn(
            &mut templates,
            &format!("/datasets/{}/lineage", name(number)),
        );
    }
    assert_eq!(
        learn(&mut templates, "/datasets/search/recent"),
        "/datasets/search/recent"
    );
    assert_eq!(
        learn(&mut templates, "/datasets/new-one/lineage"),
        "/datasets/:id/lineage"
    );
}

#[test]
fn owners_and_their_repositories_are_folded_at_both_places() {
    let mut owner = Owner::default();
    for number in 0..600 {
        owner.call(&format!(
            "/repos/{}/{}",
            name(number % 50),
            name(1_000 + number * 7)
        ));
    }
    assert_eq!(owner.call("/repos/somebody/something"), "/repos/:id/:id");
    assert_eq!(owner.scopes.len(), 1, "{:?}", owner.scopes);
}

#[test]
fn digits_and_names_fold_into_the_same_template() {
    let mut templates = Templates::default();
    assert_eq!(learn(&mut templates, "/users/17"), "/users/:id");
    for number in 0..13 {
        learn(&mut templates, &format!("/users/{}", name(number)));
    }
    assert_eq!(learn(&mut templates, "/users/anybody"), "/users/:id");
    assert_eq!(learn(&mut templates, "/users/18"), "/users/:id");
}

#[test]
fn patterns_win_over_what_was_learned() {
    let patterns = ["/users/:name/*", "/users/*"];
    let patterns = patterns.map(|text| Pattern::new(text).unwrap()).to_vec();
    let mut templates = Templates::new(patterns);
    assert_eq!(
        learn(&mut templates, "/users/alice/orders/7"),
        "/users/:name/*"
    );
    assert_eq!(learn(&mut templates, "/users"), "/users/*");
    assert_eq!(learn(&mut templates, "/teams"), "/teams");
    assert_eq!(templates.known(), 2);
}

#[test]
fn what_lies_too_deep_is_of_one_kind() {
    let mut templates = Templates::default();
    let deep = "/a/b/c/d/e/f/g/h";
    assert_eq!(learn(&mut templates, deep), deep);
    assert_eq!(
        learn(&mut templates, &format!("{deep}/i/j")),
        format!("{deep}/*")
    );
    assert_eq!(
        learn(&mut templates, &format!("{deep}/k")),
        format!("{deep}/*")
    );
}

#[test]
fn the_root_has_a_template() {
    let mut templates = Templates::default();
    for path in ["", "/", "///"] {
        assert_eq!(learn(&mut templates, path), "");
    }
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(24);
    if cfg!(target_arch = "wasm32") {
        config.failure_persistence = None;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_the_urls_templates_are_bounded_and_scopes_follow(seed: u64, width in 2..200_u64, depth in 1..11_u64) {
        let mut owner = Owner::default();
        let mut rng = Rng::new(seed);
        for _ in 0..1_500 {
            let mut path = String::new();
            for _ in 0..rng.below(depth) + 1 {
                path = path + "/" + &name(rng.below(width));
            }
            let template = owner.call(&path);
            prop_assert!(owner.templates.known() <= 512);
            prop_assert!(owner.scopes.contains_key(&template));
        }
        prop_assert!(owner.scopes.len() <= Templates::MOST);
        // No call was lost, and every scope still has a name that a path can have.
        prop_assert_eq!(owner.scopes.values().sum::<u32>(), 1_500);
        let all: BTreeSet<String> = owner.templates.tree.ends_below(Tree::ROOT).into_iter()
            .map(|(end, overflows)| owner.templates.tree.template(end, overflows)).collect();
        prop_assert!(owner.scopes.keys().all(|scope| all.contains(scope)));
    }

    #[test]
    fn once_folded_always_folded(numbers in prop::collection::vec(0..5_000_u64, 60..100)) {
        let mut templates = Templates::default();
        let mut folded = false;
        for number in numbers {
            let template = learn(&mut templates, &format!("/users/{}", name(number)));
            prop_assert!(!folded || template == "/users/:id");
            folded = template == "/users/:id";
        }
        prop_assert!(folded);
    }

    #[test]
    fn no_path_makes_it_panic(paths in prop::collection::vec(".*", 1..60)) {
        let mut templates = Templates::default();
        for path in paths {
            let _ = templates.learn(&path);
        }
    }
}
