//! Page objects: what a visitor sees and does, without selectors. Each look is one script, so that it sees the page at one moment.

pub(crate) mod ann;
mod asset_page;
mod badge;
mod catalogue;
mod description;
mod dom;
mod feed;
mod package_page;
mod panel;
mod people;
mod plain_page;
mod plain_streams;
mod requests;
mod tagging;
mod tray;
mod vite_app;
mod worker_page;

pub(crate) use badge::Source;
pub(crate) use catalogue::{Catalogue, List};
pub(crate) use description::Description;
pub(crate) use feed::FeedPage;
pub(crate) use package_page::{Mode, PackagePage, Running, asset};
pub(crate) use panel::{Breaker, Panel};
pub(crate) use people::People;
pub(crate) use plain_page::{Answer, Outcome, PlainPage};
pub(crate) use plain_streams::Close;
pub(crate) use requests::Requests;
pub(crate) use tagging::Tagging;
pub(crate) use tray::Tray;
pub(crate) use vite_app::{Shown, ViteApp};
pub(crate) use worker_page::{WorkerPage, switched_off};
