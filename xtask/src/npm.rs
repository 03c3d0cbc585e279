//! What sdk/js/package.json says: the version, and which file each entry is.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::site::Site;

/// The conditions an ordinary bundler takes, in its order.
const CONDITIONS: &[&str] = &["browser", "import", "module", "default"];

#[derive(Debug)]
pub(crate) struct Manifest {
    json: Value,
    folder: PathBuf,
}

impl Manifest {
    pub(crate) fn read(site: &Site) -> Result<Self> {
        let folder = site.package();
        let file = folder.join("package.json");
        let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        Ok(Self {
            json: serde_json::from_slice(&text)
                .with_context(|| format!("reading {}", file.display()))?,
            folder,
        })
    }

    /// # Errors
    /// When package.json and the workspace do not name the same version: one release, one number.
    pub(crate) fn version(&self) -> Result<&str> {
        let ours = env!("CARGO_PKG_VERSION");
        match self.json["version"].as_str() {
            Some(version) if version == ours => Ok(version),
            Some(version) => bail!(
                "sdk/js/package.json says {version}, Cargo.toml says {ours}; they are one release"
            ),
            None => bail!("sdk/js/package.json has no version"),
        }
    }

    /// The file an entry such as `./slim` leads to.
    pub(crate) fn entry(&self, name: &str) -> Result<PathBuf> {
        let file = resolve(&self.json["exports"][name])
            .with_context(|| format!("sdk/js/package.json exports no `{name}`"))?;
        Ok(self.folder.join(file))
    }
}

fn resolve(target: &Value) -> Option<&str> {
    match target {
        Value::String(file) => Some(file),
        Value::Object(branches) => CONDITIONS
            .iter()
            .find_map(|condition| resolve(branches.get(*condition)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn follows_the_conditions_a_bundler_takes() {
        let target = json!({
            "types": "./dist/index.d.mts",
            "workerd": "./dist/edge.mjs",
            "import": { "types": "./dist/index.d.mts", "default": "./dist/full.mjs" },
            "require": "./dist/full.cjs",
        });
        assert_eq!(resolve(&target), Some("./dist/full.mjs"));
        assert_eq!(resolve(&json!("./dist/a.wasm")), Some("./dist/a.wasm"));
        assert_eq!(resolve(&json!({ "require": "./a.cjs" })), None);
    }
}
