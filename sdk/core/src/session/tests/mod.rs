mod liveness;
mod reconnection;
mod stage;
