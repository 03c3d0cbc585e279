//! Who is signed in. The demo backend believes everybody: what matters here is that two people are kept apart.

use leptos::prelude::window;
use web_sys::Storage;

/// Shared by the tabs, as a session's cookie would be.
const KEY: &str = "tidegate-demo-person";

/// Somebody who can sign in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Person {
    Ana,
    Ben,
}

impl Person {
    pub(crate) const ALL: [Person; 2] = [Person::Ana, Person::Ben];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Person::Ana => "Ana",
            Person::Ben => "Ben",
        }
    }

    /// What they look after.
    pub(crate) fn domain(self) -> &'static str {
        match self {
            Person::Ana => "finance",
            Person::Ben => "marketing",
        }
    }

    /// What the SDK knows them by.
    pub(crate) fn identity(self) -> String {
        self.name().to_lowercase()
    }

    /// What their requests say of them.
    pub(crate) fn authorization(self) -> String {
        format!("Bearer demo-{}", self.identity())
    }

    /// Whoever is signed in in this browser.
    pub(crate) fn present() -> Option<Person> {
        let name = storage()?.get_item(KEY).ok()??;
        Person::ALL.into_iter().find(|person| person.name() == name)
    }

    /// Somebody signs in, or out. Where the browser has no storage it does not last beyond the page.
    pub(crate) fn remember(person: Option<Person>) {
        let Some(storage) = storage() else { return };
        let _ = match person {
            Some(person) => storage.set_item(KEY, person.name()),
            None => storage.remove_item(KEY),
        };
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}
