//! Two people have changed one description: both texts, and the ways out.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate_contract::AssetPatch;

use crate::tide::Tide;
use crate::writes::{Change, Dispute, Way, Writes};

/// What is known of the other text.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    Asking,
    Nothing,
    Both(Dispute),
}

/// Asks what there is now, and has somebody decide.
#[component]
pub(crate) fn Settle(id: u64, settled: Callback<()>) -> impl IntoView {
    let writes = Writes::of_context();
    let found = RwSignal::new(Found::Asking);
    let ask = move || {
        found.set(Found::Asking);
        spawn_local(async move {
            let Ok(dispute) = writes.dispute(id).await else {
                found.try_set(Found::Nothing);
                return;
            };
            // Nobody is overruled: there is nothing to ask.
            if let Some(way) = dispute.is_settled()
                && writes.resolve(id, dispute.clone(), way).await.is_ok()
            {
                return;
            }
            found.try_set(Found::Both(dispute));
        });
    };
    ask();
    // The other text can be had again.
    let tide = Tide::of_context();
    Effect::watch(
        move || tide.recovered.get(),
        move |_, _, _| {
            if found.with_untracked(|found| *found == Found::Nothing) {
                ask();
            }
        },
        false,
    );
    move || match found.get() {
        Found::Asking => view! { <p class="muted">"Asking what there is now…"</p> }.into_any(),
        Found::Nothing => view! {
            <div class="actions">
                <p class="muted">"What there is now cannot be had at the moment."</p>
                <button type="button" class="quiet" on:click=move |_| ask()>"Ask again"</button>
            </div>
        }
        .into_any(),
        Found::Both(dispute) => view! { <Ways id dispute settled /> }.into_any(),
    }
}

#[component]
fn Ways(id: u64, dispute: Dispute, settled: Callback<()>) -> impl IntoView {
    let writes = Writes::of_context();
    let area = NodeRef::<Textarea>::new();
    let refused = RwSignal::new(None::<String>);
    let mine = match &dispute.mine {
        Change::Description { text, .. } => text.clone(),
        other => other.words(),
    };
    let theirs = dispute.theirs.clone();
    let both = format!("{theirs}\n{mine}");
    let dispute = StoredValue::new(dispute);
    let take = move |way: Way| {
        spawn_local(async move {
            match writes.resolve(id, dispute.get_value(), way).await {
                Ok(()) => settled.run(()),
                Err(why) => {
                    refused.try_set(Some(why.0));
                }
            }
        });
    };
    let merge = move |_| {
        let text = area.get_untracked().map(|area| area.value());
        match text.map(|text| text.trim().to_owned()) {
            Some(text) if !text.is_empty() => take(Way::Merged(text)),
            _ => refused.set(Some("A description cannot be empty.".into())),
        }
    };
    let name = format!("merge-{id}");
    view! {
        <div class="dispute" data-testid="dispute">
            <dl>
                <div><dt>"There is now"</dt><dd data-testid="theirs">{theirs}</dd></div>
                <div><dt>"You wrote"</dt><dd data-testid="mine">{mine}</dd></div>
            </dl>
            <div class="actions">
                <button type="button" data-testid="keep-mine" on:click=move |_| take(Way::Mine)>"Keep mine"</button>
                <button type="button" class="quiet" data-testid="keep-theirs" on:click=move |_| take(Way::Theirs)>"Keep theirs"</button>
            </div>
            <label for=name.clone()>"Or make one text of both"</label>
            <textarea id=name node_ref=area rows="4" maxlength=AssetPatch::MAX_DESCRIPTION.to_string() data-testid="merged">{both}</textarea>
            <div class="actions">
                <button type="button" class="quiet" data-testid="keep-merged" on:click=merge>"Save this text"</button>
            </div>
            <p role="alert" class="alert">{refused}</p>
        </div>
    }
}
