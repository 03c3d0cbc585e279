//! JSON as it is read here: a value is its own text, and is looked into member by member. What an application said is passed on as it came.
//!
//! Any text gives an answer or none, and never a panic; what is nested more deeply than 64 levels is none.

use alloc::string::String;

const DEEPEST: u32 = 64;

/// The text of one whole value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::session) struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// A text that is one value and nothing else.
    pub(in crate::session) fn whole(text: &'a str) -> Option<Json<'a>> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEEPEST)?;
        reader.blank();
        (reader.at == text.len()).then_some(value)
    }

    /// As it was written.
    pub(in crate::session) fn text(self) -> &'a str {
        self.0
    }

    /// The members of an object, in order; none of anything else.
    pub(in crate::session) fn members(self) -> impl Iterator<Item = (&'a str, Json<'a>)> {
        let mut reader = Inside::of(self.0, '{');
        core::iter::from_fn(move || reader.member())
    }

    /// The items of a list, in order; none of anything else.
    pub(in crate::session) fn items(self) -> impl Iterator<Item = Json<'a>> {
        let mut reader = Inside::of(self.0, '[');
        core::iter::from_fn(move || reader.item())
    }

    /// The last member of this name. Names with escapes in them are none of ours.
    pub(in crate::session) fn at(self, name: &str) -> Option<Json<'a>> {
        let members = self.members().filter(|(each, _)| *each == name);
        members.map(|(_, value)| value).last()
    }

    pub(in crate::session) fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    pub(in crate::session) fn is_true(self) -> bool {
        self.0 == "true"
    }

    /// A whole number, or a text that is one: offsets beyond 2^53 come as texts.
    pub(in crate::session) fn number(self) -> Option<u64> {
        let text = self.0.strip_prefix('"').unwrap_or(self.0);
        text.strip_suffix('"').unwrap_or(text).parse().ok()
    }

    /// A text without its escapes.
    pub(in crate::session) fn string(self) -> Option<String> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(unescaped(inner))
    }
}

/// What an object's name says; most have no escapes.
pub(in crate::session) fn unescaped(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => out.push(unit(&mut letters)),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// Four hexadecimal digits, or eight that are a pair.
fn unit(letters: &mut core::str::Chars<'_>) -> char {
    let lost = char::REPLACEMENT_CHARACTER;
    let Some(first) = four(letters) else {
        return lost;
    };
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first).unwrap_or(lost);
    }
    let mut ahead = letters.clone();
    if (ahead.next(), ahead.next()) != (Some('\\'), Some('u')) {
        return lost;
    }
    match four(&mut ahead) {
        Some(second @ 0xDC00..0xE000) => {
            *letters = ahead;
            char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).unwrap_or(lost)
        }
        _ => lost,
    }
}

fn four(letters: &mut core::str::Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |sum, _| Some(sum * 16 + letters.next()?.to_digit(16)?))
}

/// Writes a text with its quotes.
pub(in crate::session) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if letter < ' ' => {
                // Writing to a string cannot fail.
                let _ = core::fmt::write(out, format_args!("\\u{:04x}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

/// Between the brackets of a value that is whole.
struct Inside<'a> {
    reader: Reader<'a>,
    open: bool,
}

impl<'a> Inside<'a> {
    fn of(text: &'a str, bracket: char) -> Inside<'a> {
        Inside {
            open: text.starts_with(bracket),
            reader: Reader { text, at: 1 },
        }
    }

    fn item(&mut self) -> Option<Json<'a>> {
        if !self.open {
            return None;
        }
        let value = self.reader.value(DEEPEST);
        self.reader.blank();
        self.open = self.reader.takes(b',') && value.is_some();
        value
    }

    fn member(&mut self) -> Option<(&'a str, Json<'a>)> {
        if !self.open {
            return None;
        }
        self.reader.blank();
        let name = self.reader.string();
        self.reader.blank();
        let colon = self.reader.takes(b':');
        let value = self.item();
        let name = name.filter(|_| colon)?.0;
        Some((name.get(1..name.len().checked_sub(1)?)?, value?))
    }
}

/// Goes over a text. All that it stops at are ASCII letters, so that it never stops within a letter.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, letter: u8) -> bool {
        let found = self.next() == Some(letter);
        self.at += usize::from(found);
        found
    }

    fn blank(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn since(&self, start: usize) -> Option<Json<'a>> {
        self.text.get(start..self.at).map(Json)
    }

    fn value(&mut self, depth: u32) -> Option<Json<'a>> {
        self.blank();
        let start = self.at;
        match self.next()? {
            b'"' => return self.string(),
            b'{' => self.inside(depth, b'}', true)?,
            b'[' => self.inside(depth, b']', false)?,
            _ => {
                while let Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.') =
                    self.next()
                {
                    self.at += 1;
                }
                let word = self.since(start)?;
                return is_word(word.0).then_some(word);
            }
        }
        self.since(start)
    }

    fn inside(&mut self, depth: u32, end: u8, named: bool) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.at += 1;
        self.blank();
        if self.takes(end) {
            return Some(());
        }
        loop {
            if named {
                self.blank();
                self.string()?;
                self.blank();
                self.takes(b':').then_some(())?;
            }
            self.value(depth)?;
            self.blank();
            if self.takes(end) {
                return Some(());
            }
            self.takes(b',').then_some(())?;
        }
    }

    fn string(&mut self) -> Option<Json<'a>> {
        let start = self.at;
        self.takes(b'"').then_some(())?;
        loop {
            match self.next()? {
                b'"' => {
                    self.at += 1;
                    return self.since(start);
                }
                // What follows is one letter of ASCII in all that is valid; of what is not, the rest of it is passed over as well.
                b'\\' => {
                    self.at += 1;
                    self.next().filter(u8::is_ascii)?;
                    self.at += 1;
                }
                0..=31 => return None,
                _ => self.at += 1,
            }
        }
    }
}

fn is_word(word: &str) -> bool {
    matches!(word, "true" | "false" | "null")
        || (word.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit())
            && word.bytes().any(|letter| letter.is_ascii_digit())
            && word
                .bytes()
                .all(|letter| letter.is_ascii_digit() || b"+-.eE".contains(&letter)))
}
