//! Calls in virtual time: each test arranges a world, lets time pass because it says so, and looks at what came out.

mod breaker;
mod cache;
mod laws;
mod limit;
mod offline;
mod recovery;
mod reports;
mod retries;
mod world;
