//! The database's name, version and shape, here and nowhere else.
//!
//! The shape is made by way of web-sys: indexed_db_futures' upgrade handler can print every error there is, and what that takes
//! (floats, trees of errors) is 10 KB of the npm package.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest};

use crate::global::property;

pub(super) const NAME: &str = "tidegate";
const VERSION: u32 = 1;
/// Kept answers by key.
pub(super) const RESPONSES: &str = "responses";
/// The index of [`RESPONSES`] by when they were stored; the name of the field as well.
pub(super) const STORED_AT: &str = "storedAt";

/// Makes the database, or brings an older one up to date.
///
/// # Errors
/// What the browser says; `undefined` where it has no IndexedDB.
pub(super) async fn ensure() -> Result<(), JsValue> {
    let factory = property(&js_sys::global(), "indexedDB");
    if !factory.is_object() {
        return Err(JsValue::UNDEFINED);
    }
    let request = factory
        .unchecked_into::<IdbFactory>()
        .open_with_u32(NAME, VERSION)?;
    let upgraded = request.clone();
    let upgrade = Closure::once(move || create(&upgraded));
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let opened = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(opened).await {
        Ok(_) => {
            request.result()?.unchecked_into::<IdbDatabase>().close();
            Ok(())
        }
        Err(_) => Err(property(&request, "error")),
    }
}

/// A throw in here aborts the upgrade, and opening fails.
fn create(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    database
        .create_object_store(RESPONSES)?
        .create_index_with_str(STORED_AT, STORED_AT)?;
    Ok(())
}
