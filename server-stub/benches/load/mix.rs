//! What a catalogue's users read, by the seed.

use tidegate_contract::paths;
use tidegate_core::Rng;

/// Routes with their share of a hundred requests.
const SHARES: [(&str, u64); 9] = [
    ("list", 20),
    ("search", 10),
    ("filter", 10),
    ("detail", 25),
    ("lineage", 10),
    ("quality", 10),
    ("violations", 5),
    ("policies", 5),
    ("health", 5),
];

/// One request: what it is called in the report, and its target.
pub(crate) fn next(rng: &mut Rng, assets: u64) -> (&'static str, String) {
    let mut dice = rng.below(100);
    let mut name = SHARES[0].0;
    for (route, share) in SHARES {
        name = route;
        if dice < share {
            break;
        }
        dice -= share;
    }
    let id = format!("ds-{:05}", rng.below(assets) + 1);
    let page = rng.below(20) + 1;
    let list = paths::ASSETS;
    let target = match name {
        "list" => format!("{list}?page={page}"),
        "search" => format!(
            "{list}?search={}",
            ["customer", "order", "pay", "x9"][(page % 4) as usize]
        ),
        "filter" => format!("{list}?kind=table&page={page}"),
        "detail" => paths::asset(&id),
        "lineage" => paths::asset_lineage(&id),
        "quality" => paths::asset_quality(&id),
        "violations" => format!("{}?page={page}", paths::VIOLATIONS),
        "policies" => paths::POLICIES.to_owned(),
        _ => paths::HEALTH.to_owned(),
    };
    (name, target)
}
