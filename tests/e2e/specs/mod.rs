//! One behaviour per test, one situation per file.

mod backend_returns;
mod content_security_policy;
mod faults_in_the_browser;
mod flaky_backend;
mod healthy;
mod killed_backend;
mod no_indexeddb;
mod reload;
mod streams_in_the_browser;
mod three_states;
mod two_people;
mod vite_build;
mod vite_dev_server;
