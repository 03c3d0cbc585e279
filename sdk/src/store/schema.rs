//! The database's name, version and shape, here and nowhere else.
//!
//! ```text
//! heads       by key   key, head (text with its own checksum), bytes and checksum of the body
//! bodies      by key   the body, an ArrayBuffer; or a note, a text, under a key that no answer has (see `notes`)
//! uses        by key   key, bytes of head and body, when it was used last: all that eviction has to read
//! partitions  by name  name, token, keys if its answers are sealed; "" is the database itself, its token is new when it is made
//! quarantine  by number  heads of what was found corrupt, at most ten
//! ```
//!
//! Versions go in hundreds: this release reads whatever a later one with the same hundred has made of it, so going back to this release
//! costs nobody their answers.
//!
//! The shape is made by way of web-sys: indexed_db_futures' upgrade handler can print every error there is, and what that takes
//! (floats, trees of errors) is 10 KB of the npm package.

use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbObjectStoreParameters, IdbOpenDbRequest};

use super::open::Shape;
use super::row::object;

pub(super) const NAME: &str = "tidegate";
pub(super) const VERSION: u32 = 200;
/// The first version that this release does not understand.
pub(super) const TOO_NEW: u32 = 300;

pub(super) const HEADS: &str = "heads";
pub(super) const BODIES: &str = "bodies";
pub(super) const USES: &str = "uses";
pub(super) const PARTITIONS: &str = "partitions";
pub(super) const QUARANTINE: &str = "quarantine";
pub(super) const STORES: [&str; 5] = [HEADS, BODIES, USES, PARTITIONS, QUARANTINE];

pub(super) const SHAPE: Shape = Shape {
    name: NAME,
    version: VERSION,
    too_new: TOO_NEW,
    stores: &STORES,
    create,
};

/// The kept answers of version 1: whose they are, nobody knows.
const OF_VERSION_1: &str = "responses";

/// Makes what is missing. A throw in here aborts the upgrade, and opening fails.
pub(super) fn create(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let names = database.object_store_names();
    if names.contains(OF_VERSION_1) {
        database.delete_object_store(OF_VERSION_1)?;
    }
    for (name, key) in [
        (HEADS, Some("key")),
        (BODIES, None),
        (USES, Some("key")),
        (PARTITIONS, Some("name")),
    ] {
        if !names.contains(name) {
            let parameters = IdbObjectStoreParameters::new();
            if let Some(key) = key {
                parameters.set_key_path(&key.into());
            }
            let store = database.create_object_store_with_optional_parameters(name, &parameters)?;
            if name == PARTITIONS {
                store.put(&partition_row("", &JsValue::UNDEFINED))?;
            }
        }
    }
    if !names.contains(QUARANTINE) {
        let parameters = IdbObjectStoreParameters::new();
        parameters.set_auto_increment(true);
        database.create_object_store_with_optional_parameters(QUARANTINE, &parameters)?;
    }
    Ok(())
}

/// A new row of `partitions`, with a token that no other has.
pub(super) fn partition_row(name: &str, keys: &JsValue) -> JsValue {
    object(&[
        ("name", name.into()),
        ("token", js_sys::Math::random().into()),
        ("keys", keys.clone()),
    ])
}
