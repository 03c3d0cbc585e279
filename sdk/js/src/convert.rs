//! Records to objects, objects to settings.

use js_sys::{JSON, Object, Reflect};
use tidegate::{Field, Record, Settings, SettingsError};
use tidegate_core::camel;
use wasm_bindgen::JsValue;

/// An object with the record's fields in camelCase; absent ones are left out. As text it crosses the boundary at once.
pub(crate) fn record(record: &dyn Record) -> JsValue {
    // It was just written.
    JSON::parse(&text(record)).unwrap_or_default()
}

/// The same as JSON, for what may never be looked at.
pub(crate) fn text(record: &dyn Record) -> String {
    let mut text = String::new();
    write_record(&mut text, record);
    text
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

fn write_record(text: &mut String, record: &dyn Record) {
    text.push('{');
    record.fields(&mut |name, field| {
        if !matches!(field, Field::Absent) {
            begin(text);
            write_text(text, &camel(name));
            text.push(':');
            write(text, &field);
        }
    });
    text.push('}');
}

fn write(text: &mut String, field: &Field<'_>) {
    match field {
        Field::Absent => text.push_str("null"),
        Field::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Field::List(items) => {
            text.push('[');
            for item in items {
                begin(text);
                write(text, item);
            }
            text.push(']');
        }
        Field::Number(number) => text.push_str(&number.to_string()),
        Field::Record(nested) => write_record(text, *nested),
        Field::Text(words) => write_text(text, words),
    }
}

/// A comma, unless it is the first of its kind.
fn begin(text: &mut String) {
    if !text.ends_with(['{', '[']) {
        text.push(',');
    }
}

fn write_text(text: &mut String, words: &str) {
    text.push('"');
    for letter in words.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            '\0'..='\x1f' => {
                text.push_str("\\u00");
                let digits = [u32::from(letter) >> 4, u32::from(letter) & 15];
                text.extend(digits.into_iter().filter_map(|it| char::from_digit(it, 16)));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}
