//! One question of a page: asked again when that makes sense, its screen kept up to date.
//!
//! A page that is left, or asks another question, aborts the call that is under way.

use std::future::Future;

use futures::future::abortable;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{Loaded, Trouble};
use crate::screen::Screen;
use crate::tide::{self, Tide};

/// A question's screen, kept up to date. A copyable handle.
#[derive(Debug)]
pub(crate) struct Shown<T: 'static> {
    pub(crate) screen: RwSignal<Screen<T>>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Shown<T> {
    /// Asks at once, whenever the question changes, when told to, and when the backend is back and what is shown is not live.
    pub(crate) fn new<Q, F>(question: Memo<Q>, ask: impl Fn(Q) -> F + 'static) -> Shown<T>
    where
        Q: Clone + PartialEq + Send + Sync + 'static,
        F: Future<Output = Result<Loaded<T>, Trouble>> + 'static,
    {
        let shown = Shown {
            screen: RwSignal::new(Screen::new()),
            again: RwSignal::new(0),
        };
        let tide = Tide::of_context();
        Effect::watch(
            move || tide.recovered.get(),
            move |_, _, _| {
                if shown.screen.with_untracked(Screen::hopes) {
                    shown.ask_again();
                }
            },
            false,
        );
        Effect::watch(
            move || tide.changed.get(),
            move |_, _, _| shown.ask_again(),
            false,
        );
        Effect::new(move |earlier: Option<Q>| {
            let question = question.get();
            shown.again.track();
            shown
                .screen
                .update(|screen| screen.ask(earlier.as_ref() == Some(&question)));
            let (answer, handle) = abortable(ask(question.clone()));
            on_cleanup(move || handle.abort());
            spawn_local(async move {
                if let Ok(result) = answer.await {
                    shown
                        .screen
                        .try_update(|screen| screen.settle(result, tide::now()));
                }
            });
            question
        });
        shown
    }

    /// Asks the same question again.
    pub(crate) fn ask_again(self) {
        self.again.update(|times| *times += 1);
    }

    /// Whether an answer is under way, as an attribute has it.
    pub(crate) fn busy(self) -> Signal<&'static str> {
        Signal::derive(move || {
            if self.screen.with(Screen::asking) {
                "true"
            } else {
                "false"
            }
        })
    }

    /// Something of the screen, as a signal that changes only when it does.
    pub(crate) fn memo<U>(self, read: impl Fn(&Screen<T>) -> U + Send + Sync + 'static) -> Memo<U>
    where
        U: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.screen.with(&read))
    }
}

// Derived, they would ask `T` to be copyable.
impl<T> Clone for Shown<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Shown<T> {}
