//! The generated TypeScript is that of today's declarations.

use std::path::Path;

#[test]
fn the_generated_typescript_is_up_to_date() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ts/generated.ts");
    let fresh = tidegate_core::typescript();
    if std::env::var_os("TIDEGATE_WRITE_TYPES").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let checked_in = std::fs::read_to_string(&file).unwrap();
    assert!(
        checked_in == fresh,
        "ts/generated.ts is out of date: run `cargo xtask types` and commit it"
    );
}

#[test]
fn a_service_worker_and_its_pages_know_the_version_of_the_queue() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ts/handshake.ts");
    let script = std::fs::read_to_string(file).unwrap();
    let line = format!("export const QUEUE = {};", tidegate::Outbox::VERSION);
    assert!(script.contains(&line), "ts/handshake.ts is to say: {line}");
}
