//! One behaviour per test, one situation per file.

mod age_over_reloads;
mod backend_returns;
mod broken_database;
mod content_security_policy;
mod faults_in_the_browser;
mod flaky_backend;
mod healthy;
mod killed_backend;
mod logout_without_database;
mod no_indexeddb;
mod privacy_across_tabs;
mod reload;
mod streams_in_the_browser;
mod three_states;
mod two_people;
mod vite_build;
mod vite_dev_server;
