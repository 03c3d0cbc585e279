//! Calls in virtual time: each test arranges a world, lets time pass because it says so, and looks at what came out.

mod calls;
mod laws;
mod world;
