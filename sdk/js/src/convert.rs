//! Records to objects, objects to settings.

use js_sys::{Array, Object, Reflect};
use tidegate::{Field, Record, Settings, SettingsError};
use tidegate_core::camel;
use wasm_bindgen::JsValue;

/// An object with the record's fields in camelCase; absent ones are left out.
pub(crate) fn record(record: &dyn Record) -> JsValue {
    let object = Object::new();
    record.fields(&mut |name, field| {
        let value = value(&field);
        if !value.is_undefined() {
            set(&object, &camel(name), &value);
        }
    });
    object.into()
}

/// Sets a property of an object that was just made, which cannot fail.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// Settings from an object of groups of numbers; what it leaves out stays as it is in `settings`. Every name is looked up, so a misspelt
/// one is refused and not ignored.
pub(crate) fn settings(
    groups: &JsValue,
    mut settings: Settings,
) -> Result<Settings, SettingsError> {
    if !groups.is_object() && !groups.is_undefined() {
        return Err(SettingsError::Group {
            path: "settings".into(),
        });
    }
    for_each_entry(groups, &mut |group, values| {
        Settings::check_group(group, values.is_object())?;
        for_each_entry(values, &mut |name, value| {
            settings.set(
                &[group, ".", name].concat(),
                value.as_f64().unwrap_or(f64::NAN),
            )
        })
    })?;
    Ok(settings)
}

/// Visits what is set: `undefined` is as good as left out.
pub(crate) fn for_each_entry<E>(
    object: &JsValue,
    visit: &mut dyn FnMut(&str, &JsValue) -> Result<(), E>,
) -> Result<(), E> {
    if !object.is_object() {
        return Ok(());
    }
    for key in Reflect::own_keys(object).unwrap_or_default().iter() {
        let value = Reflect::get(object, &key).unwrap_or(JsValue::UNDEFINED);
        if !value.is_undefined() {
            visit(&key.as_string().unwrap_or_default(), &value)?;
        }
    }
    Ok(())
}

fn value(field: &Field<'_>) -> JsValue {
    match field {
        Field::Absent => JsValue::UNDEFINED,
        Field::Flag(flag) => (*flag).into(),
        Field::List(items) => items.iter().map(value).collect::<Array>().into(),
        Field::Number(number) => (*number as f64).into(),
        Field::Record(nested) => record(*nested),
        Field::Text(text) => (*text).into(),
    }
}
