//! The kept answers that a call has found: which of them it may get, how the server is asked about them, and the response made of one.

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use tidegate_core::http::{Cut, Fields, Revalidation, conditions, if_none_match, selected};
use tidegate_core::kept::{Choice, Kept, Received, Share};
use tidegate_core::{Found, Instant, Lookup, Millis, Reason, Wall};
use wasm_bindgen::prelude::*;
use web_sys::Response;

use crate::asking::Asking;
use crate::boundary::{self, property};
use crate::clock;
use crate::flight::Words;
use crate::head::Pairs;
use crate::store::{Entry, Store};

/// The kept answers to one URL.
pub(crate) struct Copies {
    entries: Vec<Entry>,
    choice: Option<Choice>,
    /// The chosen one's.
    body: Option<ArrayBuffer>,
    /// The server has confirmed these.
    renewed: Vec<usize>,
    /// The chosen one is the network's answer: the server has confirmed or completed it.
    confirmed: bool,
}

/// How the network is asked, with what is kept in view.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    /// As the caller has made the request.
    AsItIs,
    /// For what a part lacks.
    Completing,
    /// Whether what is kept still holds.
    Confirming,
}

impl Copies {
    pub(crate) async fn find(store: &Store, asking: &Asking) -> Copies {
        let mut entries = store.entries(&asking.whose.partition, &asking.url).await;
        entries.retain(|entry| asking.takes(&entry.kept));
        let lengths: Vec<(&Kept, u64)> = entries
            .iter()
            .map(|entry| (&entry.kept, entry.bytes))
            .collect();
        let choice = asking.question.choose(&lengths, clock::wall());
        Copies {
            entries,
            choice,
            body: None,
            renewed: Vec::new(),
            confirmed: false,
        }
    }

    /// The one that was chosen.
    fn chosen(&self) -> Option<(&Entry, Share)> {
        let choice = self.choice?;
        Some((self.entries.get(choice.index)?, choice.share))
    }

    /// What the chosen one is good for, before anybody else was asked or for want of the network's answer. It is if its body is whole.
    pub(crate) async fn look(
        &mut self,
        store: &Store,
        asking: &Asking,
        want: Option<Reason>,
        now: Instant,
    ) -> Found {
        let found = match self.chosen() {
            None | Some((_, Share::Begun)) => Found::Miss,
            Some((entry, _)) => match want {
                None => asking.question.look(&entry.kept, clock::wall(), now),
                Some(reason) => {
                    let question = &asking.question;
                    question.fallback(&entry.kept, reason, clock::wall(), now)
                }
            },
        };
        if found != Found::Miss && !self.has_body(store).await {
            return Found::Miss;
        }
        found
    }

    /// Whether the chosen one would be served if the server did not want it confirmed.
    pub(crate) fn is_forbidden(&self, asking: &Asking, reason: Reason, now: Instant) -> bool {
        self.chosen().is_some_and(|(entry, _)| {
            let question = &asking.question;
            question.is_forbidden(&entry.kept, reason, clock::wall(), now)
        })
    }

    /// Reads the body of the chosen one; what is not what was stored is none.
    async fn has_body(&mut self, store: &Store) -> bool {
        let Some((entry, _)) = self.chosen() else {
            return false;
        };
        if self.body.is_none() {
            let body = store.body(entry).await;
            store.used(entry);
            self.body = body;
        }
        if self.body.is_none() {
            self.choice = None;
        }
        self.body.is_some()
    }

    /// Whether there is one to choose.
    pub(crate) fn is_some(&self) -> bool {
        self.choice.is_some()
    }

