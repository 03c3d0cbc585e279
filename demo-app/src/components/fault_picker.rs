//! The switches that break the backend.

use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate_contract::{PresetInfo, PresetList};

use crate::address::Addresses;
use crate::announce::Topic;
use crate::control;
use crate::tide::Tide;

/// What is known of the control listener.
#[derive(Clone, Debug, PartialEq)]
enum Stub {
    Asking,
    Gone,
    Running(PresetList),
}

/// A button for each way of going wrong. Choosing one makes the page ask again, to show what comes of it.
#[component]
pub(crate) fn FaultPicker() -> impl IntoView {
    let base = StoredValue::new(expect_context::<Addresses>().control);
    let tide = Tide::of_context();
    let stub = RwSignal::new(Stub::Asking);
    let look = move || {
        spawn_local(async move {
            let found = control::presets(&base.get_value()).await;
            stub.try_set(found.map_or(Stub::Gone, Stub::Running));
        });
    };
    let choose = move |preset: PresetInfo| {
        spawn_local(async move {
            if control::put_preset(&base.get_value(), &preset.name)
                .await
                .is_some()
            {
                tide.say(
                    Topic::Backend,
                    format!("{} is in force. {}", preset.title, preset.description),
                );
                tide.changed.update(|times| *times += 1);
            }
            look();
        });
    };
    look();
    // A recovery may be somebody's doing from the command line, and so may anything while this page was not looked at.
    Effect::watch(move || tide.recovered.get(), move |_, _, _| look(), false);
    let focused = window_event_listener(leptos::ev::focus, move |_| look());
    on_cleanup(move || focused.remove());

    let body = move || match stub.get() {
        Stub::Asking => view! { <p class="muted">"Asking the stub…"</p> }.into_any(),
        Stub::Gone => view! {
            <div class="gone" data-testid="stub-gone">
                <p>"The stub is not running: start it with " <code>"cargo xtask demo"</code> "."</p>
                <button type="button" class="quiet" on:click=move |_| look()>"Look again"</button>
            </div>
        }
        .into_any(),
        Stub::Running(list) => {
            let current = list.current;
            let presets = list.presets.into_iter().map(|preset| {
                let pressed = current.as_ref() == Some(&preset.name);
                let chosen = preset.clone();
                view! {
                    <li>
                        <button
                            type="button"
                            data-testid=format!("preset-{}", preset.name)
                            aria-pressed=pressed.to_string()
                            on:click=move |_| choose(chosen.clone())
                        >
                            <strong>{preset.title}</strong>
                            <span>{preset.description}</span>
                        </button>
                    </li>
                }
            });
            view! { <ul class="presets">{presets.collect_view()}</ul> }.into_any()
        }
    };
    view! {
        <section aria-labelledby="faults">
            <h2 id="faults">"Break the backend"</h2>
            {body}
        </section>
    }
}
