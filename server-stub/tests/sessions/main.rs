//! The core's `Session` against the stub over real sockets: killed at random points with messages flowing both ways, in order, nothing
//! lost, nothing twice; read anew when what it missed is gone; on the next connection before the last one goes.
//!
//! No test sleeps. The session's clock is the driver's: it stands still while anything can be heard, and jumps to the session's next
//! deadline when nothing can.

#![allow(clippy::unwrap_used)] // A test that unwraps fails where it should.

mod driver;
mod kills;
mod moves;
mod peer;
mod words;
