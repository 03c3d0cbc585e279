//! The hint on open sockets: those that speak `tidegate.v1` are told how much they may send, whenever that changes.
//!
//! Once a second, which is how often the level changes (rule 9 of the overload model), and again before a hint's time is over. A client
//! with a socket thereby learns of an overload without sending anything into it.

use tidegate_contract::Micros;
use tidegate_hint::Hint;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::health;
use crate::stub::WeakStub;

const PERIOD: Micros = Micros::from_millis(1_000);
/// A hint that has not changed is told again after so many periods: twice in its time, for those who have come since.
const AGAIN: u16 = Hint::DEFAULT_TTL / 2;

/// Tells sockets for as long as there is a stub; `programs` ends with it.
pub(crate) async fn tell(stub: WeakStub, clock: Clock, mut programs: watch::Receiver<u64>) {
    let mut told: Option<Hint> = None;
    let mut age = 0;
    loop {
        tokio::select! {
            () = clock.sleep_until(clock.now() + PERIOD) => {}
            change = programs.changed() => match change {
                Ok(()) => {}
                Err(_) => return,
            },
        }
        let Some(stub) = stub.upgrade() else {
            return;
        };
        let hint = health::hint(&stub);
        age += 1;
        if hint == told && age < AGAIN {
            continue;
        }
        (told, age) = (hint, 0);
        if let Some(hint) = hint {
            stub.feed().tell_extended(stub.now(), &hint.message());
        }
    }
}
