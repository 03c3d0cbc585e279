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
/// The tags of many assets at once: `POST`, see [`crate::TagChange`].
pub const ASSET_TAGS: &str = "/api/assets/tags";
/// One asset in full: `GET`, `PATCH`, see [`asset`].
pub const ASSET: &str = "/api/assets/{id}";
/// What an asset is made from and what is made from it: `GET`, see [`asset_lineage`].
pub const ASSET_LINEAGE: &str = "/api/assets/{id}/lineage";
/// What an asset's checks found, newest first: `GET`; `POST` runs one, see [`asset_quality`].
pub const ASSET_QUALITY: &str = "/api/assets/{id}/quality-runs";
/// One run of a check: `GET`, see [`quality_run`].
pub const QUALITY_RUN: &str = "/api/assets/{id}/quality-runs/{run}";
/// The policies: `GET`.
pub const POLICIES: &str = "/api/policies";
/// One policy: `GET`, see [`policy`].
pub const POLICY: &str = "/api/policies/{id}";
/// Where policies are violated: `GET`, see [`crate::ViolationQuery`].
pub const VIOLATIONS: &str = "/api/violations";
/// One violation: `GET`, `PATCH`, see [`violation`].
pub const VIOLATION: &str = "/api/violations/{id}";
/// Who wants to see what: `GET`, see [`crate::AccessQuery`]; `POST`, see [`crate::AccessOrder`].
pub const ACCESS_REQUESTS: &str = "/api/access-requests";
/// One access request: `GET`, see [`access_request`].
pub const ACCESS_REQUEST: &str = "/api/access-requests/{id}";
/// The decision about an access request: `POST`, see [`access_decision`].
pub const ACCESS_DECISION: &str = "/api/access-requests/{id}/decision";
/// The audit log: `GET`, see [`crate::AuditQuery`]; `POST`, see [`crate::AuditNote`].
pub const AUDIT: &str = "/api/audit";
/// One line of the audit log: `GET`, see [`audit_entry`].
pub const AUDIT_ENTRY: &str = "/api/audit/{seq}";
/// Whether the API answers at all: `GET`. Goes through the fault program like everything else.
pub const HEALTH: &str = "/api/health";
/// Whether newcomers are welcome: `GET`, from memory.
pub const READY: &str = "/api/ready";
/// The live feed as a WebSocket: `GET`, see [`crate::feed`].
pub const FEED: &str = "/api/feed";
/// The live feed as server-sent events: `GET`.
pub const FEED_EVENTS: &str = "/api/feed/events";
/// A token for the WebSocket: `GET`, see [`crate::feed::TokenGrant`].
pub const FEED_TOKEN: &str = "/api/feed/token";

/// Where every control path begins.
pub const CONTROL: &str = "/_stub/v1";
/// All spaces: `GET`; a new one: `POST`, see [`crate::SpaceSettings`].
pub const SPACES: &str = "/_stub/v1/spaces";
/// One space: `GET`, `DELETE`. Every path below stands under this one as well, see [`in_space`].
pub const SPACE: &str = "/_stub/v1/spaces/{space}";
/// A space's clock: `GET` tells the time, `POST {"advanceMs": 1000}` moves a manual one.
pub const CLOCK: &str = "/_stub/v1/clock";
/// Every route of the API; among those that fit one path, the first is meant.
pub const API_ROUTES: [&str; 20] = [
    ASSETS,
    ASSET_TAGS,
    ASSET,
    ASSET_LINEAGE,
    ASSET_QUALITY,
    QUALITY_RUN,
    POLICIES,
    POLICY,
    VIOLATIONS,
    VIOLATION,
    ACCESS_REQUESTS,
    ACCESS_REQUEST,
    ACCESS_DECISION,
    AUDIT,
    AUDIT_ENTRY,
    HEALTH,
    READY,
    FEED,
    FEED_EVENTS,
    FEED_TOKEN,
];

/// The fault program in force: `GET`, `PUT`.
pub const PROGRAM: &str = "/_stub/v1/program";
/// The presets: `GET`.
pub const PRESETS: &str = "/_stub/v1/presets";
/// One preset: `PUT` puts its program in force, see [`preset`].
pub const PRESET: &str = "/_stub/v1/presets/{name}";
/// The open streams: `GET`, see [`crate::feed::StreamList`]; an order to them: `POST`, see [`crate::feed::FeedOrder`].
pub const STREAMS: &str = "/_stub/v1/streams";
/// What the feed remembers: `POST`, see [`crate::feed::HistoryOrder`].
pub const HISTORY: &str = "/_stub/v1/history";
/// A message for all who listen: `POST`, see [`crate::feed::Announcement`].
pub const EVENTS: &str = "/_stub/v1/events";
/// How often writes took effect: `GET`, see [`crate::EffectList`].
pub const EFFECTS: &str = "/_stub/v1/effects";
/// Back to the known state: `POST`.
pub const RESET: &str = "/_stub/v1/reset";
/// What arrived and what became of it: `GET`, see [`crate::JournalQuery`].
pub const JOURNAL: &str = "/_stub/v1/journal";
/// What the stub measures of itself: `GET`, see [`crate::metrics::MetricsReport`].
pub const METRICS: &str = "/_stub/v1/metrics";
/// The same for Prometheus: `GET`, also on the control listener.
pub const PROMETHEUS: &str = "/metrics";
/// Every route of the control listener.
pub const CONTROL_ROUTES: [&str; 14] = [
    PROGRAM, PRESETS, PRESET, RESET, JOURNAL, EFFECTS, METRICS, PROMETHEUS, STREAMS, EVENTS,
    HISTORY, CLOCK, SPACES, SPACE,
];

