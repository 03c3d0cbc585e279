//! Route templates learned from URLs.
//!
//! A breaker guards a route, and a URL does not say which of its words are routes and which are data: `/users/alice` and
//! `/users/bob` are one route, `/users` and `/datasets` are two. [`scope_name`](crate::scope_name) folds what holds a digit; what is
//! left is told by numbers: an API has few words at one place, data has many. So words are kept in a tree, and once more than twelve
//! at one place have the same shape (the same words right below them), they are folded into one `:id`, for good.
//!
//! - Words under which identifiers hang (`/assets/:id`) are collections, and a large API has many of them side by side: 36 may.
//! - More than 40 words at one place are folded whatever their shapes: `/repos/alice/tide`, `/repos/bob/gate`.
//! - An origin has at most 512 words and 8 levels; what comes later or lies deeper is folded into `/*` below the last one known. So the
//!   number of templates is bounded, whatever the URLs.
//! - Patterns that the developer gives (`/users/:name/*`) win over all of this.
//!
//! Folding changes names. It says which, so that the scopes of the old names can be merged into the new one's.

mod learned;
mod pattern;
mod tree;

pub use learned::{Learned, Merge, Templates};
pub use pattern::{Pattern, PatternError};
