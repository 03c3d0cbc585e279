//! A data-governance dashboard in which anyone sees graceful degradation happen. `README.md` says what to look at.

#![expect(
    unreachable_pub,
    reason = "`#[component]` writes `pub` where the component says `pub(crate)`"
)]

mod address;
mod announce;
mod api;
mod app;
mod catalogue_url;
mod components;
mod control;
mod feed;
mod kept;
mod note;
mod pages;
mod person;
mod random;
mod screen;
mod sentence;
mod shown;
mod tide;
mod words;
mod writes;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
