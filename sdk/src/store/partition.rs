//! Whose answers they are.
//!
//! Every key begins with its partition, so one user's answer is found by no request of another. Beside the answers of a named partition
//! there is a row with a token, made when it was first used. A logout deletes the row, and a write that finds another token than the one
//! its partition was first used with is given up: so nothing that arrives after a logout is kept, in whichever tab it arrives. Where it
//! was the browser that has cleared the storage nobody has gone, and who is signed in gets a row anew; a database that somebody has deleted may
//! have been a logout's.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::keys::Keys;
use crate::boundary::property;

thread_local! {
    static BORN: Cell<u64> = const { Cell::new(0) };
}

/// A token, and how often the browser had cleared the storage before.
#[derive(Clone, Copy, Debug)]
struct Claim {
    token: f64,
    era: u32,
}

/// Whose answers. Cheap to clone; one is to be made at each login.
#[derive(Clone, Debug)]
pub(crate) struct Partition(Rc<Owner>);

#[derive(Debug)]
struct Owner {
    name: String,
    /// Which of this page's partitions it is.
    born: u64,
    claim: Cell<Option<Claim>>,
    /// What its answers are sealed with, as soon as that is known.
    keys: RefCell<Option<Rc<Keys>>>,
    dead: Cell<bool>,
}

impl Partition {
    /// Nobody's answers in particular.
    pub(crate) fn anonymous() -> Partition {
        Partition::named(String::new())
    }

    /// A user's answers. The identity is any text, the empty one as well.
    pub(crate) fn of(identity: &str) -> Partition {
        // The separator of keys is a line break, and the anonymous name must be nobody's.
        let escaped = identity.replace('%', "%25").replace('\n', "%0A");
        Partition::named(["=", &escaped].concat())
    }

    /// What every key begins with.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    fn named(name: String) -> Partition {
        Partition(Rc::new(Owner {
            name,
            born: now(),
            claim: Cell::default(),
            keys: RefCell::default(),
            dead: Cell::default(),
        }))
    }

    pub(super) fn is_anonymous(&self) -> bool {
        self.0.name.is_empty()
    }

    pub(super) fn is(&self, other: &Partition) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.is_anonymous() && other.is_anonymous()
    }

    /// The token it was first used with.
    pub(super) fn token(&self) -> Option<f64> {
        self.0.claim.get().map(|claim| claim.token)
    }

    /// What its answers are sealed with.
    pub(super) fn keys(&self) -> Option<Rc<Keys>> {
        self.0.keys.borrow().clone()
    }

    /// Whether its token is of this era.
    pub(super) fn is_of(&self, era: u32) -> bool {
        self.0.claim.get().is_some_and(|claim| claim.era == era)
    }

    /// Takes over what its row says: the first one of an era counts, and the row of another login is another's. The anonymous one is the
    /// database's, and as that is made anew.
    pub(super) fn adopt(&self, row: &JsValue, era: u32) {
        let Some(token) = property(row, "token").as_f64() else {
            return;
        };
        if self.is_anonymous() || !self.is_of(era) {
            self.0.claim.set(Some(Claim { token, era }));
        }
        if self.token() == Some(token) {
            self.0.keys.replace(Keys::read(row).map(Rc::new));
        }
    }

    /// Logged out: nothing is read or written for it any more.
    pub(super) fn die(&self) {
        self.0.dead.set(!self.is_anonymous());
        if self.is_dead() {
            self.0.keys.take();
        }
    }

    pub(super) fn is_dead(&self) -> bool {
        self.0.dead.get()
    }

    /// What the keys of its answers begin with.
    pub(crate) fn prefix(&self) -> String {
        [&self.0.name, "\n"].concat()
    }
}

/// The logouts that one store has seen.
#[derive(Debug, Default)]
pub(super) struct Logouts(Vec<(String, u64)>);

impl Logouts {
    /// Every partition of this name that exists now is dead.
    pub(super) fn add(&mut self, whose: &Partition) {
        whose.die();
        self.0.retain(|(name, _)| name != whose.name());
        if !whose.is_anonymous() {
            self.0.push((whose.name().into(), now()));
        }
    }

    /// Whether something may be read and written for a partition.
    pub(super) fn spare(&self, whose: &Partition) -> bool {
        let logged_out = |(name, at): &(String, u64)| name == whose.name() && whose.0.born <= *at;
        !whose.is_dead() && !self.0.iter().any(logged_out)
    }
}

fn now() -> u64 {
    BORN.set(BORN.get() + 1);
    BORN.get()
}
