//! One file for each page.

mod activity;
mod asset;
mod catalogue;
mod requests;

pub(crate) use activity::ActivityPage;
pub(crate) use asset::AssetPage;
pub(crate) use catalogue::CataloguePage;
pub(crate) use requests::RequestsPage;

use leptos::prelude::document;

/// The name of the demo, in every page's title.
const DEMO: &str = "Tidegate – data governance demo";

/// Names the browser's tab.
fn set_title(page: Option<&str>) {
    let title = page.map_or_else(|| DEMO.to_owned(), |page| format!("{page} · {DEMO}"));
    document().set_title(&title);
}
