//! Plain data that leaves the engine: events, health, explanations.
//!
//! Each is declared once, by [`record!`](crate::record) or [`words!`](crate::words). From that one declaration come the Rust type,
//! a walk over its fields (which the JavaScript binding turns into an object without knowing the type), and its TypeScript.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// One value as a visitor sees it.
pub enum Field<'a> {
    /// Not there: the key is left out.
    Absent,
    /// A truth value.
    Flag(bool),
    /// Several values in order.
    List(Vec<Field<'a>>),
    /// A whole number.
    Number(u64),
    /// A record within a record.
    Record(&'a dyn Record),
    /// Text.
    Text(&'a str),
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::Absent => f.write_str("absent"),
            Field::Flag(flag) => flag.fmt(f),
            Field::List(items) => f.debug_list().entries(items).finish(),
            Field::Number(number) => number.fmt(f),
            Field::Record(record) => {
                let mut map = f.debug_map();
                record.fields(&mut |name, field| {
                    map.entry(&name, &field);
                });
                map.finish()
            }
            Field::Text(text) => text.fmt(f),
        }
    }
}

/// Something with named fields.
pub trait Record {
    /// Shows every field, in the order of declaration, under its JavaScript name in snake_case.
    fn fields(&self, visit: &mut dyn FnMut(&'static str, Field<'_>));
}

/// A type that a field may have.
pub trait Value {
    /// The value for a visitor.
    fn field(&self) -> Field<'_>;
    /// Its type in TypeScript.
    fn typescript() -> String;
}

macro_rules! plain_value {
    ($($type:ty => $field:expr, $ts:literal;)*) => {$(
        impl Value for $type {
            fn field(&self) -> Field<'_> {
                #[allow(clippy::redundant_closure_call)]
                $field(self)
            }
            fn typescript() -> String {
                $ts.into()
            }
        }
    )*};
}

plain_value! {
    bool => |v: &bool| Field::Flag(*v), "boolean";
    u16 => |v: &u16| Field::Number((*v).into()), "number";
    u32 => |v: &u32| Field::Number((*v).into()), "number";
    u64 => |v: &u64| Field::Number(*v), "number";
}

impl Value for String {
    fn field(&self) -> Field<'_> {
        Field::Text(self)
    }
    fn typescript() -> String {
        "string".into()
    }
}

impl Value for Arc<str> {
    fn field(&self) -> Field<'_> {
        Field::Text(self)
    }
    fn typescript() -> String {
        "string".into()
    }
}

impl Value for Box<str> {
    fn field(&self) -> Field<'_> {
        Field::Text(self)
    }
    fn typescript() -> String {
        "string".into()
    }
}

impl<T: Value> Value for Option<T> {
    fn field(&self) -> Field<'_> {
        self.as_ref().map_or(Field::Absent, Value::field)
    }
    fn typescript() -> String {
        T::typescript() + " | undefined"
    }
}

impl<T: Value> Value for Vec<T> {
    fn field(&self) -> Field<'_> {
        Field::List(self.iter().map(Value::field).collect())
    }
    fn typescript() -> String {
        T::typescript() + "[]"
    }
}

/// Declares an enum whose variants are words of the public vocabulary.
macro_rules! words {
    ($(#[doc = $doc:literal])* pub enum $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum $name { $($(#[doc = $vdoc])* $variant,)* }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word as it appears in events, errors and TypeScript.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::record::Value for $name {
            fn field(&self) -> $crate::record::Field<'_> {
                $crate::record::Field::Text(self.as_str())
            }
            fn typescript() -> alloc::string::String {
                $name::ALL.iter().map(|word| alloc::format!("\"{word}\"")).collect::<alloc::vec::Vec<_>>().join(" | ")
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

/// Declares a struct of plain data.
macro_rules! record {
    ($(#[doc = $doc:literal])* pub struct $name:ident { $($(#[doc = $fdoc:literal])* pub $field:ident: $type:ty,)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
        #[non_exhaustive]
        pub struct $name { $($(#[doc = $fdoc])* pub $field: $type,)* }

        impl $crate::record::Record for $name {
            fn fields(&self, visit: &mut dyn FnMut(&'static str, $crate::record::Field<'_>)) {
                $(visit(stringify!($field), $crate::record::Value::field(&self.$field));)*
            }
        }

        impl $crate::record::Value for $name {
            fn field(&self) -> $crate::record::Field<'_> {
                $crate::record::Field::Record(self)
            }
            fn typescript() -> alloc::string::String {
                stringify!($name).into()
            }
        }

        impl $name {
            /// The declaration in TypeScript.
            #[must_use]
            pub fn declaration() -> alloc::string::String {
                let mut out = $crate::record::comment("", concat!($($doc, "\n"),*));
                out += concat!("export interface ", stringify!($name), " {\n");
                $(out += &$crate::record::member(
                    concat!($($fdoc, "\n"),*), stringify!($field), &<$type as $crate::record::Value>::typescript(),
                );)*
                out + "}\n"
            }
        }
    };
}
pub(crate) use record;

/// A documentation comment in TypeScript.
pub(crate) fn comment(indent: &str, text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    match lines.as_slice() {
        [line] => alloc::format!("{indent}/** {line} */\n"),
        lines => {
            let body: String = lines
                .iter()
                .map(|line| alloc::format!("{indent} * {line}\n"))
                .collect();
            alloc::format!("{indent}/**\n{body}{indent} */\n").replace(" * \n", " *\n")
        }
    }
}

/// One member of an interface, optional when its type says `undefined`.
pub(crate) fn member(doc: &str, name: &str, typescript: &str) -> String {
    let (mark, typescript) = match typescript.strip_suffix(" | undefined") {
        Some(typescript) => ("?", typescript),
        None => ("", typescript),
    };
    comment("  ", doc) + &alloc::format!("  {}{mark}: {typescript};\n", camel(name))
}

/// `retry_at` as `retryAt`.
#[must_use]
pub fn camel(snake: &str) -> String {
    let mut out = String::with_capacity(snake.len());
    let mut upper = false;
    for letter in snake.chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            out.push(letter.to_ascii_uppercase());
            upper = false;
        } else {
            out.push(letter);
        }
    }
    out
}
