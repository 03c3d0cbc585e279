//! How far a socket has read, kept over reloads: for whoever goes on in this tab, and for whoever comes in another one.
//!
//! - Each page writes its own note, so that of two tabs with one name neither writes over what the other one has seen. A page begins with the note of the
//!   page that was in its tab before; one in a new tab, with the note that was written last.
//! - A note is written a quarter of a second after a position has moved. A page that crashes may have handled what its note does not know of: its
//!   successor is given that again. A page that is left says what it knows last in the tab's own storage, which is written at once.
//! - Nobody's note is another's: a note is of the user whose page it was when the socket began, is not written when somebody else is, and is erased with
//!   all that is kept of them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tidegate_core::session::{Input, LinkId, Protocol};
use tidegate_core::{Instant, Millis};
use wasm_bindgen_futures::spawn_local;

use super::driver::Driver;
use crate::boundary;
use crate::clock;
use crate::store::{Note, Partition};

/// How long a position waits to be written with those after it.
const WAIT: Millis = Millis(250);
/// How long a connection waits for what was kept: longer than any disk takes.
const LONGEST: Millis = Millis::from_secs(2);

/// What a session says that has read nothing.
const NOTHING: &str = "{}";

/// What keeps the positions of one socket.
#[derive(Debug)]
pub(super) struct Keep {
    name: String,
    /// What this page is called.
    page: String,
    reading: RefCell<Reading>,
    /// When it is to be written.
    due: Cell<Instant>,
    /// What was written last.
    last: RefCell<String>,
}

#[derive(Debug)]
enum Reading {
    /// What was kept is being read; the connection that is open meanwhile.
    Begun(Option<LinkId>),
    /// It was read for this user, on this visit; where the database works, there is what tells this life of theirs from another.
    Done {
        whose: Partition,
        visit: u64,
        token: Option<u64>,
    },
}

impl Keep {
    pub(super) fn new(name: String) -> Keep {
        Keep {
            name,
            page: boundary::random_key(),
            reading: RefCell::new(Reading::Begun(None)),
            due: Cell::new(Instant::NEVER),
            last: RefCell::default(),
        }
    }

    pub(super) fn due(&self) -> Instant {
        self.due.get()
    }
}

/// What the tab's own storage has of a user's sockets begins so.
pub(crate) fn remembered_of(whose: &Partition) -> String {
    ["tidegate ", &whose.prefix()].concat()
}

impl Driver {
    /// Reads what was kept; until then no connection says how far anything was read.
    pub(super) fn begin_keeping(self: &Rc<Driver>) {
        let Some(keep) = &self.keep else {
            return;
        };
        keep.reading.replace(Reading::Begun(None));
        let (driver, life, whose) = (self.clone(), self.life.get(), self.inner.whose());
        spawn_local(async move {
            let Some(keep) = &driver.keep else {
                return;
            };
            let (partition, visit) = (whose.partition.clone(), whose.visit);
            drop(whose);
            let (inner, until) = (&driver.inner, driver.inner.now() + LONGEST);
            let reading = Box::pin(inner.store.notes(&partition, &keep.name));
            let found = inner.timer.in_time(reading, until).await.flatten();
            if driver.life.get() != life || driver.is_over() {
                return;
            }
            let mark = [&remembered_of(&partition), &*keep.name].concat();
            let token = found.as_ref().map(|(token, _)| *token);
            if let Some((token, notes)) = found {
                let here = boundary::remembered(&mark);
                let here = here.as_deref().and_then(|text| remembered(token, text));
                let positions = chosen(here, &notes).unwrap_or_default();
                driver.session.borrow_mut().restore(&positions);
            }
            let done = Reading::Done {
                whose: partition,
                visit,
                token,
            };
            let link = match keep.reading.replace(done) {
                Reading::Begun(link) => link,
                Reading::Done { .. } => None,
            };
            driver.save(true);
            match link {
                Some(link) => driver.on(Input::Opened { link }),
                None if driver.manner.protocol == Protocol::Sse => drop(driver.reconnect()),
                None => driver.run(),
            }
        });
    }

