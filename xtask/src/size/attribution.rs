//! Which crate the bytes of a WebAssembly module come from.
//!
//! Every function body goes to one crate by its name: to the first crate in it that is not Rust's standard library, since
//! `drop_in_place::<gloo_net::Error>` would go away together with gloo_net. Code that one crate's macro writes into another counts to
//! the crate it was written into, so serde's derives show up as ours. Data and the module's tables cannot be told apart and have rows
//! of their own.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anyhow::Result;

use crate::symbol::{self, STANDARD};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

const DATA: &str = "(data: texts and constants)";
const FRAME: &str = "(types, imports, exports, tables)";
const STD: &str = "std";
const GLUE: &str = "wasm_bindgen";
/// Exported functions carry the plain name that JavaScript calls them by.
const EXPORTS: &str = "(exports)";
/// What wasm-opt takes out of several functions into one.
const UNNAMED: &str = "(shared by several crates)";

#[derive(Debug, PartialEq)]
pub(super) struct Share {
    pub(super) owner: String,
    pub(super) bytes: usize,
}

impl Share {
    /// The largest first. Without the names themselves, which do not ship.
    pub(super) fn all(module: &[u8]) -> Result<Vec<Self>> {
        let parts = Parts::read(module)?;
        let mut shares = BTreeMap::<String, usize>::new();
        for (index, size) in (parts.imported..).zip(&parts.bodies) {
            let owner = parts
                .names
                .get(&index)
                .map_or(UNNAMED.to_owned(), |name| owner(name));
            *shares.entry(owner).or_default() += size;
        }
        let code: usize = parts.bodies.iter().sum();
        shares.insert(DATA.to_owned(), parts.data);
        shares.insert(
            FRAME.to_owned(),
            module.len() - parts.custom - parts.data - code,
        );
        let mut shares: Vec<_> = shares
            .into_iter()
            .map(|(owner, bytes)| Self { owner, bytes })
            .collect();
        shares.sort_by_key(|share| Reverse(share.bytes));
        Ok(shares)
    }
}

#[derive(Default)]
struct Parts<'module> {
    /// Imported functions come first in the numbering.
    imported: u32,
    bodies: Vec<usize>,
    names: BTreeMap<u32, &'module str>,
    data: usize,
    custom: usize,
}

impl<'module> Parts<'module> {
    fn read(module: &'module [u8]) -> Result<Self> {
        let mut parts = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let is_function = matches!(import?.ty, TypeRef::Func(_));
                        parts.imported += u32::from(is_function);
                    }
                }
                Payload::CodeSectionEntry(body) => parts.bodies.push(body.as_bytes().len()),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        parts.data += segment?.data.len();
                    }
                }
                Payload::CustomSection(section) => {
                    parts.custom += section.data().len() + section.name().len();
                    if let KnownCustom::Name(names) = section.as_known() {
                        for name in names {
                            if let Name::Function(functions) = name? {
                                for function in functions {
                                    let function = function?;
                                    parts.names.insert(function.index, function.name);
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(parts)
    }
}

fn owner(symbol: &str) -> String {
    let name = symbol::plain(symbol);
    let crates = symbol::crates(&name);
    match crates.iter().find(|name| !STANDARD.contains(name)) {
        Some(name) => (*name).to_owned(),
        None if !crates.is_empty() => STD.to_owned(),
        None => pathless(&name).to_owned(),
    }
}

/// Functions outside every path: what the compiler calls, what wasm-bindgen adds, what JavaScript calls.
fn pathless(name: &str) -> &'static str {
    const COMPILER: &[&str] = &["__rust", "__mul", "__udiv", "__ashl", "__lshr", "mem"];
    const BINDGEN: &[&str] = &["__wbindgen", "__wbg", "__externref"];
    let begins = |list: &[&str]| list.iter().any(|start| name.starts_with(start));
    if begins(BINDGEN) || name.ends_with(" shim") {
        GLUE
    } else if begins(COMPILER) {
        STD
    } else {
        EXPORTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_first_crate_beyond_std() {
        for (name, expected) in [
            ("tidegate_core::engine::Engine::begin", "tidegate_core"),
            ("core::fmt::Formatter::pad_integral", "std"),
            ("<str as core::fmt::Display>::fmt", "std"),
            ("<[u8; 4] as core::fmt::Debug>::fmt", "std"),
            (
                "core::ptr::drop_in_place::<gloo_net::error::Error>",
                "gloo_net",
            ),
            (
                "core::ptr::drop_in_place<gloo_net::error::Error>",
                "gloo_net",
            ),
            (
                "<alloc::vec::Vec<js_sys::Array> as core::ops::drop::Drop>::drop",
                "js_sys",
            ),
            ("<tidegate::Error as core::fmt::Debug>::fmt", "tidegate"),
            (
                "<&mut tidegate::Error as serde::Serialize>::serialize::<serde_json::S>",
                "tidegate",
            ),
            (
                "wasm_bindgen::convert::closures::invoke::<js_sys::Function>",
                "wasm_bindgen",
            ),
            ("compiler_builtins::mem::memcpy", "std"),
            ("dlmalloc::dlmalloc::Dlmalloc<A>::malloc", "dlmalloc"),
            (
                "<core[8f2a01cd]::fmt::Error as core[8f2a01cd]::fmt::Debug>::fmt",
                "std",
            ),
            (
                "tidegate[0a1b2c3d4e]::client::send::{closure#0}",
                "tidegate",
            ),
            (
                "_ZN13tidegate_core6engine5begin17h0123456789abcdefE",
                "tidegate_core",
            ),
            ("__rustc::rust_begin_unwind", "std"),
            ("parse multivalue shim", "wasm_bindgen"),
            ("memcpy", "std"),
            ("__rust_alloc", "std"),
            ("__wbindgen_malloc", "wasm_bindgen"),
            ("tidegatewasm_fetch", "(exports)"),
        ] {
            assert_eq!(owner(name), expected, "{name}");
        }
    }

    /// A module with one imported function, one named body of two bytes and three bytes of data.
    fn module() -> Vec<u8> {
        let name: &[u8] = b"gloo_net::send";
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        bytes.extend([1, 4, 1, 0x60, 0, 0]);
        bytes.extend([2, 7, 1, 1, b'm', 1, b'f', 0, 0]);
        bytes.extend([3, 2, 1, 0]);
        bytes.extend([5, 3, 1, 0, 1]);
        bytes.extend([10, 4, 1, 2, 0, 0x0b]);
        bytes.extend([11, 9, 1, 0, 0x41, 0, 0x0b, 3, 1, 2, 3]);
        let map = 3 + name.len() as u8;
        bytes.extend([0, 5 + 2 + map, 4]);
        bytes.extend(b"name");
        bytes.extend([1, map, 1, 1, name.len() as u8]);
        bytes.extend(name);
        bytes
    }

    #[test]
    fn the_shares_add_up_to_the_module_without_its_names() {
        let module = module();
        let shares = Share::all(&module).unwrap();
        let of = |owner: &str| {
            let share = shares.iter().find(|share| share.owner == owner).unwrap();
            share.bytes
        };
        assert_eq!((of("gloo_net"), of(DATA)), (2, 3));
        let names = 4 + 2 + 3 + "gloo_net::send".len();
        let total: usize = shares.iter().map(|share| share.bytes).sum();
        assert_eq!(total, module.len() - names);
    }
}
