//! The vocabulary shared by the stub, the demo and the tests.
//!
//! Everything that two of them have to agree on is declared here once: the URLs ([`paths`]), the data-governance catalogue
//! ([`Asset`] and what hangs on it: quality runs, policies, access requests, the audit log), what may go wrong ([`FaultProgram`]),
//! named ways of going wrong ([`Preset`]), what the stub remembers of it ([`Journal`]), what it measures of itself ([`metrics`]) and
//! how it words an error ([`Problem`]).
//!
//! The crate does no input or output and reads no clock, so that the stub, a simulator with virtual time and a page in a browser can
//! all run the same [`FaultRun`]. Its enums are exhaustive on purpose: a new fault must be looked at by everybody who matches on one.

mod access;
mod asset;
mod asset_detail;
mod asset_patch;
mod asset_query;
mod audit;
mod backend;
mod check;
mod crowd;
mod doctor;
mod draw;
mod event;
mod fault;
mod idempotency;
mod journal;
mod journal_query;
mod micros;
mod page;
mod page_query;
mod pattern;
mod policy;
mod preset;
mod preset_group;
mod preset_programs;
mod preset_words;
mod problem;
mod quality;
mod query_string;
mod quota;
mod rule_check;
mod run;
mod script;
mod socket_check;
mod socket_fault;
mod socket_run;
mod space;
mod spread;
mod when;
mod write_body;

pub mod feed;
pub mod hash;
pub mod metrics;
pub mod paths;

pub use access::{
    AccessDecision, AccessOrder, AccessQuery, AccessRequest, AccessRuling, AccessStatus, Ruling,
};
pub use asset::{Asset, AssetKind, Classification};
pub use asset_detail::{AssetDetail, AssetRef, Column, Lineage};
pub use asset_patch::{AssetPatch, TagChange, TagsChanged};
pub use asset_query::AssetQuery;
pub use audit::{AuditEntry, AuditNote, AuditQuery, EffectList, KeyEffects};
pub use backend::{
    Admission, Attempt, AttemptEvent, AttemptId, Backend, BackendSettings, BackendTotals, Cancel,
    DroppedTotals, Lapse, Notice, QueueOrder, Refusal, RefusedTotals,
};
pub use check::{ProgramError, from_json};
pub use crowd::{
    Crowd, CrowdDriver, CrowdSecond, CrowdSettings, CrowdStep, CrowdTotals, Intent, Settled, Ticket,
};
pub use doctor::{Advice, Diagnosis, Patient, Remedy, Side};
pub use draw::Draw;
pub use event::{GovernanceEvent, Told};
pub use fault::{Content, Cors, Fault, FaultProgram, Garble, Health, Listener, RetryAfter, Rule};
pub use idempotency::IdempotencyMode;
pub use journal::{Counts, End, EntryKind, Journal, JournalEntry, Work, WorkSource};
pub use journal_query::JournalQuery;
pub use micros::Micros;
pub use page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page, PageQuery};
pub use pattern::Pattern;
pub use policy::{Policy, Severity, Violation, ViolationPatch, ViolationQuery, ViolationStatus};
pub use preset::{Preset, PresetInfo, PresetList, UnknownPreset};
pub use preset_group::PresetGroup;
pub use problem::Problem;
pub use quality::{QualityCheck, QualityOrder, QualityResult, QualityRun};
pub use quota::{Quota, QuotaRun, Standing};
pub use run::{Decision, Ending, FaultRun, REQUESTED, RequestHead, Shape, Step};
pub use script::{Change, Conditions, Moment, MomentError, ScriptRun, SocketChange};
pub use socket_fault::{
    PingFault, ReconnectHint, ResumeFault, SocketAct, SocketClose, SocketDrain, SocketFault,
    SocketPoint,
};
pub use socket_run::{DrawnSocketFault, SocketHit, SocketRun};
pub use space::{
    ClockOrder, ClockReading, ClockSetting, SpaceInfo, SpaceList, SpaceSettings, UnknownClock,
};
pub use spread::Spread;
pub use when::{Busyness, Count, Load, Match, Window};
pub use write_body::{BodyError, WriteBody};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
