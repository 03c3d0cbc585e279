//! Calls in virtual time: each test arranges a world, lets time pass because it says so, and looks at what came out.

mod breaker;
mod breaker_knobs;
mod budget;
mod cache;
mod gate;
mod laws;
mod limit;
mod offline;
mod pace;
mod recovery;
mod reports;
mod retries;
mod stuck;
mod tempo;
mod usual;
mod world;
