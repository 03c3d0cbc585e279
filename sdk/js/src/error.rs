//! Refusals as records; the facade makes a `TidegateError` of them.

use js_sys::Object;
use tidegate::{Error, SettingsError};
use wasm_bindgen::JsValue;

use crate::convert::set;

/// An option that is not accepted: `{ code, message, path }`.
pub(crate) fn option(path: &str, what: &str) -> JsValue {
    let object = Object::new();
    set(&object, "code", &"invalid-options".into());
    set(&object, "message", &["`", path, "` ", what].concat().into());
    set(&object, "path", &path.into());
    object.into()
}

/// `{ code, message, scope?, attempts?, retryAt?, path?, min?, max? }`
pub(crate) fn record(error: &Error) -> JsValue {
    let object = Object::new();
    set(&object, "code", &error.code().into());
    set(&object, "message", &error.to_string().into());
    match error {
        Error::Refused {
            scope,
            attempts,
            retry_at,
            ..
        }
        | Error::Unreachable {
            scope,
            attempts,
            retry_at,
            ..
        } => {
            set(&object, "scope", &scope.into());
            set(&object, "attempts", &(*attempts).into());
            if let Some(retry_at) = retry_at {
                set(&object, "retryAt", &(*retry_at as f64).into());
            }
        }
        Error::Settings(SettingsError::OutOfRange { path, min, max }) => {
            set(&object, "path", &path.into());
            set(&object, "min", &(*min).into());
            set(&object, "max", &(*max).into());
        }
        Error::Settings(SettingsError::Group { path } | SettingsError::Unknown { path }) => {
            set(&object, "path", &path.into())
        }
        Error::UnknownScope { scope } => set(&object, "scope", &scope.into()),
        _ => {}
    }
    object.into()
}
