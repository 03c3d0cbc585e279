//! States as shapes, so that nobody needs to tell colours apart.

use leptos::prelude::*;

/// How things stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    /// A full disc: as it should be.
    Disc,
    /// A half disc: in between.
    Half,
    /// A square: nothing goes.
    Square,
}

impl IntoRender for Shape {
    type Output = AnyView;

    fn into_render(self) -> AnyView {
        let inner = match self {
            Shape::Disc => view! { <circle cx="6" cy="6" r="5" /> }.into_any(),
            Shape::Half => view! {
                <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" stroke-width="1.5" />
                <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" />
            }
            .into_any(),
            Shape::Square => view! { <rect x="1.5" y="1.5" width="9" height="9" rx="1" /> }.into_any(),
        };
        view! { <svg class="shape" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">{inner}</svg> }.into_any()
    }
}
