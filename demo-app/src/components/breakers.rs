//! The circuit breaker of each route.

use leptos::prelude::*;
use tidegate::{BreakerState, ScopeHealth};

use super::Shape;
use crate::address::Addresses;
use crate::sentence::route;
use crate::tide::Tide;
use crate::words;

/// One row for each route that was asked so far.
#[component]
pub(crate) fn Breakers() -> impl IntoView {
    let base = expect_context::<Addresses>().api;
    let health = Tide::of_context().health;
    let scopes = Memo::new(move |_| health.with(|health| health.scopes.clone()));
    let rows = move || {
        scopes
            .get()
            .into_iter()
            .map(|scope| row(&scope, &base))
            .collect_view()
    };
    view! {
        <section aria-labelledby="breakers">
            <h2 id="breakers">"Circuit breakers"</h2>
            <ul class="breakers">{rows}</ul>
        </section>
    }
}

fn row(scope: &ScopeHealth, base: &str) -> impl IntoView + use<> {
    let (shape, state) = words_of(scope.breaker);
    view! {
        <li data-testid="breaker" data-scope=scope.scope.to_string() data-state=scope.breaker.as_str()>
            <code>{route(&scope.scope, base).to_owned()}</code>
            <strong>{shape} {state}</strong>
            <span class="muted">{evidence(scope.failures, scope.calls)}{times(scope)}</span>
            <span class="next">{next(scope)}</span>
        </li>
    }
}

fn words_of(state: BreakerState) -> (Shape, &'static str) {
    match state {
        BreakerState::Closed => (Shape::Disc, "Closed"),
        BreakerState::Isolated => (Shape::Square, "Isolated"),
        BreakerState::Open => (Shape::Square, "Open"),
        _ => (Shape::Half, "Half open"),
    }
}

fn evidence(failures: u32, calls: u32) -> String {
    match calls {
        0 => "no recent attempts".into(),
        calls => format!("{failures} of {calls} attempts failed"),
    }
}

/// How long half of the answers took at most, and all but the slowest percent.
fn times(scope: &ScopeHealth) -> Option<String> {
    let latency = scope.latency.as_ref()?;
    Some(format!(
        "; {}, slowest {}",
        words::wait(latency.p50_ms),
        words::wait(latency.p99_ms)
    ))
}

fn next(scope: &ScopeHealth) -> Option<String> {
    let due = scope
        .probe_in_ms
        .or(Some(scope.retry_in_ms).filter(|ms| *ms > 0));
    due.map(|ms| format!("next try in {}", words::countdown(ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_without_attempts_has_no_evidence() {
        assert_eq!(
            [evidence(0, 0), evidence(6, 8)],
            ["no recent attempts", "6 of 8 attempts failed"]
        );
    }
}