    /// How the network is asked; `plainly`, without a word of what is kept.
    pub(crate) fn way(&self, asking: &Asking, plainly: bool) -> (Way, Words) {
        let mut words = Words::default();
        if asking.lookup() != Lookup::First {
            return (Way::AsItIs, words);
        }
        // This cache has decided; the browser's own would only keep a second copy, and hide how old it is. Across origins it alone knows the
        // conditions.
        words.mode = Some(if asking.cross_origin {
            "no-cache"
        } else {
            "no-store"
        });
        if self.is_some()
            && !asking.cross_origin
            && !asking.with_fields(|it| it.has("cache-control"))
        {
            // Caches on the way are to ask as well; the browser would say `no-cache`, which is more than is meant.
            words.set("cache-control", "max-age=0");
        }
        if plainly {
            return (Way::AsItIs, words);
        }
        let ranged = asking.with_fields(|fields| fields.has("range"));
        let allowed = asking.question.rules.conditions.unwrap_or(false);
        let Some((entry, share)) = self.chosen() else {
            // Others may hold although none is for this request: the server says which.
            let tags = self.tags();
            if let Some(tags) = tags.filter(|_| !ranged && (!asking.cross_origin || allowed)) {
                words.set("if-none-match", &tags);
                return (Way::Confirming, words);
            }
            return (Way::AsItIs, words);
        };
        let pairs = entry.kept.pairs();
        let fields = Fields::new(&pairs);
        match share {
            Share::Begun if !asking.cross_origin || allowed => {
                let Some(rest) = entry.kept.rest() else {
                    return (Way::AsItIs, words);
                };
                words.set("range", &rest);
                // Without one the server may still send the whole, if it knows that the part is of another.
                if let Some(tag) = fields.value("etag").filter(|tag| !tag.starts_with("W/")) {
                    words.set("if-range", tag);
                }
                (Way::Completing, words)
            }
            Share::Whole if !ranged => {
                if Revalidation::of(fields, asking.cross_origin, allowed)
                    != Revalidation::Conditions
                {
                    return (Way::AsItIs, words);
                }
                for (name, value) in conditions(fields) {
                    words.set(name, value);
                }
                if let Some(tags) = self.tags().filter(|_| self.entries.len() > 1) {
                    words.set("if-none-match", &tags);
                }
                (Way::Confirming, words)
            }
            _ => (Way::AsItIs, words),
        }
    }

    fn tags(&self) -> Option<String> {
        // Of a part nobody could give more than that.
        let whole = self.entries.iter().filter(|it| it.kept.part.is_none());
        let pairs: Vec<_> = whole.map(|entry| entry.kept.pairs()).collect();
        if_none_match(pairs.iter().map(|pairs| Fields::new(pairs)))
    }

