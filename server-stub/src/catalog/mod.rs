//! The catalogue as the seed makes it: never changed, so that the same seed gives the same bytes, the same entity tags and the same
//! pages in every run.
//!
//! An asset takes 8 bytes for its line and about 10 for its lineage; the rest is made from the seed when somebody asks. So 10,000 assets
//! take 180 KB and a million 18 MB, and a search through a million is a scan of numbers (see `needle.rs`) of some 20 ms.

mod generate;
mod line;
mod lineage;
mod name;
mod needle;
mod words;

use tidegate_contract::{AssetKind, AssetRef, Classification, Column};

pub(crate) use generate::{DAY_MS, Purpose, TODAY_MS, generator};
use line::Line;
use lineage::Lineage;
pub(crate) use name::MAX_ASSETS;
use name::Rank;
pub(crate) use needle::Needle;
pub(crate) use words::{DOMAINS, TAGS};

/// All assets, in the order of the list: by name.
#[derive(Debug)]
pub(crate) struct Catalog {
    seed: u64,
    lines: Vec<Line>,
    lineage: Lineage,
}

/// An asset's place in the list.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Place(pub(crate) u32);

impl Catalog {
    /// The catalogue of a seed with this many assets, at most [`MAX_ASSETS`].
    pub(crate) fn generate(seed: u64, count: usize) -> Catalog {
        let count = count.min(MAX_ASSETS) as u32;
        let mut lines: Vec<Line> = (0..count)
            .map(|number| generate::line(seed, number, count))
            .collect();
        lines.sort_unstable();
        Catalog {
            seed,
            lines,
            lineage: Lineage::generate(seed, count),
        }
    }

    /// Where everything that is drawn comes from.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// How many assets there are.
    pub(crate) fn len(&self) -> u32 {
        self.lines.len() as u32
    }

    /// Every place, from the first to the last.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + use<> {
        (0..self.len()).map(Place)
    }

    /// Where the asset with this id is. Only the id's one spelling is known.
    pub(crate) fn place(&self, id: &str) -> Option<Place> {
        let digits = id.strip_prefix("ds-")?;
        let number = digits.parse::<u32>().ok()?.checked_sub(1)?;
        (number < self.len() && id == spell(number)).then(|| self.place_of(number))
    }

    /// The asset's id.
    pub(crate) fn id(&self, place: Place) -> String {
        spell(self.number(place))
    }

    /// The asset's name.
    pub(crate) fn name(&self, place: Place) -> String {
        self.rank(place).to_string()
    }

    /// The asset's place in the seed's sequence, from which everything about it is drawn.
    pub(crate) fn number(&self, place: Place) -> u32 {
        self.rank(place).number(self.seed)
    }

    pub(crate) fn kind(&self, place: Place) -> AssetKind {
        self.line(place).kind()
    }

    /// Which of [`DOMAINS`].
    pub(crate) fn domain(&self, place: Place) -> usize {
        self.rank(place).domain()
    }

    pub(crate) fn owner(&self, place: Place) -> String {
        line::owner(self.line(place).owner())
    }

    /// A bit for each of [`TAGS`].
    pub(crate) fn tags(&self, place: Place) -> u16 {
        self.line(place).tags()
    }

    pub(crate) fn level(&self, place: Place) -> Classification {
        self.line(place).level()
    }

    pub(crate) fn quality(&self, place: Place) -> u8 {
        self.line(place).quality()
    }

    pub(crate) fn updated_at(&self, place: Place) -> u64 {
        generate::updated_at(self.seed, self.number(place))
    }

    /// Columns, row count and days of retention of an asset that is classified like this.
    pub(crate) fn rest(&self, place: Place, level: Classification) -> (Vec<Column>, u64, u32) {
        let rest = generate::rest(self.seed, self.number(place), level);
        (rest.columns, rest.row_count, rest.retention_days)
    }

    /// Whether the asset's name, owner or tags have the text.
    pub(crate) fn has(&self, place: Place, needle: &Needle) -> bool {
        needle.is_in(self.line(place))
    }

    /// Whether the asset's name has the text.
    pub(crate) fn has_in_name(&self, place: Place, needle: &Needle) -> bool {
        needle.is_in_name(self.rank(place))
    }

    /// What the asset is made from, by number.
    pub(crate) fn upstream(&self, place: Place) -> Vec<AssetRef> {
        generate::upstream(self.seed, self.number(place))
            .map(|number| self.refer(number))
            .collect()
    }

    /// What is made from the asset, by number.
    pub(crate) fn downstream(&self, place: Place) -> Vec<AssetRef> {
        self.lineage
            .downstream(self.number(place))
            .iter()
            .map(|&number| self.refer(number))
            .collect()
    }

    /// What all of it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.lines.capacity() * size_of::<Line>() + self.lineage.bytes()
    }

    fn refer(&self, number: u32) -> AssetRef {
        let place = self.place_of(number);
        AssetRef {
            id: spell(number),
            name: self.name(place),
            kind: self.kind(place),
        }
    }

    fn place_of(&self, number: u32) -> Place {
        let rank = Rank::of(self.seed, number);
        let before = self.lines.partition_point(|line| line.rank() < rank);
        Place(before as u32)
    }

    fn rank(&self, place: Place) -> Rank {
        self.line(place).rank()
    }

    fn line(&self, place: Place) -> Line {
        self.lines[place.0 as usize]
    }
}

fn spell(number: u32) -> String {
    format!("ds-{:05}", number + 1)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