    /// Whether a connection that is open has to wait for what was kept.
    pub(super) fn holds_back(&self, link: LinkId) -> bool {
        let Some(keep) = &self.keep else {
            return false;
        };
        match &mut *keep.reading.borrow_mut() {
            Reading::Begun(held) => {
                *held = Some(link);
                true
            }
            Reading::Done { .. } => false,
        }
    }

    /// A position may have moved.
    pub(super) fn moved(&self) {
        if let Some(keep) = &self.keep
            && keep.due.get() == Instant::NEVER
        {
            keep.due.set(self.inner.now() + WAIT);
        }
    }

    pub(super) fn save_in_time(&self) {
        if self
            .keep
            .as_ref()
            .is_some_and(|keep| keep.due.get() <= self.inner.now())
        {
            self.save(false);
        }
    }

    /// Writes how far everything was handled. `leaving`: it may be the last that this page has to say.
    pub(super) fn save(&self, leaving: bool) {
        let Some(keep) = &self.keep else {
            return;
        };
        keep.due.set(Instant::NEVER);
        let (whose, token) = match &*keep.reading.borrow() {
            Reading::Done {
                whose,
                visit,
                token: Some(token),
            } if *visit == self.inner.whose().visit => (whose.clone(), *token),
            _ => return,
        };
        let note = Note {
            page: keep.page.clone(),
            at: clock::wall(),
            text: self.session.borrow().positions(),
        };
        if leaving {
            let mark = [&remembered_of(&whose), &*keep.name].concat();
            let text = [&token.to_string(), " ", &*note.to_text()].concat();
            boundary::remember(&mark, &text);
        }
        if keep.last.replace(note.text.clone()) != note.text && note.text != NOTHING {
            let (inner, name) = (self.inner.clone(), keep.name.clone());
            spawn_local(async move { inner.store.note(&whose, &name, &note).await });
        }
    }
}

/// What this tab remembers, if it is of the same life of the user.
fn remembered(token: u64, text: &str) -> Option<Note> {
    let (of, rest) = text.split_once(' ')?;
    Note::from_text(rest).filter(|_| of.parse() == Ok(token))
}

/// What to go on from: what the page before in this tab has said last, or else what any page has.
fn chosen(here: Option<Note>, notes: &[Note]) -> Option<String> {
    let newest = |notes: &mut dyn Iterator<Item = &Note>| {
        let said = notes.filter(|note| note.text != NOTHING);
        said.max_by_key(|note| note.at)
            .map(|note| note.text.clone())
    };
    let before = here.as_ref().map(|it| &*it.page);
    let own = notes.iter().filter(|note| Some(&*note.page) == before);
    newest(&mut own.chain(&here)).or_else(|| newest(&mut notes.iter()))
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use tidegate_core::Wall;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn note(page: &str, at: u64, text: &str) -> Note {
        Note {
            page: page.into(),
            at: Wall(at),
            text: text.into(),
        }
    }

    #[wasm_bindgen_test]
    fn a_page_goes_on_from_the_one_before_it_in_its_tab_or_from_whichever_was_last() {
        let notes = || vec![note("a", 1, "a1"), note("b", 9, "b9"), note("c", 5, "c5")];
        let go_on = |here: Option<Note>| chosen(here, &notes()).unwrap_or_default();
        assert_eq!(go_on(None), "b9");
        assert_eq!(go_on(Some(note("a", 3, "a3"))), "a3");
        // It went on for a while, and crashed.
        assert_eq!(go_on(Some(note("c", 2, "c2"))), "c5");
        assert_eq!(go_on(Some(note("d", 2, "d2"))), "d2");
        // It has read nothing in its time.
        assert_eq!(go_on(Some(note("d", 20, "{}"))), "b9");
        assert_eq!(go_on(Some(note("a", 20, "{}"))), "a1");
        assert_eq!(chosen(None, &[]), None);
    }

    #[wasm_bindgen_test]
    fn what_a_tab_remembers_of_another_life_is_nobodys() {
        let text = ["7 ", &note("a", 3, "{\"x y\":1}").to_text()].concat();
        assert_eq!(remembered(7, &text), Some(note("a", 3, "{\"x y\":1}")));
        assert_eq!(remembered(8, &text), None);
        for broken in ["", "7", "7 a", "7 a x {}", "a b c"] {
            assert_eq!(remembered(7, broken), None, "{broken}");
        }
    }
}
