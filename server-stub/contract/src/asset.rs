//! The catalogue: what a data-governance team keeps about its tables, topics and dashboards.
//!
//! Wire form is JSON in camelCase; points in time are milliseconds since 1970 (UTC), as JavaScript's `Date` takes them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One line of the catalogue.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asset {
    /// Stays the same for ever; part of the URL.
    pub id: String,
    /// Such as `sales.orders_daily`.
    pub name: String,
    /// What sort of thing it is.
    pub kind: AssetKind,
    /// The business domain that answers for it.
    pub domain: String,
    /// The person who answers for it.
    pub owner: String,
    /// Free labels.
    pub tags: Vec<String>,
    /// Who may see it.
    pub classification: Classification,
    /// Share of its quality checks that pass, 0 to 100.
    pub quality: u8,
    /// When it last changed, in milliseconds since 1970.
    pub updated_at: u64,
}

/// What sort of thing an asset is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AssetKind {
    /// A page of charts.
    Dashboard,
    /// A trained model.
    Model,
    /// A job that makes other assets.
    Pipeline,
    /// Rows at rest.
    Table,
    /// A stream of events.
    Topic,
    /// A query with a name.
    View,
}

impl AssetKind {
    /// Every kind, in the order of a form's list.
    pub const ALL: [AssetKind; 6] = [
        AssetKind::Table,
        AssetKind::View,
        AssetKind::Dashboard,
        AssetKind::Topic,
        AssetKind::Model,
        AssetKind::Pipeline,
    ];

    /// The kind as the wire spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            AssetKind::Dashboard => "dashboard",
            AssetKind::Model => "model",
            AssetKind::Pipeline => "pipeline",
            AssetKind::Table => "table",
            AssetKind::Topic => "topic",
            AssetKind::View => "view",
        }
    }
}

impl fmt::Display for AssetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who may see an asset, from everybody to nearly nobody.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Classification {
    /// Everybody.
    Public,
    /// Everybody who works here.
    Internal,
    /// Those who need it.
    Confidential,
    /// Those on a list.
    Restricted,
}

impl Classification {
    /// Every level, from open to closed.
    pub const ALL: [Classification; 4] = [
        Classification::Public,
        Classification::Internal,
        Classification::Confidential,
        Classification::Restricted,
    ];

    /// The level as the wire spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Classification::Confidential => "confidential",
            Classification::Internal => "internal",
            Classification::Public => "public",
            Classification::Restricted => "restricted",
        }
    }
}

impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_wire_says() {
        for kind in AssetKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for level in Classification::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.name());
        }
    }
}
