//! The words that names are made of.
//!
//! A name is `domain.subject_grain_region`. The lists multiply to more names than [`MAX_ASSETS`], and an asset's number is turned into
//! one choice per list without repeats, so every name is unique.

/// The largest catalogue on offer: below the number of names.
pub(crate) const MAX_ASSETS: usize = 100_000;

pub(super) const DOMAINS: [&str; 12] = [
    "claims",
    "compliance",
    "customer",
    "finance",
    "hr",
    "inventory",
    "logistics",
    "marketing",
    "product",
    "risk",
    "sales",
    "support",
];

pub(super) const SUBJECTS: [&str; 42] = [
    "accounts",
    "addresses",
    "agents",
    "balances",
    "baskets",
    "budgets",
    "campaigns",
    "carriers",
    "churn",
    "consents",
    "contacts",
    "contracts",
    "costs",
    "deliveries",
    "discounts",
    "employees",
    "events",
    "exposures",
    "forecasts",
    "incidents",
    "invoices",
    "ledgers",
    "limits",
    "orders",
    "payments",
    "policies",
    "prices",
    "products",
    "quotes",
    "ratings",
    "refunds",
    "returns",
    "revenue",
    "sessions",
    "shipments",
    "skills",
    "stock",
    "surveys",
    "tickets",
    "transfers",
    "vendors",
    "visits",
];

pub(super) const GRAINS: [&str; 16] = [
    "raw",
    "staged",
    "clean",
    "hourly",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "snapshot",
    "history",
    "summary",
    "enriched",
    "deduplicated",
    "scored",
    "latest",
    "archive",
];

pub(super) const REGIONS: [&str; 14] = [
    "global", "emea", "apac", "amer", "dach", "nordics", "benelux", "iberia", "uk", "us", "ca",
    "br", "jp", "in",
];

pub(super) const FIRST_NAMES: [&str; 16] = [
    "Amara", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas",
    "Keiko", "Lars", "Mei", "Noor", "Oscar", "Priya",
];

pub(super) const LAST_NAMES: [&str; 16] = [
    "Abebe",
    "Bianchi",
    "Castro",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kim",
    "Lindqvist",
    "Moreau",
    "Nakamura",
    "Okafor",
    "Petrov",
];

pub(super) const TAGS: [&str; 14] = [
    "audited",
    "certified",
    "critical",
    "deprecated",
    "experimental",
    "external",
    "gdpr",
    "gold",
    "iso-27001",
    "machine-learning",
    "pii",
    "real-time",
    "reporting",
    "sox",
];

/// Column names with their types; whether they tell who somebody is.
pub(super) const COLUMNS: [(&str, &str, bool); 20] = [
    ("amount", "decimal(18,2)", false),
    ("birth_date", "date", true),
    ("channel", "varchar", false),
    ("city", "varchar", true),
    ("country", "char(2)", false),
    ("created_at", "timestamp", false),
    ("currency", "char(3)", false),
    ("email", "varchar", true),
    ("full_name", "varchar", true),
    ("is_active", "boolean", false),
    ("iban", "varchar", true),
    ("loaded_at", "timestamp", false),
    ("phone", "varchar", true),
    ("quantity", "integer", false),
    ("reference", "varchar", false),
    ("score", "double", false),
    ("segment", "varchar", false),
    ("source_system", "varchar", false),
    ("status", "varchar", false),
    ("valid_to", "date", false),
];
