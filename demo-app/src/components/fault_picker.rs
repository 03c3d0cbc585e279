//! The switches that break the backend.

use leptos::prelude::*;
use leptos::task::spawn_local;
use tidegate_contract::{Preset, PresetGroup, PresetInfo};

use super::Pool;
use crate::address::Addresses;
use crate::announce::Topic;
use crate::control;
use crate::tide::Tide;

/// What is known of the control listener.
#[derive(Clone, Debug, PartialEq)]
enum Stub {
    Asking,
    Gone,
    Running(Vec<PresetInfo>),
}

/// A button for each way of going wrong, by what it is about. Choosing one makes the page ask again, to show what comes of it.
#[component]
pub(crate) fn FaultPicker() -> impl IntoView {
    let base = StoredValue::new(expect_context::<Addresses>().control);
    let tide = Tide::of_context();
    let stub = RwSignal::new(Stub::Asking);
    let in_force = RwSignal::new(None::<String>);
    let look = move || {
        spawn_local(async move {
            let found = match control::presets(&base.get_value()).await {
                Some(list) => {
                    in_force.try_set(list.current);
                    Stub::Running(list.presets)
                }
                None => Stub::Gone,
            };
            // The same list again must not close what is open, or take the focus away.
            stub.try_maybe_update(|known| {
                let is_news = *known != found;
                *known = found;
                (is_news, ())
            });
        });
    };
    let choose = Callback::new(move |preset: PresetInfo| {
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
    });
    look();
    // A recovery may be somebody's doing from the command line, and so may anything while this page was not looked at.
    Effect::watch(
        move || (tide.recovered.get(), tide.changed.get()),
        move |_, _, _| look(),
        false,
    );
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
        Stub::Running(presets) => view! { <Presets presets in_force choose /> }.into_any(),
    };
    view! {
        <section aria-labelledby="faults">
            <h2 id="faults">"Break the backend"</h2>
            {body}
        </section>
    }
}

/// What is in force, the way back to health, and the rest in groups.
#[component]
fn Presets(
    presets: Vec<PresetInfo>,
    in_force: RwSignal<Option<String>>,
    choose: Callback<PresetInfo>,
) -> impl IntoView {
    let (healthy, faults): (Vec<_>, Vec<_>) = presets
        .into_iter()
        .partition(|preset| preset.name == Preset::Healthy.name());
    // The one in force is not hidden from who opens the page. In health, what is felt at once comes first.
    let first = in_force
        .get_untracked()
        .and_then(|name| faults.iter().find(|preset| preset.name == name))
        .map_or(PresetGroup::Requests, |preset| preset.group);
    let groups = PresetGroup::ALL.map(|group| {
        let mut presets = faults.clone();
        presets.retain(|preset| preset.group == group);
        let names: Vec<_> = presets.iter().map(|preset| preset.name.clone()).collect();
        let (names, count) = (names.join(" "), names.len().to_string());
        let titles = presets.clone();
        let chosen = move || {
            let name = in_force.get()?;
            let here = titles.iter().find(|preset| preset.name == name)?;
            Some(format!("✓ {}", here.title))
        };
        view! {
            <details name="faults" open=group == first data-presets=names>
                <summary>
                    <strong>{group.title()}</strong>
                    <span>{move || chosen().unwrap_or_else(|| count.clone())}</span>
                </summary>
                <Choices presets in_force choose />
            </details>
        }
    });
    let other = move || {
        in_force.get().is_none().then(|| {
            view! { <p class="muted">"A program of somebody's own is in force."</p> }
        })
    };
    let is_about_the_pool = move || {
        let preset = in_force.read().as_ref()?.parse::<Preset>().ok()?;
        (preset.group() == PresetGroup::Backend).then_some(())
    };
    let is_about_the_pool = Memo::new(move |_| is_about_the_pool().is_some());
    view! {
        <div class="faults">
            {other}
            <Choices presets=healthy in_force choose />
            <Show when=move || is_about_the_pool.get()>
                <Pool />
            </Show>
            {groups.into_iter().collect_view()}
        </div>
    }
}

/// A button for each.
#[component]
fn Choices(
    presets: Vec<PresetInfo>,
    in_force: RwSignal<Option<String>>,
    choose: Callback<PresetInfo>,
) -> impl IntoView {
    let choices = presets.into_iter().map(|preset| {
        let name = preset.name.clone();
        let pressed = move || (in_force.read().as_ref() == Some(&name)).to_string();
        let chosen = preset.clone();
        view! {
            <li>
                <button
                    type="button"
                    data-testid=format!("preset-{}", preset.name)
                    aria-pressed=pressed
                    on:click=move |_| choose.run(chosen.clone())
                >
                    <strong>{preset.title}</strong>
                    <span>{preset.description}</span>
                </button>
            </li>
        }
    });
    view! { <ul class="presets">{choices.collect_view()}</ul> }
}
