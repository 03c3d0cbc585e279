//! The words of one origin's paths, as a tree that folds.
//!
//! Nodes are never given back: what was merged points to what it was merged into. So the nodes that there ever were are bounded, not
//! only those that there are, and a page that is open for weeks names no more templates than one that is open for a day.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// What stands for data.
pub(super) const DATA: &str = ":id";

/// More words of the same shape at one place than an API has, and fewer than a list of users shows on its first page.
const MOST_ALIKE: usize = 12;
/// The same for words under which identifiers hang: GitHub's and Kubernetes' widest places have about this many.
const MOST_COLLECTIONS: usize = 36;
/// Words at one place, whatever their shapes.
const MOST_WORDS: usize = 40;

/// A node of one tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct NodeId(u16);

#[derive(Debug)]
struct Node {
    word: Box<str>,
    parent: NodeId,
    children: Vec<NodeId>,
    /// Some path ends here.
    ends: bool,
    /// Some path goes on from here into what is not told apart.
    overflows: bool,
    /// The words at this place are data: new ones are not learned.
    folded: bool,
    /// Where this went when it was folded.
    merged: Option<NodeId>,
}

#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Nodes that there may ever be.
    pub(super) const MOST_NODES: usize = 512;
    pub(super) const ROOT: NodeId = NodeId(0);

    pub(super) fn new() -> Tree {
        let mut tree = Tree { nodes: Vec::new() };
        tree.add(Tree::ROOT, "");
        tree
    }

    /// The child for this word, made when it is new; `None` when the tree is full. And whether it was made.
    pub(super) fn step(&mut self, from: NodeId, word: &str) -> Option<(NodeId, bool)> {
        let node = self.node(from)?;
        let word = match self.child(from, word) {
            Some(child) => return Some((child, false)),
            None if node.folded => DATA,
            None => word,
        };
        if let Some(child) = self.child(from, word) {
            return Some((child, false));
        }
        let child = self.add(from, word)?;
        self.node_mut(from)?.children.push(child);
        Some((child, true))
    }

    /// A path ends here, or goes on into what is not told apart.
    pub(super) fn end(&mut self, at: NodeId, overflows: bool) {
        if let Some(node) = self.node_mut(at) {
            node.ends |= !overflows;
            node.overflows |= overflows;
        }
    }

    /// The place above.
    pub(super) fn above(&self, at: NodeId) -> NodeId {
        self.node(at).map_or(Tree::ROOT, |node| node.parent)
    }

    /// What a node has become.
    pub(super) fn survivor(&self, mut at: NodeId) -> NodeId {
        while let Some(into) = self.node(at).and_then(|node| node.merged) {
            at = into;
        }
        at
    }

    /// The template of the paths that end here, or go on.
    pub(super) fn template(&self, at: NodeId, overflows: bool) -> String {
        let mut words = Vec::new();
        let mut next = at;
        while let (true, Some(node)) = (next != Tree::ROOT, self.node(next)) {
            words.push(&*node.word);
            next = node.parent;
        }
        let mut text = String::new();
        for word in words.iter().rev() {
            text.push('/');
            text.push_str(word);
        }
        if overflows {
            text.push_str("/*");
        }
        text
    }

    /// Every template at or below this node.
    pub(super) fn ends_below(&self, at: NodeId) -> Vec<(NodeId, bool)> {
        let mut found = Vec::new();
        let mut next = [at].to_vec();
        while let Some(at) = next.pop() {
            if let Some(node) = self.node(at) {
                next.extend(&node.children);
                found.extend(node.ends.then_some((at, false)));
                found.extend(node.overflows.then_some((at, true)));
            }
        }
        found
    }

    /// The words at this place that turn out to be data, if some do: those like `sample`, or all of them.
    pub(super) fn data_at(&self, place: NodeId, sample: NodeId) -> Option<Vec<NodeId>> {
        let words = || {
            let children = self.node(place).into_iter().flat_map(|node| &node.children);
            children.copied().filter(|child| !self.is_data(*child))
        };
        if words().count() > MOST_WORDS {
            return Some(words().collect());
        }
        let shape = self.shape(sample);
        let alike = || words().filter(|word| self.shape(*word) == shape);
        let most = match self.child(sample, DATA) {
            Some(_) => MOST_COLLECTIONS,
            None => MOST_ALIKE,
        };
        (!self.is_data(sample) && alike().count() > most).then(|| alike().collect())
    }

    /// Folds words at one place into its `:id`, which is one of them if there was none.
    pub(super) fn fold(&mut self, place: NodeId, words: &[NodeId]) {
        let mut words = words.iter().copied();
        let into = self.child(place, DATA).or_else(|| words.next());
        let Some(into) = into else { return };
        if let Some(node) = self.node_mut(into) {
            node.word = DATA.into();
        }
        if let Some(node) = self.node_mut(place) {
            node.folded = true;
        }
        for word in words {
            self.merge(into, word);
        }
    }

    /// Hangs all that is below `from` below `into`.
    fn merge(&mut self, into: NodeId, from: NodeId) {
        let Some(node) = self.node_mut(from) else {
            return;
        };
        node.merged = Some(into);
        node.word = Box::default();
        let (children, parent) = (core::mem::take(&mut node.children), node.parent);
        let (ends, overflows, folded) = (node.ends, node.overflows, node.folded);
        if let Some(place) = self.node_mut(parent) {
            place.children.retain(|child| *child != from);
        }
        if let Some(node) = self.node_mut(into) {
            node.ends |= ends;
            node.overflows |= overflows;
            node.folded |= folded;
        }
        for child in children {
            let word = self.node(child).map_or("", |node| &*node.word);
            match self.child(into, word) {
                Some(twin) => self.merge(twin, child),
                None => {
                    if let Some(node) = self.node_mut(child) {
                        node.parent = into;
                    }
                    if let Some(node) = self.node_mut(into) {
                        node.children.push(child);
                    }
                }
            }
        }
    }

    pub(super) fn children(&self, at: NodeId) -> Vec<NodeId> {
        self.node(at)
            .map_or(Vec::new(), |node| node.children.clone())
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn is_data(&self, at: NodeId) -> bool {
        self.node(at).is_some_and(|node| &*node.word == DATA)
    }

    fn child(&self, of: NodeId, word: &str) -> Option<NodeId> {
        let mut children = self.node(of)?.children.iter().copied();
        children.find(|child| self.node(*child).is_some_and(|node| &*node.word == word))
    }

    /// The words right below, whatever their order.
    fn shape(&self, of: NodeId) -> u64 {
        let children = self.node(of).into_iter().flat_map(|node| &node.children);
        let hashes = children.filter_map(|child| Some(hash(&self.node(*child)?.word)));
        hashes.fold(0, u64::wrapping_add)
    }

    fn add(&mut self, parent: NodeId, word: &str) -> Option<NodeId> {
        if self.nodes.len() == Tree::MOST_NODES {
            return None;
        }
        self.nodes.push(Node {
            word: word.into(),
            parent,
            children: Vec::new(),
            ends: false,
            overflows: false,
            folded: false,
            merged: None,
        });
        Some(NodeId(self.nodes.len() as u16 - 1))
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(usize::from(id.0))
    }

    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(usize::from(id.0))
    }
}

/// FNV-1a, scrambled because hashes are added up.
fn hash(word: &str) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    crate::rng::mix(word.bytes().fold(0xCBF2_9CE4_8422_2325, step))
}
