//! In place of what cannot be shown: what happened, until when, and what to do.

use leptos::prelude::*;
use leptos_router::components::A;

use super::Badge;
use crate::api::Trouble;
use crate::note::Note;
use crate::screen::Screen;
use crate::shown::Shown;
use crate::tide::Tide;
use crate::words::{self, NextTry, Subject};

/// There while there is nothing else to show. `scope` is the SDK's name of the route.
#[component]
pub(crate) fn NoAnswer<T>(shown: Shown<T>, subject: Subject, scope: String) -> impl IntoView
where
    T: Send + Sync + 'static,
{
    let trouble = shown.memo(Screen::trouble);
    let asking = shown.memo(Screen::asking);
    let health = Tide::of_context().health;
    let next = Memo::new(move |_| health.with(|health| words::next_try(health, &scope)));
    let message = move |trouble: Trouble| {
        let retry = trouble.may_pass().then(|| {
            view! {
                <p class="until">{move || until(next.get())}</p>
                <button type="button" aria-disabled=move || asking.get().to_string() on:click=move |_| shown.ask_again()>
                    {move || if asking.get() { "Trying…" } else { "Try again" }}
                </button>
            }
        });
        let back = (trouble == Trouble::Missing)
            .then(|| view! { <p><A href="/">"Go to the catalogue"</A></p> });
        let kept = trouble.may_pass().then(|| {
            let pages = Tide::of_context().kept;
            let links = move || {
                let pages = pages.get().into_iter();
                let pages = pages
                    .filter_map(|page| Some((page.href?, page.name)))
                    .take(8);
                pages
                    .map(|(href, name)| view! { <li><A href=href>{name}</A></li> })
                    .collect_view()
            };
            view! {
                <Show when=move || pages.with(|pages| pages.iter().any(|page| page.href.is_some()))>
                    <h3>"Kept on this device"</h3>
                    <ul class="kept-pages" data-testid="kept-pages">{links}</ul>
                </Show>
            }
        });
        view! {
            <section class="no-answer" data-testid="no-answer">
                <Badge note=Note::of_trouble(trouble) subject />
                <h2>{headline(trouble, subject)}</h2>
                <p>{explanation(trouble)}</p>
                {retry}
                {back}
                {kept}
            </section>
        }
    };
    move || trouble.get().map(message)
}

fn headline(trouble: Trouble, subject: Subject) -> String {
    match trouble {
        Trouble::Missing => format!(
            "{} does not exist",
            words::capitalised(&subject.to_string())
        ),
        _ => format!(
            "{} cannot be shown right now",
            words::capitalised(&subject.to_string())
        ),
    }
}

fn explanation(trouble: Trouble) -> String {
    match trouble {
        Trouble::Missing => "The backend knows nothing of this name.".into(),
        Trouble::Refused(status) => format!(
            "The backend does not take this question (status {status}). Try another search or filter."
        ),
        Trouble::Unanswered(_) => {
            "It was not opened in this browser before, so there is no kept copy to show.".into()
        }
        Trouble::Unreadable => {
            "The answer is not what this page expects. Reload the page to get its latest version."
                .into()
        }
    }
}

fn until(next: NextTry) -> String {
    match next {
        NextTry::In(ms) => format!(
            "It is tried again in {} and comes up here by itself.",
            words::countdown(ms)
        ),
        NextTry::Now => "It is being tried right now and comes up here by itself.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_and_until_when() {
        let trouble = Trouble::Unanswered(tidegate::Reason::CircuitOpen);
        assert_eq!(
            headline(trouble, Subject::Catalogue),
            "The catalogue cannot be shown right now"
        );
        assert_eq!(
            until(NextTry::In(3_200)),
            "It is tried again in 4 s and comes up here by itself."
        );
    }
}
