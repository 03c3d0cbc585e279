//! Every URL of the stub, once.
//!
//! Constants with `{id}` or `{name}` in them are route templates; the function beside each fills one in. Two listeners serve them: the
//! API, which the fault program may break, and the control listener, which it never touches.

use crate::query_string::encode;

/// The API listener's port, unless told otherwise.
pub const API_PORT: u16 = 4780;
/// The control listener's port, unless told otherwise.
pub const CONTROL_PORT: u16 = 4781;

/// The list of assets: `GET`, see [`crate::AssetQuery`].
pub const ASSETS: &str = "/api/assets";
/// One asset in full: `GET`, see [`asset`].
pub const ASSET: &str = "/api/assets/{id}";
/// What an asset is made from and what is made from it: `GET`, see [`asset_lineage`].
pub const ASSET_LINEAGE: &str = "/api/assets/{id}/lineage";
/// Whether the API answers at all: `GET`. Goes through the fault program like everything else.
pub const HEALTH: &str = "/api/health";

/// The fault program in force: `GET`, `PUT`.
pub const PROGRAM: &str = "/_stub/v1/program";
/// The presets: `GET`.
pub const PRESETS: &str = "/_stub/v1/presets";
/// One preset: `PUT` puts its program in force, see [`preset`].
pub const PRESET: &str = "/_stub/v1/presets/{name}";
/// Back to the known state: `POST`.
pub const RESET: &str = "/_stub/v1/reset";
/// What arrived and what became of it: `GET`, see [`crate::JournalQuery`].
pub const JOURNAL: &str = "/_stub/v1/journal";

/// The request header in which a client names itself.
pub const CLIENT_HEADER: &str = "x-client";
/// The query parameter in which a client names itself when it cannot set headers.
pub const CLIENT_PARAM: &str = "client";

/// The path of one asset.
///
/// ```
/// assert_eq!(tidegate_contract::paths::asset("ds-00001"), "/api/assets/ds-00001");
/// ```
#[must_use]
pub fn asset(id: &str) -> String {
    ASSET.replace("{id}", &encode(id))
}

/// The path of one asset's lineage.
///
/// ```
/// assert_eq!(tidegate_contract::paths::asset_lineage("a/b"), "/api/assets/a%2Fb/lineage");
/// ```
#[must_use]
pub fn asset_lineage(id: &str) -> String {
    ASSET_LINEAGE.replace("{id}", &encode(id))
}

/// The path that puts one preset in force.
///
/// ```
/// assert_eq!(tidegate_contract::paths::preset("slow"), "/_stub/v1/presets/slow");
/// ```
#[must_use]
pub fn preset(name: &str) -> String {
    PRESET.replace("{name}", &encode(name))
}

/// The API route a path belongs to, `"other"` when it is none of ours: a small closed set, so that counters stay bounded.
///
/// ```
/// use tidegate_contract::paths;
/// assert_eq!(paths::route_of("/api/assets/ds-00001/lineage?client=a"), paths::ASSET_LINEAGE);
/// assert_eq!(paths::route_of("/favicon.ico"), "other");
/// ```
#[must_use]
pub fn route_of(path: &str) -> &'static str {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path == ASSETS {
        return ASSETS;
    }
    if path == HEALTH {
        return HEALTH;
    }
    let rest = path
        .strip_prefix(ASSETS)
        .and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or_default();
    match rest.split_once('/') {
        None if !rest.is_empty() => ASSET,
        Some((id, "lineage")) if !id.is_empty() => ASSET_LINEAGE,
        _ => "other",
    }
}
