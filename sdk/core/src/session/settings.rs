//! What can be set of a socket. The rows have the form of the crate's table of settings, where they go once there is a driver to heed them.

use crate::settings::SettingsError;

macro_rules! socket_settings {
    ($($(#[doc = $doc:literal])* $name:ident = $default:literal in $min:literal ..= $max:literal;)*) => {
        /// Sockets that come back. A length of time ends in `_ms`.
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct SocketSettings {
            $(
                $(#[doc = $doc])*
                #[doc = concat!("\n\nDefault ", stringify!($default), "; from ", stringify!($min), " to ", stringify!($max), ".")]
                pub $name: u32,
            )*
        }

        impl Default for SocketSettings {
            fn default() -> SocketSettings {
                SocketSettings { $($name: $default,)* }
            }
        }

        impl SocketSettings {
            /// Checks every value against its range.
            ///
            /// # Errors
            /// Names the first setting that is out of range, and what is accepted.
            pub fn check(&self) -> Result<(), SettingsError> {
                $(if !($min..=$max).contains(&self.$name) {
                    return Err(SettingsError::OutOfRange {
                        path: crate::record::camel(concat!("socket.", stringify!($name))),
                        min: $min,
                        max: $max,
                    });
                })*
                Ok(())
            }
        }
    };
}

socket_settings! {
    /// How long a connection may take until it is open and the server has greeted. It doubles with every one that takes longer, and with
    /// nothing else: with a fixed 5 s and ten seconds of accept backlog, 87 % of 20,000 simulated clients are still down after 30 minutes,
    /// because each gives up just before its turn and joins the queue's end.
    connect_ms = 8_000 in 100..=600_000;
    /// The longest that it may take.
    connect_cap_ms = 60_000 in 100..=600_000;
    /// Over how long a fleet comes back that was dropped all at once, where the server has not said. A peak of a tenth of the fleet a
    /// second; the next try is drawn from twice this, and so on.
    window_ms = 10_000 in 0..=600_000;
    /// Over how long a client comes back whose own trouble is over, such as a tunnel's end. At once, for a person, and not in lock-step, for an
    /// office whose network is back.
    own_ms = 500 in 0..=60_000;
    /// The cap of the random wait after a first attempt that failed by itself; it doubles with every further one.
    base_ms = 1_000 in 1..=600_000;
    /// The longest random wait.
    cap_ms = 60_000 in 1..=3_600_000;
    /// The same in a page that nobody sees.
    hidden_cap_ms = 300_000 in 1..=3_600_000;
    /// The longest window that a server's word is good for. 900 s bring a million clients back at 1,100 a second; a wrong word must not be an
    /// outage of its own.
    told_cap_ms = 900_000 in 0..=3_600_000;
    /// How long a connection lasts before the next loss begins a new series of waits. Without it, two libraries open 244 and 267
    /// connections in 5 s to a server that accepts and drops.
    uptime_ms = 10_000 in 0..=600_000;
    /// Silence after which a server that does not ping is pinged, where there is a ping. The period of engine.io and Centrifugo.
    ping_ms = 25_000 in 1_000..=600_000;
    /// How much longer than its period a ping may take, and how long its answer.
    pong_ms = 10_000 in 100..=600_000;
    /// How long a connection that may be dead has to say something: after sleep, and when the network or the page is back.
    verify_ms = 5_000 in 100..=600_000;
    /// A timer that is later than this was throttled or asleep, and what it finds is looked at once more.
    late_ms = 1_000 in 0..=60_000;
    /// Frames that wait for a connection.
    queue_entries = 1_000 in 0..=100_000;
    /// Their bytes.
    queue_bytes = 1_048_576 in 0..=100_000_000;
    /// The longest that a frame waits. After five minutes nobody expects it to have been sent just now.
    queue_age_ms = 300_000 in 100..=86_400_000;
    /// Bytes that the browser may have taken and not sent; beyond it frames wait here, where they can be dropped and counted.
    high_bytes = 1_048_576 in 1..=100_000_000;
    /// Bytes at which they flow again.
    low_bytes = 262_144 in 0..=100_000_000;
    /// Acknowledged messages that may be out.
    in_flight = 64 in 1..=10_000;
    /// How long an answer of the server may take: an acknowledgement, a subscription, the closing of a gap.
    reply_ms = 10_000 in 100..=600_000;
    /// Messages of a channel that wait for its handler, or behind a gap.
    held_entries = 256 in 1..=100_000;
    /// Their bytes.
    held_bytes = 1_048_576 in 1..=100_000_000;
    /// How often a message is given to a handler that fails before it is passed over.
    handler_attempts = 3 in 1..=100;
    /// Between two deliveries of a channel that is conflated, in a page that nobody sees.
    hidden_every_ms = 10_000 in 0..=600_000;
}
