//! The page of the browser's tests opens no more connections than the runner's server can serve.
//!
//! That server (tiny_http 0.12) begins with four threads, gives each connection one of its own for as long as it is open, and starts another
//! only when it knows of none that waits. It can believe that one waits which has just been given a connection: then the fifth is never
//! served, and the page waits for its module for ever. A browser opens a connection for every module that it loads at the same time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One less than the threads: a browser may open a connection that it needs later.
const MODULES: usize = 3;

#[test]
fn the_page_of_the_tests_loads_few_modules_at_a_time() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk");
    let mut modules = BTreeSet::new();
    collect(&sdk.join("src"), &mut modules);
    collect(&sdk.join("tests"), &mut modules);
    assert!(modules.contains(r#"module = "/src/boundary.js""#));
    assert!(
        modules.len() <= MODULES,
        "put the scripts of tests into those that there are: {modules:#?}"
    );
}

/// Every file that Rust imports from; a script within an attribute is a file of its own.
fn collect(folder: &Path, modules: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, modules);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            modules.extend(imports(&text, &path.display().to_string()));
        }
    }
}

fn imports(text: &str, file: &str) -> Vec<String> {
    text.match_indices("#[wasm_bindgen(")
        .map(|(at, opening)| text[at + opening.len()..].split(')').next().unwrap_or(""))
        .filter_map(|words| match words {
            words if words.starts_with("inline_js") => Some(format!("inline_js in {file}")),
            words if words.starts_with("module") => Some(words.to_owned()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_script_in_an_attribute_counts_for_itself() {
    let text = "#[wasm_bindgen(inline_js = r\"a()\")] #[wasm_bindgen(module = \"/b.js\")] #[wasm_bindgen(catch)]";
    assert_eq!(
        imports(text, "c.rs"),
        ["inline_js in c.rs", "module = \"/b.js\""]
    );
}
