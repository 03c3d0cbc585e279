//! What a list of assets is asked for.

use serde::{Deserialize, Serialize};

use crate::asset::{AssetKind, Classification};
use crate::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE};
use crate::query_string::QueryString;

/// A search, filters and a page; everything left out means "all", and the first page of [`AssetQuery::DEFAULT_SIZE`].
///
/// ```
/// use tidegate_contract::{AssetKind, AssetQuery};
/// let query = AssetQuery { search: Some("orders".into()), kind: Some(AssetKind::Table), ..AssetQuery::default() };
/// assert_eq!(query.to_path(), "/api/assets?search=orders&kind=table");
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AssetQuery {
    /// Text to be found in name, owner, domain or tags, whatever its case.
    pub search: Option<String>,
    /// Only this kind.
    pub kind: Option<AssetKind>,
    /// Only this domain.
    pub domain: Option<String>,
    /// Only this level.
    pub classification: Option<Classification>,
    /// Which page; the first is 1.
    pub page: Option<u32>,
    /// Items per page, 1 to [`AssetQuery::MAX_SIZE`].
    pub size: Option<u32>,
}

impl AssetQuery {
    /// Items per page when nobody says: what fits on a screen.
    pub const DEFAULT_SIZE: u32 = DEFAULT_PAGE_SIZE;
    /// The most items a page may have.
    pub const MAX_SIZE: u32 = MAX_PAGE_SIZE;

    /// The path and query string that ask for this.
    #[must_use]
    pub fn to_path(&self) -> String {
        let query = QueryString::default()
            .with("search", self.search.as_deref())
            .with("kind", self.kind)
            .with("domain", self.domain.as_deref())
            .with("classification", self.classification)
            .with("page", self.page)
            .with("size", self.size);
        format!("{}{}", crate::paths::ASSETS, query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_nothing_by_default() {
        assert_eq!(AssetQuery::default().to_path(), crate::paths::ASSETS);
    }
}
