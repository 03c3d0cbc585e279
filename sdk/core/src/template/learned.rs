//! Templates from paths.

use alloc::string::String;
use alloc::vec::Vec;

use super::pattern::{Pattern, segments};
use super::tree::{NodeId, Tree};
use crate::scope::scope_name;

/// Levels of a path that are told apart.
const DEEPEST: usize = 8;

/// A template that has been found to be another one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Merge {
    /// The name that is no longer used.
    pub from: String,
    /// The name that is used in its place.
    pub into: String,
}

/// What a path told. A merge may speak of a name that was never given out: that of the path itself, before it was folded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Learned {
    /// The path's template; empty for the root, else it begins with a slash.
    pub template: String,
    /// Templates that it made known to be data. Their scopes are one from now on.
    pub merged: Vec<Merge>,
}

/// The templates of one origin.
///
/// ```
/// use tidegate_core::Templates;
/// let mut templates = Templates::default();
/// assert_eq!(templates.learn("/users/alice").template, "/users/alice");
/// for name in ["b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
///     templates.learn(&["/users/", name].concat());
/// }
/// let learned = templates.learn("/users/mallory");
/// assert_eq!(learned.template, "/users/:id");
/// assert_eq!(learned.merged.len(), 13);
/// ```
#[derive(Debug)]
pub struct Templates {
    patterns: Vec<Pattern>,
    tree: Tree,
}

impl Default for Templates {
    fn default() -> Templates {
        Templates::new(Vec::new())
    }
}

impl Templates {
    /// Templates that there can be at a time, beside the patterns: each known place, and what lies below it.
    pub const MOST: usize = 2 * Tree::MOST_NODES;

    /// Nothing learned yet. Of patterns that fit both, the first wins.
    #[must_use]
    pub fn new(patterns: Vec<Pattern>) -> Templates {
        Templates {
            patterns,
            tree: Tree::new(),
        }
    }

    /// The template of a path (without a query), and what changed by it.
    pub fn learn(&mut self, path: &str) -> Learned {
        if let Some(pattern) = self.patterns.iter().find(|pattern| pattern.matches(path)) {
            return Learned {
                template: pattern.as_str().into(),
                merged: Vec::new(),
            };
        }
        // What is data by its looks is folded before anything is learned.
        let path = scope_name("", path);
        let (mut at, mut new, mut overflows) = (Tree::ROOT, false, false);
        for (depth, word) in segments(&path).enumerate() {
            let next = (depth < DEEPEST).then(|| self.tree.step(at, word));
            let Some((child, made)) = next.flatten() else {
                overflows = true;
                break;
            };
            (at, new) = (child, new || made);
        }
        self.tree.end(at, overflows);
        let merged = if new { self.fold(at) } else { Vec::new() };
        let template = self.tree.template(self.tree.survivor(at), overflows);
        Learned { template, merged }
    }

    /// How many words are known, those that have been folded included.
    #[must_use]
    pub fn known(&self) -> usize {
        self.tree.len()
    }

    /// Folds what has become data on the way to this node, and below it.
    fn fold(&mut self, last: NodeId) -> Vec<Merge> {
        if self.highest(last).is_none() {
            return Vec::new();
        }
        let ends = self.tree.ends_below(Tree::ROOT);
        let name = |(end, overflows): &(NodeId, bool), tree: &Tree| {
            tree.template(tree.survivor(*end), *overflows)
        };
        let before: Vec<String> = ends.iter().map(|end| name(end, &self.tree)).collect();
        // Each turn merges nodes, so it comes to an end.
        while let Some((place, words)) = self.highest(self.tree.survivor(last)) {
            self.tree.fold(place, &words);
            self.fold_below(place);
        }
        let mut merged = Vec::new();
        for (end, from) in ends.iter().zip(before) {
            let into = name(end, &self.tree);
            if from != into {
                merged.push(Merge { from, into });
            }
        }
        merged
    }

    /// The highest place on the way to a node at which words have become data, with these words.
    fn highest(&self, last: NodeId) -> Option<(NodeId, Vec<NodeId>)> {
        let (mut at, mut found) = (last, None);
        while at != Tree::ROOT {
            let place = self.tree.above(at);
            if let Some(words) = self.tree.data_at(place, at) {
                found = Some((place, words));
            }
            at = place;
        }
        found
    }

    /// Where several places have become one, there may be too many words at it.
    fn fold_below(&mut self, place: NodeId) {
        for child in self.tree.children(place) {
            if let Some(words) = self.tree.data_at(place, child) {
                self.tree.fold(place, &words);
            }
        }
        for child in self.tree.children(place) {
            self.fold_below(child);
        }
    }
}

#[cfg(test)]
#[path = "../tests/template.rs"]
mod tests;
