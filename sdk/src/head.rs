//! The heads of requests and responses, read in one crossing each.

use tidegate_core::http::Fields;
use tidegate_core::kept::borrowed;
use wasm_bindgen::prelude::*;
use web_sys::{Request, Response};

use crate::boundary;

/// Header fields as they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(Vec<(String, String)>);

/// What a request says before its body.
#[derive(Clone, Debug)]
pub(crate) struct RequestHead {
    pub(crate) method: String,
    pub(crate) url: String,
    /// How the browser's own cache is used.
    pub(crate) cache: String,
    pub(crate) credentials: String,
    pub(crate) mode: String,
    pub(crate) redirect: String,
    pub(crate) integrity: String,
    pub(crate) fields: Pairs,
}

/// What a response says before its body.
#[derive(Clone, Debug)]
pub(crate) struct ResponseHead {
    /// Whether it has headers, and a body that can be read if it has one: what a mock makes up may not.
    pub(crate) readable: bool,
    pub(crate) status: u16,
    pub(crate) url: String,
    /// Its status text.
    pub(crate) words: String,
    /// Its type: `basic`, `cors`, `opaque` …
    pub(crate) kind: String,
    pub(crate) redirected: bool,
    pub(crate) fields: Pairs,
}

impl RequestHead {
    pub(crate) fn of(request: &Request) -> RequestHead {
        let text = boundary::asked(request);
        let mut lines = text.split('\n');
        let mut line = || lines.next().unwrap_or_default().to_owned();
        RequestHead {
            method: line(),
            url: line(),
            cache: line(),
            credentials: line(),
            mode: line(),
            redirect: line(),
            integrity: line(),
            fields: Pairs::of(lines),
        }
    }

    /// Where it goes, without the fragment.
    pub(crate) fn address(&self) -> &str {
        self.url.split('#').next().unwrap_or_default()
    }

    /// Whether it goes to a backend: `data:` and `blob:` come from the page itself.
    pub(crate) fn is_sent(&self) -> bool {
        self.url.starts_with("http")
    }
}

impl ResponseHead {
    /// `None` of what is no response. Asked by shape: a mock's may come from another realm, where `instanceof` fails.
    pub(crate) fn of(response: &JsValue) -> Option<ResponseHead> {
        let text = boundary::answered(response);
        let mut lines = text.split('\n');
        let mut line = || lines.next().unwrap_or_default();
        Some(ResponseHead {
            readable: line() == "true",
            status: line().parse().ok()?,
            url: line().into(),
            words: line().into(),
            kind: line().into(),
            redirected: line() == "true",
            fields: Pairs::of(lines),
        })
    }

    /// A field, if it can be seen.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.value(name)
    }
}

impl Pairs {
    /// Each line has a name and a value with a comma between.
    fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Pairs {
        let pairs = lines.filter_map(|line| line.split_once(','));
        Pairs(
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// The value of the first field of a name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        let (_, value) = pairs.find(|(each, _)| each.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Lends them to the rules.
    pub(crate) fn with<T>(&self, rule: impl FnOnce(Fields<'_>) -> T) -> T {
        let pairs = borrowed(&self.0);
        rule(Fields::new(&pairs))
    }

    /// In the form in which they came: a line each.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| [name, ",", value].concat())
            .collect();
        lines.join("\n")
    }

    pub(crate) fn into_inner(self) -> Vec<(String, String)> {
        self.0
    }
}

/// A response and its head.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) response: Response,
    pub(crate) head: ResponseHead,
}

impl Reply {
    /// What a `fetch` has resolved to, if it is a response.
    pub(crate) fn of(value: &JsValue) -> Option<Reply> {
        Some(Reply {
            head: ResponseHead::of(value)?,
            response: value.clone().unchecked_into(),
        })
    }
}
