//! What pages are built of: one file for each, its style beside it.

mod alerts;
mod announcer;
mod asset_table;
mod badge;
mod breakers;
mod columns;
mod counters;
mod event_log;
mod facts;
mod fault_picker;
mod filters;
mod level;
mod lineage_lists;
mod name;
mod no_answer;
mod pager;
mod panel;
mod pool;
mod quality;
mod shape;
mod skeleton;
mod standing;

pub(crate) use announcer::Announcer;
pub(crate) use asset_table::AssetTable;
pub(crate) use columns::Columns;
pub(crate) use facts::Facts;
pub(crate) use filters::Filters;
pub(crate) use lineage_lists::LineageLists;
pub(crate) use no_answer::NoAnswer;
pub(crate) use pager::Pager;
pub(crate) use panel::Panel;
pub(crate) use skeleton::{BlockSkeleton, TableSkeleton};
pub(crate) use standing::Standing;

use alerts::Alerts;
use badge::Badge;
use breakers::Breakers;
use counters::Counters;
use event_log::EventLog;
use fault_picker::FaultPicker;
use level::Level;
use name::Name;
use pool::Pool;
use quality::Quality;
use shape::Shape;
