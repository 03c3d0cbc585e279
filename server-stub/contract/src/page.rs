//! Lists come in pages.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// What is on this page.
    pub items: Vec<T>,
    /// Which page it is; the first is 1.
    pub page: u32,
    /// How many items a full page has.
    pub size: u32,
    /// How many items all pages have together.
    pub total: u32,
}

/// Items per page when nobody says: what fits on a screen.
pub const DEFAULT_PAGE_SIZE: u32 = 25;
/// The most items a page may have.
pub const MAX_PAGE_SIZE: u32 = 200;

/// Asks for a page of a list that has no filters.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PageQuery {
    /// Which page; the first is 1.
    pub page: Option<u32>,
    /// Items per page, 1 to [`MAX_PAGE_SIZE`].
    pub size: Option<u32>,
}
