//! One behaviour per test, one situation per file.

mod age_over_reloads;
mod backend_returns;
mod content_security_policy;
mod corrupt_record;
mod database_gone_in_use;
mod database_not_opened;
mod database_not_written;
mod faults_in_the_browser;
mod flaky_backend;
mod healthy;
mod killed_backend;
mod logout_and_stopped_windows;
mod logout_during_a_call;
mod logout_without_database;
mod no_indexeddb;
mod privacy_across_tabs;
mod reload;
mod signing_in_again;
mod streams_in_the_browser;
mod three_states;
mod two_people;
mod vite_build;
mod vite_dev_server;
