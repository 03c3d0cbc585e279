//! What the SDK counts of the feed's socket.

use leptos::prelude::*;

use crate::feed::{Board, Feed};
use crate::words::{grouped, wait};

/// The figures, for those who open them.
#[component]
pub(crate) fn FeedFigures() -> impl IntoView {
    let feed = Feed::of_context();
    let figures = Memo::new(move |_| {
        let again = feed.board.with(Board::again);
        let passed_over = feed.story.with(|story| story.passed_over);
        feed.health.with(|health| {
            let health = health.as_ref()?;
            let down = health.downtime_ms.map_or_else(|| "none".into(), wait);
            Some([
                ("opened", "Connections", grouped(health.opened)),
                ("attempts", "Attempts", grouped(health.attempts)),
                ("gaps", "Gaps asked for", grouped(health.gaps)),
                (
                    "duplicates",
                    "Duplicates dropped",
                    grouped(health.duplicates + again),
                ),
                ("snapshots", "Lists loaded anew", grouped(health.snapshots)),
                ("passed-over", "Messages passed over", grouped(passed_over)),
                (
                    "nonsense",
                    "Frames not understood",
                    grouped(health.nonsense),
                ),
                ("down", "Without a connection for", down),
            ])
        })
    });
    let rows = move || {
        let figures = figures.get().into_iter().flatten();
        figures
            .map(|(name, label, figure)| {
                view! {
                    <div>
                        <dt>{label}</dt>
                        <dd data-testid=format!("feed-{name}")>{figure}</dd>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <details class="feed-figures">
            <summary>"What the SDK counts of it"</summary>
            <dl class="counters">{rows}</dl>
        </details>
    }
}
