//! sdk/js/size-budget.json: how heavy each artefact may be, as `{"default": {"brotli": 70000}, …}`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::artefact::Artefact;
use super::weight::Weight;
use crate::site::Site;

#[derive(Debug)]
pub(super) struct Budget {
    limits: BTreeMap<String, BTreeMap<String, usize>>,
}

/// An artefact that is too heavy.
#[derive(Debug, PartialEq)]
pub(super) struct Over {
    pub(super) artefact: &'static str,
    pub(super) measure: &'static str,
    pub(super) bytes: usize,
    pub(super) limit: usize,
}

impl Budget {
    pub(super) fn read(site: &Site) -> Result<Self> {
        let file = site.package().join("size-budget.json");
        let text =
            fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("reading {}", file.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let limits: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(text)?;
        let limits = limits
            .into_iter()
            .map(|(artefact, limits)| {
                let limits = limits
                    .into_iter()
                    .map(|(measure, bytes)| Ok((known(measure)?, whole(&bytes)?)))
                    .collect::<Result<_>>()?;
                Ok((artefact, limits))
            })
            .collect::<Result<_>>()?;
        Ok(Self { limits })
    }

    pub(super) fn over(&self, artefacts: &[Artefact]) -> Vec<Over> {
        artefacts
            .iter()
            .flat_map(|artefact| self.judge(artefact.name, artefact.weight))
            .collect()
    }

    fn judge(&self, artefact: &'static str, weight: Weight) -> Vec<Over> {
        let Some(limits) = self.limits.get(artefact) else {
            return Vec::new();
        };
        measures(weight)
            .into_iter()
            .filter_map(|(measure, bytes)| {
                let limit = *limits.get(measure)?;
                (bytes > limit).then_some(Over {
                    artefact,
                    measure,
                    bytes,
                    limit,
                })
            })
            .collect()
    }
}

fn measures(weight: Weight) -> [(&'static str, usize); 3] {
    [
        ("raw", weight.raw),
        ("gzip", weight.gzip),
        ("brotli", weight.brotli),
    ]
}

/// A misspelt measure would be a budget that never fails.
fn known(measure: String) -> Result<String> {
    match measures(Weight::default())
        .iter()
        .any(|(name, _)| *name == measure)
    {
        true => Ok(measure),
        false => bail!("`{measure}` is not a measure; there are raw, gzip and brotli"),
    }
}

fn whole(bytes: &Value) -> Result<usize> {
    let bytes = bytes
        .as_u64()
        .context("a limit is a whole number of bytes")?;
    Ok(usize::try_from(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHT: Weight = Weight {
        raw: 120_000,
        gzip: 80_000,
        brotli: 71_000,
    };

    #[test]
    fn names_what_is_too_heavy_and_by_how_much() {
        let budget = Budget::parse(r#"{"default": {"brotli": 70000, "gzip": 90000}}"#).unwrap();
        let over = budget.judge("default", WEIGHT);
        assert_eq!(
            over,
            [Over {
                artefact: "default",
                measure: "brotli",
                bytes: 71_000,
                limit: 70_000,
            }]
        );
        assert!(budget.judge("slim", WEIGHT).is_empty());
    }

    #[test]
    fn exactly_the_limit_is_within_it() {
        let budget = Budget::parse(r#"{"wasm": {"brotli": 71000}}"#).unwrap();
        assert!(budget.judge("wasm", WEIGHT).is_empty());
    }

    #[test]
    fn refuses_a_budget_that_could_not_fail() {
        assert!(Budget::parse(r#"{"default": {"brotil": 70000}}"#).is_err());
        assert!(Budget::parse(r#"{"default": {"brotli": "70 KB"}}"#).is_err());
    }
}
