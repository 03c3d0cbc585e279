//! Who wants to see what, and deciding about it.

use leptos::html::Li;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use tidegate_contract::{AccessQuery, AccessRequest, AccessStatus, Page, Ruling, paths};

use super::set_title;
use crate::announce::Topic;
use crate::api::Api;
use crate::components::{NoAnswer, Standing, TableSkeleton, Unsaved};
use crate::note::Note;
use crate::screen::Screen;
use crate::shown::Shown;
use crate::tide::{self, Tide};
use crate::words::{Subject, grouped};
use crate::writes::{Change, Over, Writes};

/// The requests that nobody has decided yet.
#[component]
pub(crate) fn RequestsPage() -> impl IntoView {
    set_title(Some("Access requests"));
    let query = Memo::new(|_| AccessQuery {
        status: Some(AccessStatus::Pending),
        ..AccessQuery::default()
    });
    let api = Api::of_context();
    let scope = api.scope(paths::ACCESS_REQUESTS);
    let shown = Shown::new(query, move |query| api.clone().access_requests(query));
    announce(shown);
    let requests = shown.memo(|screen| screen.value().map(|page| page.items.clone()));
    let total = shown.memo(|screen| screen.value().map(|page| count(page.total)));
    let born = Signal::derive(move || {
        let note = shown.screen.with(Screen::note);
        note.and_then(Note::born).unwrap_or_default()
    });
    view! {
        <div class="heading">
            <div>
                <h1>"Access requests"</h1>
                <p class="muted">{move || total.get().unwrap_or_else(|| "Who wants to see what".into())}</p>
            </div>
            <Standing shown subject=Subject::Requests />
        </div>
        <NoAnswer shown subject=Subject::Requests scope />
        <Show when=move || shown.screen.with(Screen::blank)>
            <TableSkeleton />
        </Show>
        <Show when=move || requests.with(Option::is_some)>
            <section class="content" aria-label="Requests" aria-busy=shown.busy() data-asking=shown.busy()>
                <ul class="requests">
                    <For each=move || requests.get().unwrap_or_default() key=|request| request.id.clone() let:request>
                        <Row request born />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn Row(request: AccessRequest, born: Signal<f64>) -> impl IntoView {
    let writes = Writes::of_context();
    let id = request.id.clone();
    let ruled = Memo::new(move |_| writes.ruling(&id, born.get()));
    let refused = RwSignal::new(None::<String>);
    let link = format!("/assets/{}", request.asset_id);
    let who = format!("{} for {}", request.requester, request.asset_name);
    let what = StoredValue::new((request.clone(), who));
    // Its buttons come and go; the keyboard stays here.
    let place = NodeRef::<Li>::new();
    let stay = Callback::new(move |()| {
        if let Some(place) = place.get_untracked() {
            // It throws for no element.
            let _ = place.focus();
        }
    });
    let decide = move |ruling: Ruling| {
        stay.run(());
        let (request, _) = what.get_value();
        let change = Change::Ruling {
            request: request.id,
            asset_name: request.asset_name,
            requester: request.requester,
            ruling,
        };
        spawn_local(async move {
            let outcome = writes.queue(change).await;
            refused.try_set(outcome.err().map(|why| why.0));
        });
    };
    let button = move |ruling: Ruling, word: &'static str, class: &'static str| {
        let testid = word.to_lowercase();
        view! {
            <button type="button" class=class data-testid=testid on:click=move |_| decide(ruling)>
                {word} <span class="unseen">{format!(": {}", what.get_value().1)}</span>
            </button>
        }
    };
    let outcome = move || match ruled.get() {
        None => view! {
            {button(Ruling::Approve, "Approve", "")}
            {button(Ruling::Reject, "Reject", "quiet")}
        }
        .into_any(),
        Some(ruled) => {
            let word = match ruled.ruling {
                Ruling::Approve => "Approved",
                Ruling::Reject => "Rejected",
            };
            let saved = (ruled.over == Over::Saved).then_some(" and saved");
            view! {
                <strong data-testid="ruled">{word}{saved}</strong>
                <Unsaved over=ruled.over what=what.get_value().1 undone=stay />
            }
            .into_any()
        }
    };
    view! {
        <li data-testid="request" data-id=request.id tabindex="-1" node_ref=place>
            <div>
                <p><strong>{request.requester}</strong> " wants to see " <A href=link>{request.asset_name}</A></p>
                <p class="muted">{request.reason}</p>
            </div>
            <div class="actions">{outcome}</div>
            <p role="alert" class="alert">{refused}</p>
        </li>
    }
}

fn count(total: u32) -> String {
    match total {
        0 => "Nobody waits for a decision".into(),
        1 => "1 waits for a decision".into(),
        total => format!("{} wait for a decision", grouped(total.into())),
    }
}

fn announce(shown: Shown<Page<AccessRequest>>) {
    let tide = Tide::of_context();
    Effect::new(move |_| {
        let told = shown.screen.with(|screen| {
            let note = screen
                .note()
                .filter(|_| !screen.asking())?
                .sentence(tide::now(), Subject::Requests);
            Some(match screen.value() {
                Some(page) => format!("{}. {note}", count(page.total)),
                None => note,
            })
        });
        if let Some(told) = told {
            tide.say(Topic::Page, told);
        }
    });
}
