//! What happens to the feed: it is killed, sent away, or loses its history. What is told on it goes on meanwhile.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::address::Addresses;
use crate::announce::Topic;
use crate::control;
use crate::feed::Feed;
use crate::tide::Tide;

/// Long enough that something happens.
const AWAY_MS: u64 = 10_000;
/// Long enough that somebody sees it go.
const FORGETTING_MS: u64 = 4_000;

#[derive(Clone, Copy, Debug)]
enum Fault {
    Drop,
    Kill,
    Lose,
}

/// A button for each.
#[component]
pub(crate) fn FeedFaults() -> impl IntoView {
    let control = StoredValue::new(expect_context::<Addresses>().control);
    let (tide, feed) = (Tide::of_context(), Feed::of_context());
    let said = RwSignal::new(None::<String>);
    let order = move |fault: Fault| {
        let client = feed.client();
        spawn_local(async move {
            let told = carry_out(fault, &control.get_value(), &client).await;
            let told = told.unwrap_or("The stub did not do it.");
            tide.say(Topic::Backend, told.into());
            said.try_set(Some(told.into()));
        });
    };
    let button = move |fault: Fault, testid: &'static str, label: &'static str| {
        view! {
            <button type="button" class="quiet" data-testid=testid on:click=move |_| order(fault)>
                {label}
            </button>
        }
    };
    view! {
        <section aria-labelledby="feed-faults">
            <h2 id="feed-faults">"While the feed runs"</h2>
            <div class="rival">
                {button(Fault::Kill, "feed-kill", "Kill the feed")}
                {button(Fault::Drop, "feed-drop", "Drop it for 10 s while things happen")}
                {button(Fault::Lose, "feed-lose", "Lose the history")}
                <p class="muted" data-testid="feed-said">
                    {move || said.get().unwrap_or_else(|| "Then look at Activity.".into())}
                </p>
            </div>
        </section>
    }
}

/// What came of it, unless the stub did not do it.
async fn carry_out(fault: Fault, control: &str, client: &str) -> Option<&'static str> {
    let reached = match fault {
        Fault::Drop => control::drop_feed(control, client, AWAY_MS).await?,
        Fault::Kill => control::kill_feed(control, client).await?,
        Fault::Lose => {
            let reached = control::drop_feed(control, client, FORGETTING_MS).await?;
            control::lose_history(control).await?;
            reached
        }
    };
    Some(match (fault, reached) {
        (Fault::Drop | Fault::Kill, 0) => "The feed is away already.",
        (Fault::Drop, _) => "The feed is told to come back after 10 s.",
        (Fault::Kill, _) => "The feed’s connection is cut without a word.",
        (Fault::Lose, _) => {
            "The backend has forgotten what it told, and sends the feed away for 4 s."
        }
    })
}
