//! The outbox in a real browser.
