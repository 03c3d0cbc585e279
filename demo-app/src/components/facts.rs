//! What is known of an asset, at a glance.

use js_sys::Date;
use leptos::prelude::*;
use tidegate_contract::AssetDetail;

use super::{Level, Quality, Tags};
use crate::words::{capitalised, grouped};

/// Owner, quality and the rest, as they were at `born`.
#[component]
pub(crate) fn Facts(asset: AssetDetail, born: Signal<f64>) -> impl IntoView {
    let AssetDetail {
        asset,
        row_count,
        retention_days,
        ..
    } = asset;
    let updated = Date::new(&(asset.updated_at as f64).into()).to_iso_string();
    let day: String = String::from(updated).chars().take(10).collect();
    let machine_day = day.clone();
    view! {
        <dl class="facts">
            <div><dt>"Owner"</dt><dd>{asset.owner}</dd></div>
            <div><dt>"Domain"</dt><dd>{capitalised(&asset.domain)}</dd></div>
            <div><dt>"Kind"</dt><dd>{capitalised(asset.kind.name())}</dd></div>
            <div><dt>"Classification"</dt><dd><Level level=asset.classification /></dd></div>
            <div><dt>"Quality checks passed"</dt><dd><Quality percent=asset.quality /></dd></div>
            <div><dt>"Rows"</dt><dd>{grouped(row_count)}</dd></div>
            <div><dt>"Kept for"</dt><dd>{grouped(retention_days.into())} " days"</dd></div>
            <div><dt>"Updated"</dt><dd><time datetime=machine_day>{day}</time></dd></div>
            <div class="wide"><dt>"Tags"</dt><dd><Tags asset=asset.id tags=asset.tags born /></dd></div>
        </dl>
    }
}
