//! The page with the npm package: what an application sees of it, and what can be done to the browser's storage behind its back.

mod people;
mod reading;
mod socket;
mod storage;
mod window;

pub(crate) use reading::{Running, asset};
pub(crate) use storage::Mode;
pub(crate) use window::PackagePage;
