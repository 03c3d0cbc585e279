//! The control API: what goes wrong, and what has happened.
//!
//! It has a listener of its own, which the fault program never touches, so it can be reached while the API is down. Every path stands
//! twice: under `/_stub/v1` for the default space, and under `/_stub/v1/spaces/{space}` for any.

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use axum::{Json, Router, middleware};
use tidegate_contract::feed::{
    Announced, Announcement, FeedOrder, HistoryAct, HistoryOrder, Reached, StreamList,
};
use tidegate_contract::metrics::{EXPOSITION_TYPE, MetricsReport, exposition};
use tidegate_contract::{
    ClockOrder, ClockReading, EffectList, FaultProgram, Journal, JournalQuery, Micros, Preset,
    PresetList, SpaceInfo, SpaceList, SpaceSettings, from_json, paths,
};
use tokio::time::{Duration, timeout};

use crate::failure::{Failure, no_such_method, no_such_path};
use crate::spaces::{DEFAULT, Spaces};
use crate::stub::Stub;
use crate::{cors, guard};

/// Ten minutes: everything that other people do in them is done before the answer.
const MAX_ADVANCE_MS: u64 = 600_000;

/// The control router, to be served or called without a socket.
pub fn control(spaces: Spaces) -> Router {
    Router::new()
        .route(paths::SPACES, get(list_spaces).post(make_space))
        .route(paths::SPACE, get(space).delete(end_space))
        .route(paths::PROMETHEUS, get(prometheus))
        .nest(paths::SPACE, of_one_space())
        .nest(paths::CONTROL, of_one_space())
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn(cors::preflight))
        .layer(middleware::from_fn_with_state(spaces.clone(), guard::guard))
        .layer(middleware::from_fn_with_state(
            spaces.default_space().clone(),
            cors::share,
        ))
        .with_state(spaces)
}

/// What can be asked of each space.
fn of_one_space() -> Router<Spaces> {
    let path = |path: &'static str| path.strip_prefix(paths::CONTROL).unwrap_or(path);
    Router::new()
        .route(path(paths::PROGRAM), get(program).put(put_program))
        .route(path(paths::PRESETS), get(presets))
        .route(path(paths::PRESET), put(put_preset))
        .route(path(paths::RESET), post(reset))
        .route(path(paths::CLOCK), get(clock).post(advance))
        .route(path(paths::JOURNAL), get(journal))
        .route(path(paths::EFFECTS), get(effects))
        .route(path(paths::METRICS), get(metrics))
        .route(path(paths::STREAMS), get(streams).post(order))
        .route(path(paths::HISTORY), post(history))
        .route(path(paths::EVENTS), post(announce))
}

type Answer<T> = Result<Json<T>, Failure>;

/// The space that a path names, the default one if it names none.
struct Space(Stub);

impl FromRequestParts<Spaces> for Space {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, spaces: &Spaces) -> Result<Space, Failure> {
        let params = RawPathParams::from_request_parts(parts, spaces)
            .await
            .map_err(|error| Failure::bad_request(error.body_text()))?;
        let named = params.iter().find(|(name, _)| *name == "space");
        match named {
            Some((_, name)) => spaces.find(name).map(Space),
            None => Ok(Space(spaces.default_space().clone())),
        }
    }
}

/// axum's limit for a body.
const MAX_BODY: usize = 2 << 20;

/// A body, which has to be text.
struct Text(String);

impl FromRequest<Spaces> for Text {
    type Rejection = Failure;

    async fn from_request(request: Request, spaces: &Spaces) -> Result<Text, Failure> {
        let body = String::from_request(request, spaces).await;
        body.map(Text).map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Failure::too_large(MAX_BODY),
            _ => Failure::bad_request(error.body_text()),
        })
    }
}

async fn list_spaces(State(spaces): State<Spaces>) -> Json<SpaceList> {
    Json(spaces.list())
}

async fn make_space(
    State(spaces): State<Spaces>,
    Text(body): Text,
) -> Result<(StatusCode, Json<SpaceInfo>), Failure> {
    let info = spaces.make(SpaceSettings::from_json(&body)?).await?;
    Ok((StatusCode::CREATED, Json(info)))
}

async fn space(State(spaces): State<Spaces>, Path(name): Path<String>) -> Answer<SpaceInfo> {
    spaces.info(&name).map(Json)
}

