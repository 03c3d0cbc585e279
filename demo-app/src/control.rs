//! The stub's control listener: what goes wrong, and who decides. Plain `fetch`: the switch that breaks the backend must not itself be
//! protected from a broken backend.

use gloo_net::http::{Request, Response};
use js_sys::Date;
use leptos::prelude::window;
use serde::Serialize;
use tidegate_contract::feed::{
    FeedAct, FeedOrder, GOVERNANCE, HistoryAct, HistoryOrder, Reached, close_code,
};
use tidegate_contract::metrics::{Metrics, MetricsReport};
use tidegate_contract::{
    AssetPatch, Count, Fault, FaultProgram, PresetList, ReconnectHint, Rule, SocketClose, paths,
};

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

/// Who that is, to the stub.
const SOMEBODY: &str = "somebody else";

/// Has somebody else write a description. Where the backend is away it is so for this page alone, for as long as that takes; `None` when the stub
/// does not do it.
pub(crate) async fn edit_as_somebody_else(api: &str, control: &str, id: &str) -> Option<()> {
    if write_as_somebody_else(api, id).await.is_some() {
        return Some(());
    }
    let program = format!("{control}{}", paths::PROGRAM);
    let before = self::program(&program).await?;
    let current = presets(control).await?.current;
    // Clients without a name go by the origin of their page.
    let page = window().location().origin().ok()?;
    let gone = Fault::Status {
        code: 503,
        retry_after: None,
    };
    let detour = FaultProgram::new(before.seed)
        .with_rule(Rule::new("away for this page", gone).for_client(&page));
    put_program(&program, &detour).await?;
    let written = write_as_somebody_else(api, id).await;
    match current {
        Some(preset) => put_preset(control, &preset).await?,
        None => put_program(&program, &before).await?,
    }
    written
}

/// Has the backend answer 401 to this page's next write, whatever else is in force; `None` when the stub does not do it.
pub(crate) async fn expire_session(control: &str) -> Option<()> {
    let url = format!("{control}{}", paths::PROGRAM);
    let mut program = program(&url).await?;
    let page = window().location().origin().ok()?;
    for method in ["PATCH", "POST"] {
        let name = format!("session expired, {method}");
        program.rules.retain(|rule| rule.name != name);
        let gone = Fault::Status {
            code: 401,
            retry_after: None,
        };
        let once = Count {
            first: Some(1),
            ..Count::default()
        };
        let rule = Rule::new(name, gone).on_method(method);
        program.rules.push(rule.for_client(&page).for_count(once));
    }
    put_program(&url, &program).await
}

/// Ends the feed of a client, without a word; how many connections that were, or `None` when the stub does not do it.
pub(crate) async fn kill_feed(control: &str, client: &str) -> Option<usize> {
    order_feed(control, client, FeedAct::Vanish).await
}

/// Sends a client's feed away for so long: it is told when to come back.
pub(crate) async fn drop_feed(control: &str, client: &str, ms: u64) -> Option<usize> {
    let close = SocketClose {
        hint: Some(ReconnectHint {
            min_ms: ms,
            window_ms: 0,
        }),
        ..SocketClose::new(close_code::SERVICE_RESTART, "restart")
    };
    order_feed(control, client, FeedAct::Close(close)).await
}

/// Has the feed forget everything that it has told.
pub(crate) async fn lose_history(control: &str) -> Option<()> {
    let order = HistoryOrder {
        channel: GOVERNANCE.into(),
        act: HistoryAct::NewEpoch,
    };
    post(control, paths::HISTORY, &order).await.map(|_| ())
}

async fn order_feed(control: &str, client: &str, act: FeedAct) -> Option<usize> {
    let order = FeedOrder {
        client: Some(client.into()),
        stream: None,
        act,
    };
    let answer = post(control, paths::STREAMS, &order).await?;
    let reached: Reached = serde_json::from_str(&answer.text().await.ok()?).ok()?;
    Some(reached.streams)
}

async fn post(control: &str, path: &str, body: &impl Serialize) -> Option<Response> {
    let request = Request::post(&format!("{control}{path}"));
    let request = request.header("Content-Type", "application/json");
    let request = request.body(serde_json::to_string(body).ok()?).ok()?;
    answered(request.send().await)
}

async fn program(url: &str) -> Option<FaultProgram> {
    let answer = answered(Request::get(url).send().await)?;
    serde_json::from_str(&answer.text().await.ok()?).ok()
}

async fn put_program(url: &str, program: &FaultProgram) -> Option<()> {
    let request = Request::put(url).header("Content-Type", "application/json");
    let request = request.body(serde_json::to_string(program).ok()?).ok()?;
    answered(request.send().await).map(|_| ())
}

async fn write_as_somebody_else(api: &str, id: &str) -> Option<()> {
    let time = Date::new_0().to_locale_time_string("en-GB");
    let patch = AssetPatch {
        description: Some(format!("Written by somebody else at {time}.")),
        ..AssetPatch::default()
    };
    let request = Request::patch(&format!("{api}{}", paths::asset(id)))
        .header(paths::CLIENT_HEADER, SOMEBODY)
        .header("Content-Type", "application/json")
        .body(serde_json::to_string(&patch).ok()?)
        .ok()?;
    answered(request.send().await).map(|_| ())
}
