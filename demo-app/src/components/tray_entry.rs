//! One entry of the tray.

use js_sys::Date;
use leptos::prelude::*;
use tidegate::EntryState;

use super::Settle;
use crate::person::Person;
use crate::tide::Tide;
use crate::writes::{Change, Mood, Queued, Writes, mood, state};

/// What it is, where it stands, and what can be done about it. `settled` is called when a button is about to go with its entry.
#[component]
pub(crate) fn TrayEntry(id: u64, settled: Callback<()>) -> impl IntoView {
    let writes = Writes::of_context();
    let now = Tide::of_context().now;
    let entry = Memo::new(move |_| {
        writes
            .queued
            .with(|queued| queued.iter().find(|entry| entry.id == id).cloned())
    });
    let words = move || entry.with(|entry| entry.as_ref().map(|entry| entry.words.clone()));
    let told = Memo::new(move |_| {
        // Rests count down.
        now.track();
        entry.with(|entry| Some(state(entry.as_ref()?, Date::now() as u64)))
    });
    let is = move |look: fn(&Queued) -> bool| {
        Memo::new(move |_| entry.with(|entry| entry.as_ref().is_some_and(look)))
    };
    let is_stuck = is(|entry| mood(entry) == Mood::Stuck);
    let is_sending = is(|entry| entry.state == EntryState::Sending);
    let is_parked = is(|entry| entry.state == EntryState::Parked);
    let is_doubtful = is(|entry| entry.state == EntryState::InDoubt);
    let may_go = is(|entry| {
        let may = [EntryState::Resting, EntryState::Dead, EntryState::InDoubt];
        may.contains(&entry.state) && !entry.is_conflict()
    });
    let is_disputed =
        is(|entry| entry.is_conflict() && matches!(entry.change, Some(Change::Description { .. })));
    let is_decided = is(|entry| {
        entry.is_conflict() && !matches!(entry.change, Some(Change::Description { .. }))
    });
    let stands = move || entry.with(|entry| entry.as_ref().map(|it| it.state.as_str()));
    let reason = move || {
        entry.with(|entry| {
            entry
                .as_ref()
                .and_then(|it| it.reason)
                .map(|it| it.as_str())
        })
    };
    // Nothing is asked for a tray that nobody opens; what was written in it once stays when it is closed.
    let is_looked_at = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or_default() || writes.open.get()
    });
    let discard = move |_| {
        writes.discard(id);
        settled.run(());
    };
    let again = move |_| {
        writes.again(id);
        settled.run(());
    };
    let sign_in = match Person::present() {
        Some(person) => format!("Sign in again as {}", person.name()),
        None => "Try again".into(),
    };
    view! {
        <li
            class="entry"
            data-testid="entry"
            data-id=id.to_string()
            data-state=stands
            data-reason=reason
            data-stuck=move || is_stuck.get().to_string()
        >
            <div class="what">
                <strong>{words}</strong>
                <span class="state" data-testid="entry-state">{told}</span>
            </div>
            <Show when=move || is_decided.get()>
                <p class="muted">"What the others decided stands; yours is not needed any more."</p>
            </Show>
            <div class="actions">
                <Show when=move || is_parked.get()>
                    <button type="button" data-testid="entry-sign-in" on:click=move |_| writes.sign_in_again()>{sign_in.clone()}</button>
                </Show>
                <Show when=move || may_go.get()>
                    <button type="button" class="quiet" data-testid="entry-again" on:click=again>"Try again now"</button>
                </Show>
                <Show when=move || is_doubtful.get()>
                    <button type="button" class="quiet" data-testid="entry-confirm" on:click=move |_| writes.confirm(id)>"It was saved"</button>
                </Show>
                <Show when=move || !is_sending.get() && !is_disputed.get()>
                    <button type="button" class="quiet" data-testid="entry-discard" on:click=discard>
                        {move || if is_decided.get() { "All right" } else if is_stuck.get() { "Give it up" } else { "Undo" }}
                        <span class="unseen">{move || words().map(|words| format!(": {words}"))}</span>
                    </button>
                </Show>
            </div>
            <Show when=move || is_looked_at.get() && is_disputed.get()>
                <Settle id settled />
            </Show>
        </li>
    }
}