    /// The server has answered 304: which of them it means, brought up to date, is the answer. Whether there is one.
    pub(crate) async fn confirm(
        &mut self,
        store: &Store,
        answer: &Pairs,
        received: Received<'_>,
    ) -> bool {
        let pairs: Vec<_> = self
            .entries
            .iter()
            .map(|entry| entry.kept.pairs())
            .collect();
        let kept: Vec<(Fields<'_>, Wall)> = pairs
            .iter()
            .zip(&self.entries)
            .map(|(pairs, entry)| (Fields::new(pairs), entry.kept.arrival.wall))
            .collect();
        let holds = answer.with(|answer| selected(&kept, answer));
        drop(kept);
        drop(pairs);
        let is_whole =
            |index: &usize| (self.entries.get(*index)).is_some_and(|it| it.kept.part.is_none());
        let mut whole = holds.iter().copied().filter(is_whole);
        let chosen = self.choice.map(|choice| choice.index);
        let chosen = chosen.filter(|index| holds.contains(index) && is_whole(index));
        let Some(index) = chosen.or_else(|| whole.next()) else {
            return false;
        };
        if self.choice.is_none_or(|choice| choice.index != index) {
            self.body = None;
        }
        self.choice = Some(Choice {
            index,
            share: Share::Whole,
        });
        if !self.has_body(store).await {
            return false;
        }
        for index in &holds {
            if let Some(entry) = self.entries.get_mut(*index) {
                entry.kept = answer.with(|answer| entry.kept.confirmed(answer, received));
            }
        }
        self.renewed = holds;
        self.confirmed = true;
        true
    }

    /// Whether the chosen one is the network's answer.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Those that are to be written anew, if the server has confirmed any.
    pub(crate) fn renewed(&self) -> Option<Vec<Entry>> {
        let renewed = self.renewed.iter();
        let renewed: Vec<Entry> = renewed
            .filter_map(|index| self.entries.get(*index).cloned())
            .collect();
        (!renewed.is_empty()).then_some(renewed)
    }

    /// What the chosen part lacked has come: it is whole now. The whole, to be kept, and its body.
    pub(crate) async fn complete(
        &mut self,
        store: &Store,
        answer: &Pairs,
        rest: &ArrayBuffer,
    ) -> Option<(Kept, ArrayBuffer)> {
        let part = &self.chosen()?.0.kept;
        let bytes = rest.byte_length().into();
        let whole = answer.with(|answer| part.completed(answer, bytes))?;
        if !self.has_body(store).await {
            return None;
        }
        let [begun, rest] = [self.body.as_ref()?, rest].map(|part| Uint8Array::new(part));
        let bytes = begun.byte_length() + rest.byte_length();
        let body = boundary::joined(&Array::of2(&begun, &rest), bytes);
        let choice = self.choice.as_mut()?;
        choice.share = Share::Whole;
        self.entries.get_mut(choice.index)?.kept = whole.clone();
        self.body = Some(body.clone());
        self.confirmed = true;
        Some((whole, body))
    }

    /// How old the chosen one is, and whether that is certain.
    pub(crate) fn age(&self, now: Instant) -> (Millis, bool) {
        match self.chosen() {
            Some((entry, _)) => {
                let age = entry.kept.age(clock::wall(), now);
                (age.millis, age.certain())
            }
            None => (Millis::ZERO, false),
        }
    }

    /// A native response of the chosen one that says where it comes from: `Age` (RFC 9111) and `Cache-Status` (RFC 9211).
    ///
    /// # Errors
    /// What the constructor throws.
    pub(crate) fn response(&self, age: Millis, reason: Reason) -> Result<Response, JsValue> {
        let missing = || JsValue::from("nothing is kept");
        let (entry, share) = self.chosen().ok_or_else(missing)?;
        let (kept, body) = (&entry.kept, self.body.as_ref().ok_or_else(missing)?);
        let detail = ["tidegate; hit; detail=", reason.as_str()].concat();
        let mut ours = vec![
            ("age", (age.0 / 1_000).to_string()),
            ("cache-status", detail),
        ];
        let (mut status, mut words) = (kept.status, kept.status_text.as_str());
        let mut content = Some(body.clone());
        if let Share::Cut { cut, stored } = share {
            ours.push(("content-range", cut.content_range(stored.complete)));
            (status, words, content) = match cut {
                Cut::Part { first, last } => {
                    let (first, last) = (first - stored.first, last + 1 - stored.first);
                    ours.push(("content-length", (last - first).to_string()));
                    let slice = body.slice_with_end(first as u32, last as u32);
                    (206, "Partial Content", Some(slice))
                }
                Cut::Unsatisfiable => {
                    ours.push(("content-length", "0".into()));
                    (416, "Range Not Satisfiable", None)
                }
            };
        }
        // The constructor refuses a body beside these.
        let content = content.filter(|_| !matches!(status, 204 | 205 | 304));
        let mut lines = Vec::new();
        for (name, value) in &kept.fields {
            if !ours.iter().any(|(each, _)| name.eq_ignore_ascii_case(each)) {
                lines.extend([name, ",", value, "\n"]);
            }
        }
        for (name, value) in &ours {
            lines.extend([name, ",", value, "\n"]);
        }
        lines.pop();
        let fields = lines.concat();
        boundary::respond(&fields, status, words, content, &kept.url, kept.redirected)
    }
}

/// A clone, which has what [`Copies::response`] defined as well: the browser does not know of it.
///
/// # Errors
/// What `clone` throws, as where the body is being read.
pub(crate) fn twin(response: &Response) -> Result<Response, JsValue> {
    let twin = response.clone()?;
    for name in ["url", "redirected"] {
        let value = property(response, name);
        if property(&twin, name) != value {
            define(&twin, name, &value);
        }
    }
    Ok(twin)
}

fn define(response: &Response, name: &str, value: &JsValue) {
    let descriptor = Object::new();
    let _ = Reflect::set(&descriptor, &"value".into(), value);
    let _ = Reflect::define_property(response, &name.into(), &descriptor);
}
