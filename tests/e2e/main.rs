//! The demo and the npm package in a real browser, against a backend that is killed, comes back and fails on demand.
//!
//! Each spec starts its own stub, site and browser and shares nothing with the others but the npm project, which is installed and
//! built once. Nothing sleeps: a spec waits for what a visitor would see, or for the stub's journal.

mod fixture;
mod pages;
mod specs;