/// The request header in which a client names itself.
pub const CLIENT_HEADER: &str = "x-client";
/// The request header that makes a write safe to repeat.
pub const KEY_HEADER: &str = "idempotency-key";
/// The answer header that says an answer is the first one's again.
pub const REPLAYED_HEADER: &str = "idempotency-replayed";
/// The query parameter in which a client names itself when it cannot set headers.
pub const CLIENT_PARAM: &str = "client";
/// The query parameter in which an event stream's position is named by clients that cannot set `Last-Event-ID`.
pub const LAST_EVENT_ID_PARAM: &str = "lastEventId";
/// The request header in which a client says how many milliseconds it will wait for the answer.
pub const PATIENCE_HEADER: &str = "x-patience-ms";
/// The request header in which a client asks for faults, where that is allowed: a JSON list of [`crate::Fault`]s.
pub const FAULT_HEADER: &str = "x-fault";

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

/// The path of one asset's quality runs.
#[must_use]
pub fn asset_quality(id: &str) -> String {
    ASSET_QUALITY.replace("{id}", &encode(id))
}

/// The path of one run of a check.
///
/// ```
/// let path = tidegate_contract::paths::quality_run("ds-00001", "run-007");
/// assert_eq!(path, "/api/assets/ds-00001/quality-runs/run-007");
/// ```
#[must_use]
pub fn quality_run(id: &str, run: &str) -> String {
    QUALITY_RUN
        .replace("{id}", &encode(id))
        .replace("{run}", &encode(run))
}

/// The path of one policy.
#[must_use]
pub fn policy(id: &str) -> String {
    POLICY.replace("{id}", &encode(id))
}

/// The path of one violation.
#[must_use]
pub fn violation(id: &str) -> String {
    VIOLATION.replace("{id}", &encode(id))
}

/// The path of one access request.
#[must_use]
pub fn access_request(id: &str) -> String {
    ACCESS_REQUEST.replace("{id}", &encode(id))
}

/// The path of the decision about one access request.
#[must_use]
pub fn access_decision(id: &str) -> String {
    ACCESS_DECISION.replace("{id}", &encode(id))
}

/// The path of one line of the audit log.
#[must_use]
pub fn audit_entry(seq: u64) -> String {
    AUDIT_ENTRY.replace("{seq}", &seq.to_string())
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

/// A control path of the default space, for another one.
///
/// ```
/// use tidegate_contract::paths;
/// assert_eq!(paths::in_space("s1", paths::RESET), "/_stub/v1/spaces/s1/reset");
/// ```
#[must_use]
pub fn in_space(space: &str, path: &str) -> String {
    let rest = path.strip_prefix(CONTROL).unwrap_or(path);
    format!("{SPACES}/{}{rest}", encode(space))
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
    API_ROUTES
        .into_iter()
        .find(|route| fits(route, path))
        .unwrap_or("other")
}

/// Whether a path is one of a template's: segment by segment, with something in each placeholder.
fn fits(route: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let all_fit = route.split('/').all(|wanted| {
        segments
            .next()
            .is_some_and(|found| found == wanted || (wanted.starts_with('{') && !found.is_empty()))
    });
    all_fit && segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_from_its_own_path() {
        for (path, route) in [
            (ASSET_TAGS.to_owned(), ASSET_TAGS),
            (asset("tags2"), ASSET),
            (asset_lineage("a"), ASSET_LINEAGE),
            (asset_quality("a"), ASSET_QUALITY),
            (quality_run("a", "b"), QUALITY_RUN),
            (policy("a"), POLICY),
            (violation("a"), VIOLATION),
            (access_request("a"), ACCESS_REQUEST),
            (access_decision("a"), ACCESS_DECISION),
            (audit_entry(1), AUDIT_ENTRY),
        ] {
            assert_eq!(route_of(&path), route, "{path}");
        }
        for route in API_ROUTES {
            assert_eq!(route_of(route), route);
        }
    }

    #[test]
    fn what_is_none_of_ours_is_other() {
        for path in [
            "",
            "/",
            "/api",
            "/api/assets/",
            "/api/assets//lineage",
            "/api/assets/a/b",
        ] {
            assert_eq!(route_of(path), "other", "{path}");
        }
    }
}
