//! What the looks have in common.

/// Words for scripts: elements by test id, and what a badge says.
const WORDS: &str = r#"
const all = (id, root = document) => [...root.querySelectorAll(`[data-testid="${id}"]`)];
const one = (id, root = document) => all(id, root)[0];
const rows = () => all("asset-row").map((row) => row.dataset.id);
const badge = (root) => {
  const { source, reason, ageMs } = (root && one("badge", root))?.dataset ?? {};
  return source ? { source, reason: reason || null, ageMs: ageMs ? Number(ageMs) : null } : null;
};
"#;

/// A script in which those words mean something.
pub(crate) fn script(body: &str) -> String {
    format!("{WORDS}\n{body}")
}
