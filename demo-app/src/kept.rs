//! What is kept on this device, as pages of the demo.

use tidegate::CacheEntry;
use tidegate_contract::paths;

/// A page that can be read offline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeptPage {
    /// Where it is in the demo; `None` for what is only part of a page.
    pub(crate) href: Option<String>,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) bytes: u64,
    /// How old it was, in milliseconds, when the list was made.
    pub(crate) age_ms: u64,
    pub(crate) fresh: bool,
}

impl KeptPage {
    /// Of a kept answer of the backend whose address is `base`.
    pub(crate) fn of(entry: CacheEntry, base: &str) -> KeptPage {
        let path = entry
            .url
            .strip_prefix(base)
            .unwrap_or(&entry.url)
            .to_owned();
        let (href, name) = page(&path);
        KeptPage {
            href,
            name,
            url: entry.url,
            bytes: entry.bytes,
            age_ms: entry.age_ms,
            fresh: entry.fresh,
        }
    }
}

fn page(path: &str) -> (Option<String>, String) {
    let (place, query) = path.split_once('?').unwrap_or((path, ""));
    if place == paths::ASSETS {
        let href = match query {
            "" => "/".into(),
            query => format!("/?{query}"),
        };
        let name = match query {
            "" => "Catalogue".into(),
            query => format!("Catalogue: {}", query.replace('&', ", ").replace('=', " ")),
        };
        // The demo has no page for a domain.
        let href = (!query.contains("domain=")).then_some(href);
        return (href, name);
    }
    if place == paths::AUDIT {
        return (Some("/activity".into()), "Activity".into());
    }
    if place == paths::ACCESS_REQUESTS {
        return (Some("/requests".into()), "Access requests".into());
    }
    let asset = place
        .strip_prefix(paths::ASSETS)
        .and_then(|rest| rest.strip_prefix('/'))
        .filter(|id| !id.contains('/'));
    match asset {
        Some(id) => (Some(format!("/assets/{id}")), format!("Asset {id}")),
        None => (None, place.trim_start_matches("/api/").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_leads_to_its_page() {
        for (path, href, name) in [
            ("/api/assets", Some("/"), "Catalogue"),
            (
                "/api/assets?kind=table&page=2",
                Some("/?kind=table&page=2"),
                "Catalogue: kind table, page 2",
            ),
            (
                "/api/assets?domain=finance&size=3",
                None,
                "Catalogue: domain finance, size 3",
            ),
            ("/api/assets/a-7", Some("/assets/a-7"), "Asset a-7"),
            (
                "/api/access-requests?status=pending",
                Some("/requests"),
                "Access requests",
            ),
            ("/api/audit?size=1", Some("/activity"), "Activity"),
            ("/api/assets/a-7/lineage", None, "assets/a-7/lineage"),
        ] {
            assert_eq!(
                page(path),
                (href.map(String::from), name.to_owned()),
                "{path}"
            );
        }
    }
}
