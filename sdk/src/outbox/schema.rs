//! The database's name, version and shape.
//!
//! ```text
//! rows    by number   a text: the queue's own record under 0, an entry under each other number
//! bodies  by number   an entry's body (an ArrayBuffer, or null), and how its request asked
//!         by ["socket", owner, socket, number, bytes, since, key]   a message for a socket: [channel, data]
//! ```
//!
//! What bodies there are is only ever asked for by number, so a release that knows nothing of messages neither sends nor loses them.
//!
//! It is one of its own: whatever becomes of the kept answers, which may be evicted or deleted, no queued write goes with them. It is never
//! deleted here. Versions go in hundreds, as those of the kept answers do.

use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbOpenDbRequest};

use crate::store::Shape;

pub(crate) const NAME: &str = "tidegate-outbox";
pub(super) const ROWS: &str = "rows";
pub(super) const BODIES: &str = "bodies";
const STORES: [&str; 2] = [ROWS, BODIES];

pub(super) const SHAPE: Shape = Shape {
    name: NAME,
    version: 100,
    too_new: 200,
    stores: &STORES,
    create,
};

/// Makes what is missing. A throw in here aborts the upgrade, and opening fails.
fn create(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let names = database.object_store_names();
    for name in STORES {
        if !names.contains(name) {
            database.create_object_store(name)?;
        }
    }
    Ok(())
}
