//! Who is signed in, and signing out.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::Api;
use crate::person::Person;
use crate::tide::Tide;

/// Two people to sign in as; then, whoever it is, and the way out. Either begins the page anew, so that nothing of the one is left for the
/// other.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let present = Person::present();
    let leaving = RwSignal::new(false);
    let stuck = RwSignal::new(false);
    let tide = Tide::of_context();
    let sign_out = move |_| {
        leaving.set(true);
        stuck.set(false);
        let client = Api::of_context_client();
        spawn_local(async move {
            match client.log_out().await {
                Ok(()) => begin_anew(None),
                Err(_) => {
                    leaving.set(false);
                    stuck.set(true);
                }
            }
        });
    };
    // Somebody signed out in another tab.
    Effect::watch(
        move || tide.expelled.get(),
        move |_, _, _| begin_anew(None),
        false,
    );
    match present {
        Some(person) => view! {
            <div class="sign-in" data-testid="signed-in" data-person=person.name()>
                <span>"Signed in as " <strong>{person.name()}</strong></span>
                <button type="button" data-testid="sign-out" aria-disabled=move || leaving.get().to_string() on:click=sign_out>
                    {move || if leaving.get() { "Signing out…" } else { "Sign out" }}
                </button>
                <Show when=move || stuck.get()>
                    <span role="alert">"What is kept could not be erased: try again, or clear this site’s data."</span>
                </Show>
            </div>
        }
        .into_any(),
        None => view! {
            <div class="sign-in" data-testid="signed-out">
                <span class="muted">"Sign in as"</span>
                {Person::ALL
                    .map(|person| {
                        view! {
                            <button type="button" data-testid="sign-in" data-person=person.name() on:click=move |_| begin_anew(Some(person))>
                                {person.name()}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        }
        .into_any(),
    }
}

fn begin_anew(person: Option<Person>) {
    Person::remember(person);
    // It throws only where the page is being left already.
    let _ = window().location().reload();
}
