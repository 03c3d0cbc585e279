//! What a fleet asks of a client.

/// What a client does next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Act {
    /// It opens a socket, by this number of its own.
    Connect(u64),
    /// It waits until then, in microseconds after the drop; for ever, if there is no such time.
    Wait(Option<u64>),
}

/// A client that was dropped at 0.
pub(super) trait Client {
    /// What to do now. To ask once too often changes nothing.
    fn poll(&mut self, now: u64) -> Act;

    /// Its attempt was refused, or closed.
    fn refused(&mut self, now: u64, link: u64);

    /// It is its turn. Whether it is still there.
    fn accepted(&mut self, now: u64, link: u64) -> bool;
}
