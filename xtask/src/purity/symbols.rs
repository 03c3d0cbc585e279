//! What an object of a Rust library refers to outside of Rust's core and alloc.

use crate::symbol;
use anyhow::Result;
use wasmparser::{Import, Parser, Payload, TypeRef};

/// Where the linker looks for what other objects define. Host functions name a module of their own.
const OTHER_OBJECTS: &str = "env";
/// Crates without an outside: themselves the language, or checked by `cargo tree`.
const PURE: &[&str] = &[
    "__rustc",
    "alloc",
    "compiler_builtins",
    "core",
    "serde",
    "serde_core",
    "tidegate_core",
];
/// What the compiler itself calls: moving memory, allocating, arithmetic wider than the machine's.
const COMPILER: &[&str] = &[
    "__ashlti3",
    "__divti3",
    "__lshrti3",
    "__modti3",
    "__multi3",
    "__muloti4",
    "__udivti3",
    "__umodti3",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
];

const PRIMITIVES: &[&str] = &[
    "<bool>::",
    "<char>::",
    "<i128>::",
    "<i16>::",
    "<i32>::",
    "<i64>::",
    "<i8>::",
    "<isize>::",
    "<str>::",
    "<u128>::",
    "<u16>::",
    "<u32>::",
    "<u64>::",
    "<u8>::",
    "<usize>::",
];

pub(super) fn foreign(object: &[u8]) -> Result<Vec<String>> {
    let mut foreign = Vec::new();
    for payload in Parser::new(0).parse_all(object) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                let import = import?;
                if !is_ours(&import) {
                    foreign.push(format!("{}.{}", import.module, import.name));
                }
            }
        }
    }
    Ok(foreign)
}

fn is_ours(import: &Import<'_>) -> bool {
    // Memory, tables and the stack pointer of the module that is yet to be linked.
    if !matches!(import.ty, TypeRef::Func(_)) {
        return import.module == OTHER_OBJECTS;
    }
    import.module == OTHER_OBJECTS && is_pure(import.name)
}

/// Named by the compiler, or by a path with nothing but pure crates in it.
fn is_pure(symbol: &str) -> bool {
    if COMPILER.contains(&symbol) || symbol.starts_with("__rust") {
        return true;
    }
    let name = symbol::plain(symbol);
    let crates = symbol::crates(&name);
    // Methods of the language's own types are named without a crate.
    let methods = PRIMITIVES.iter().any(|own| name.starts_with(own));
    (methods || !crates.is_empty()) && crates.iter().all(|name| PURE.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_no_outside() {
        for symbol in [
            "memcpy",
            "__multi3",
            "_RNvMsf_NtNtNtCsgXGp5Oqx2Ny_4core3fmt3num3impy4__fmt",
            "__rust_alloc",
            "_RNvCs1234_7___rustc12___rust_alloc",
            "_ZN75_$LT$usize$u20$as$u20$core..slice..index..SliceIndex$LT$$u5b$T$u5d$$GT$$GT$3get17h4ec8cea1145a30c1E",
            "_ZN4core9panicking5panic17h0123456789abcdefE",
            "_ZN5alloc7raw_vec12handle_error17h0123456789abcdefE",
        ] {
            assert!(is_pure(symbol), "{symbol}");
        }
    }

    #[test]
    fn everything_else_is() {
        for symbol in [
            "now",
            "fd_write",
            "_ZN4core3ptr33drop_in_place$LT$js_sys..Date$GT$17h0123456789abcdefE",
            "_ZN3std4time7Instant3now17h0123456789abcdefE",
            "_ZN6js_sys4Date3now17h0123456789abcdefE",
        ] {
            assert!(!is_pure(symbol), "{symbol}");
        }
    }
}
