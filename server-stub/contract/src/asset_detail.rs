//! What is known about one asset beyond its line in the list.

use serde::{Deserialize, Serialize};

use crate::asset::{Asset, AssetKind, Classification};

/// One asset in full.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssetDetail {
    /// The line of the catalogue.
    #[serde(flatten)]
    pub asset: Asset,
    /// What it is for, in a sentence.
    pub description: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// How many rows it held when last counted.
    pub row_count: u64,
    /// How long its rows are kept.
    pub retention_days: u32,
}

/// One column of an asset.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// Such as `order_id`.
    pub name: String,
    /// Such as `bigint`.
    #[serde(rename = "type")]
    pub data_type: String,
    /// Who may see it; never stricter than its asset.
    pub classification: Classification,
    /// What it means, in a sentence.
    pub description: String,
}

/// Where an asset comes from and where it goes.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lineage {
    /// What it is made from.
    pub upstream: Vec<AssetRef>,
    /// What is made from it.
    pub downstream: Vec<AssetRef>,
}

/// An asset at the other end of a lineage edge.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AssetRef {
    /// The asset's id.
    pub id: String,
    /// The asset's name.
    pub name: String,
    /// What sort of thing it is.
    pub kind: AssetKind,
}
