//! The measurements as a table for people and as JSON for programs.

use serde_json::{Value, json};

use super::artefact::Artefact;
use super::attribution::Share;
use super::budget::Over;

#[derive(Debug)]
pub(super) struct Report {
    pub(super) artefacts: Vec<Artefact>,
    pub(super) shares: Vec<Share>,
    pub(super) over: Vec<Over>,
}

impl Report {
    pub(super) fn table(&self) -> String {
        let mut text = format!(
            "\n{:<36}{:>10}{:>10}{:>10}\n",
            "artefact (bytes)", "raw", "gzip -9", "brotli 11"
        );
        for artefact in &self.artefacts {
            let weight = artefact.weight;
            let file = artefact.file.file_name().unwrap_or_default().display();
            text += &format!(
                "{:<36}{:>10}{:>10}{:>10}\n",
                format!("{} ({file})", artefact.name),
                grouped(weight.raw),
                grouped(weight.gzip),
                grouped(weight.brotli),
            );
        }
        text += &format!(
            "\n{:<36}{:>10}{:>10}{:>10}\n",
            "the module, by crate (bytes)", "raw", "share", "brotli*"
        );
        for share in &self.shares {
            text += &format!(
                "{:<36}{:>10}{:>9.1}%{:>10}\n",
                share.owner,
                grouped(share.bytes),
                self.part(share) * 100.0,
                grouped(self.brotli_estimate(share)),
            );
        }
        text + "* an estimate: the module's brotli size divided in proportion to the raw bytes\n"
    }

    pub(super) fn json(&self) -> Value {
        let artefacts: serde_json::Map<_, _> = self
            .artefacts
            .iter()
            .map(|artefact| {
                let weight = artefact.weight;
                let json =
                    json!({ "raw": weight.raw, "gzip": weight.gzip, "brotli": weight.brotli });
                (artefact.name.to_owned(), json)
            })
            .collect();
        let module: Vec<_> = self
            .shares
            .iter()
            .map(|share| {
                json!({
                    "owner": share.owner,
                    "raw": share.bytes,
                    "brotliEstimate": self.brotli_estimate(share),
                })
            })
            .collect();
        let over: Vec<_> = self
            .over
            .iter()
            .map(|over| {
                json!({
                    "artefact": over.artefact,
                    "measure": over.measure,
                    "bytes": over.bytes,
                    "limit": over.limit,
                })
            })
            .collect();
        json!({ "artefacts": artefacts, "module": module, "over": over })
    }

    /// What to say when something is over its budget.
    pub(super) fn complaint(&self) -> String {
        let mut text = String::new();
        for over in &self.over {
            text += &format!(
                "`{}` is {} bytes over its budget of {} ({})\n",
                over.artefact,
                grouped(over.bytes - over.limit),
                grouped(over.limit),
                over.measure,
            );
        }
        let largest: Vec<_> = self
            .shares
            .iter()
            .take(3)
            .map(|share| format!("{} ({})", share.owner, grouped(share.bytes)))
            .collect();
        text + &format!(
            "where to look: `cargo xtask size` lists the module by crate; the largest are {}. \
             The budget is sdk/js/size-budget.json.",
            largest.join(", ")
        )
    }

    fn part(&self, share: &Share) -> f64 {
        let total: usize = self.shares.iter().map(|share| share.bytes).sum();
        share.bytes as f64 / total.max(1) as f64
    }

    fn brotli_estimate(&self, share: &Share) -> usize {
        let module = self
            .artefacts
            .iter()
            .find(|artefact| artefact.name == "wasm");
        let brotli = module.map_or(0, |artefact| artefact.weight.brotli);
        (brotli as f64 * self.part(share)).round() as usize
    }
}

/// `1234567` as `1,234,567`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for (at, digit) in digits[first..].chars().enumerate() {
        if at % 3 == 0 && !text.is_empty() {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::weight::Weight;

    fn report() -> Report {
        let share = |owner: &str, bytes| Share {
            owner: owner.to_owned(),
            bytes,
        };
        Report {
            artefacts: vec![Artefact {
                name: "wasm",
                file: "dist/tidegate.wasm".into(),
                weight: Weight {
                    raw: 100_000,
                    gzip: 40_000,
                    brotli: 30_000,
                },
            }],
            shares: vec![share("tidegate_core", 75_000), share("std", 25_000)],
            over: vec![Over {
                artefact: "wasm",
                measure: "brotli",
                bytes: 30_000,
                limit: 28_000,
            }],
        }
    }

    #[test]
    fn each_crate_gets_its_part_of_the_compressed_module() {
        let json = report().json();
        assert_eq!(json["artefacts"]["wasm"]["brotli"], 30_000);
        assert_eq!(json["module"][0]["brotliEstimate"], 22_500);
        assert!(report().table().contains("75.0%"));
    }

    #[test]
    fn the_complaint_names_the_artefact_the_excess_and_where_to_look() {
        let text = report().complaint();
        assert!(text.contains("`wasm` is 2,000 bytes over its budget of 28,000 (brotli)"));
        assert!(text.contains("tidegate_core (75,000)"));
    }

    #[test]
    fn groups_digits_by_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(71_000), "71,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
