//! The machines of the throttle in virtual time.

mod adaptive;
mod coalesce;
mod limit;
mod queue;
mod rate;
mod storm;
