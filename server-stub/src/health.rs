//! What the health endpoint says of the backend: the truth, or what the program wants it to say; and the hint for clients, which is
//! always true.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tidegate_contract::Health;

use tidegate_core::Instant;
use tidegate_hint::{Hint, Readiness};

use crate::stub::Stub;
use crate::world::World;

/// 200 or 503, with how long a request would wait.
pub(crate) async fn health(State(stub): State<Stub>) -> Response {
    let now = stub.now();
    let mut world = stub.world();
    let age_ms = world.age(now).as_millis();
    let fine = match world.program().health {
        Health::AlwaysFailing => false,
        // Whatever comes out of the pool is well.
        Health::AlwaysFine | Health::ThroughPool => true,
        Health::Flapping { every_ms } => (age_ms / every_ms.max(1)).is_multiple_of(2),
        Health::Honest | Health::Slow { .. } => world.is_ready(now),
    };
    let (status, word) = if fine {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "failing")
    };
    let wait_ms = world.backend().estimated_wait(now).as_millis();
    // Kept by a cache, it would be about another moment.
    let store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let body = json!({ "status": word, "waitMs": wait_ms });
    (status, store, axum::Json(body)).into_response()
}

/// The readiness document, for clients that know the protocol.
pub(crate) async fn ready(State(stub): State<Stub>) -> Readiness {
    let now = stub.now();
    let mut world = stub.world();
    Readiness {
        ready: world.is_ready(now),
        hint: current(&mut world, now),
    }
}

/// The hint that goes with every answer, if the program says so.
pub(crate) fn hint(stub: &Stub) -> Option<Hint> {
    let now = stub.now();
    let mut world = stub.world();
    let wanted = world.program().hints;
    wanted.then(|| current(&mut world, now))
}

fn current(world: &mut World, now: Instant) -> Hint {
    let level = u16::try_from(world.level(now)).unwrap_or(Hint::FULL);
    let wait = world.backend().estimated_wait(now).as_millis();
    let wait = u32::try_from(wait).unwrap_or(Hint::MAX_WAIT_MS);
    Hint::new(
        level.min(Hint::FULL),
        wait.min(Hint::MAX_WAIT_MS),
        Hint::DEFAULT_TTL,
    )
    .expect("every part is within its bounds")
}
