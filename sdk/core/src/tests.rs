//! Calls in virtual time: each test arranges a world, lets time pass because it says so, and looks at what came out.

mod asked;
mod breaker;
mod breaker_knobs;
mod budget;
mod cache;
mod deeds;
mod endings;
mod figures;
mod gate;
mod hedged;
mod laws;
mod limit;
mod mayhem;
mod offline;
mod pace;
mod recovery;
mod reports;
mod retries;
mod routes;
mod stuck;
mod tempo;
mod usual;
mod world;