async fn end_space(
    State(spaces): State<Spaces>,
    Path(name): Path<String>,
) -> Result<StatusCode, Failure> {
    spaces.end(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn program(Space(stub): Space) -> Json<FaultProgram> {
    Json(stub.world().program().clone())
}

async fn put_program(Space(stub): Space, Text(body): Text) -> Answer<FaultProgram> {
    install(&stub, FaultProgram::from_json(&body)?, None).await
}

async fn presets(Space(stub): Space) -> Json<PresetList> {
    Json(PresetList {
        current: stub.world().preset().map(|preset| preset.to_string()),
        presets: Preset::all()
            .iter()
            .map(|preset| preset.info(stub.seed()))
            .collect(),
    })
}

async fn put_preset(Space(stub): Space, params: RawPathParams) -> Answer<FaultProgram> {
    let named = params.iter().find(|(name, _)| *name == "name");
    let preset: Preset = named.map_or("", |(_, name)| name).parse()?;
    install(&stub, preset.program(stub.seed()), Some(preset)).await
}

async fn reset(Space(stub): Space) -> Answer<FaultProgram> {
    stub.reset().await.map_err(cannot_open)?;
    Ok(program(Space(stub)).await)
}

async fn clock(Space(stub): Space) -> Json<ClockReading> {
    let clock = stub.clock();
    Json(ClockReading {
        clock: clock.setting(),
        now_ms: clock.now().as_millis(),
    })
}

async fn advance(Space(stub): Space, Text(body): Text) -> Answer<ClockReading> {
    let order: Option<ClockOrder> = serde_json::from_str(&body).ok();
    let length = order.map(|order| order.advance_ms);
    let Some(length) = length.filter(|ms| *ms <= MAX_ADVANCE_MS) else {
        return Err(Failure::bad_request(format!(
            "advanceMs must be 0 to {MAX_ADVANCE_MS}, as in {{\"advanceMs\": 1000}}"
        )));
    };
    if stub.clock().advance(Micros::from_millis(length)).is_none() {
        let clock = stub.clock().setting();
        return Err(Failure::conflict(format!(
            "this space's clock is {clock}: only a manual one can be moved"
        )));
    }
    stub.catch_up().await;
    Ok(self::clock(Space(stub)).await)
}

async fn journal(
    Space(stub): Space,
    query: Result<Query<JournalQuery>, QueryRejection>,
) -> Answer<Journal> {
    let Query(query) = query.map_err(|error| Failure::bad_request(error.body_text()))?;
    let patience = query
        .timeout_ms
        .unwrap_or(JournalQuery::DEFAULT_TIMEOUT_MS)
        .min(JournalQuery::MAX_TIMEOUT_MS);
    let mut changes = stub.watch_journal();
    let enough = async {
        while !stub.world().book.satisfies(&query) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    };
    // Too few lines in time is an answer too: the caller sees how many there are.
    let _ = timeout(Duration::from_millis(patience), enough).await;
    Ok(Json(stub.world().book.answer(&query)))
}

async fn effects(Space(stub): Space) -> Json<EffectList> {
    Json(EffectList {
        total: stub.effects(),
        keys: stub.key_effects(),
    })
}

async fn metrics(State(spaces): State<Spaces>, params: RawPathParams) -> Answer<MetricsReport> {
    let named = params.iter().find(|(name, _)| *name == "space");
    let name = named.map_or(DEFAULT, |(_, name)| name);
    spaces.report(name).map(Json)
}

async fn prometheus(State(spaces): State<Spaces>) -> impl IntoResponse {
    let media_type = [(header::CONTENT_TYPE, EXPOSITION_TYPE)];
    (media_type, exposition(&spaces.reports()))
}

async fn streams(Space(stub): Space) -> Json<StreamList> {
    Json(StreamList {
        streams: stub.feed().list(),
        counts: stub.feed().counts(),
    })
}

async fn order(Space(stub): Space, Text(body): Text) -> Answer<Reached> {
    let order: FeedOrder = from_json(&body)?;
    order.check("order")?;
    let streams = stub.feed().act(stub.now(), &order);
    Ok(Json(Reached { streams }))
}

async fn history(Space(stub): Space, Text(body): Text) -> Result<StatusCode, Failure> {
    let order: HistoryOrder = from_json(&body)?;
    order.check("order")?;
    let HistoryOrder { channel, act } = order;
    match act {
        HistoryAct::Keep(keep) => stub.feed().trim(&channel, keep),
        HistoryAct::NewEpoch => stub.feed().lose(stub.now(), &channel, 0),
        HistoryAct::NewEpochAt(offset) => stub.feed().lose(stub.now(), &channel, offset),
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn announce(Space(stub): Space, Text(body): Text) -> Answer<Announced> {
    let said: Announcement = from_json(&body)?;
    let position = stub.feed().announce(stub.now(), said);
    let full = || Failure::too_many("there is no room for another channel");
    let position = position.ok_or_else(full)?;
    Ok(Json(Announced { position }))
}

async fn install(
    stub: &Stub,
    program: FaultProgram,
    preset: Option<Preset>,
) -> Answer<FaultProgram> {
    stub.install(program.clone(), preset)
        .await
        .map_err(cannot_open)?;
    Ok(Json(program))
}

fn cannot_open(error: std::io::Error) -> Failure {
    Failure::internal(format!("the API's port cannot be opened again: {error}"))
}

#[cfg(test)]
#[path = "control_tests.rs"]
mod tests;
