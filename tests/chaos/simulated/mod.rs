//! `--simulated`: the same laws in virtual time, for the core alone: pages that are killed, frozen and stopped are machines that are dropped or not
//! polled, the disk is a map that sometimes fails, the backend a table of keys. A million writes take minutes.

mod backend;
mod disk;
mod page;
mod world;

pub(crate) use world::simulate;
