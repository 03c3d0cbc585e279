//! The stub's control listener: what goes wrong, and who decides. Plain `fetch`: the switch that breaks the backend must not itself be
//! protected from a broken backend.

use gloo_net::http::{Request, Response};
use tidegate_contract::metrics::{Metrics, MetricsReport};
use tidegate_contract::{PresetList, paths};

/// The presets, and which is in force; `None` when the control listener does not answer.
pub(crate) async fn presets(base: &str) -> Option<PresetList> {
    let request = Request::get(&format!("{base}{}", paths::PRESETS));
    let text = answered(request.send().await)?.text().await.ok()?;
    serde_json::from_str(&text).ok()
}

/// Puts a preset in force; `None` when the control listener does not do it.
pub(crate) async fn put_preset(base: &str, name: &str) -> Option<()> {
    let request = Request::put(&format!("{base}{}", paths::preset(name)));
    answered(request.send().await).map(|_| ())
}

/// What the stub measures of itself; `None` when the control listener does not answer.
pub(crate) async fn metrics(base: &str) -> Option<Metrics> {
    let request = Request::get(&format!("{base}{}", paths::METRICS));
    let text = answered(request.send().await)?.text().await.ok()?;
    let report: MetricsReport = serde_json::from_str(&text).ok()?;
    Some(report.metrics)
}

fn answered(result: Result<Response, gloo_net::Error>) -> Option<Response> {
    result.ok().filter(Response::ok)
}
