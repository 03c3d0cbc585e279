//! Dictionaries of RFC 9651, as far as a word needs them.
//!
//! Members that nobody asked for have to be skipped whatever they are, so the whole grammar is walked, but only integers, truth values
//! and strings are kept. What is not decoded is looked at less closely: the padding of byte sequences, the UTF-8 of display strings.

use super::error::WordError;

/// A member's value, as far as it matters here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Item<'a> {
    Boolean(bool),
    Integer(i64),
    /// Between the quotes, with its backslashes.
    Text(&'a str),
    /// Anything else that the grammar allows.
    Other,
}

#[derive(Debug)]
pub(super) struct Dictionary<'a> {
    text: &'a str,
    at: usize,
    begun: bool,
}

impl<'a> Dictionary<'a> {
    pub(super) fn new(text: &'a str) -> Dictionary<'a> {
        // Spaces around the field are not part of it.
        let text = text.trim_matches(' ');
        Dictionary {
            text,
            at: 0,
            begun: false,
        }
    }

    /// The next member, in order; keys may repeat.
    pub(super) fn next_member(&mut self) -> Result<Option<(&'a str, Item<'a>)>, WordError> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        if self.begun {
            self.skip(|byte| matches!(byte, b' ' | b'\t'));
            self.expect(b',')?;
            self.skip(|byte| matches!(byte, b' ' | b'\t'));
        }
        self.begun = true;
        let key = self.key()?;
        // A key alone is the Boolean true.
        let mut item = Item::Boolean(true);
        if self.take(b'=') {
            item = self.value()?;
        }
        self.parameters()?;
        Ok(Some((key, item)))
    }

    fn value(&mut self) -> Result<Item<'a>, WordError> {
        if !self.take(b'(') {
            return self.bare_item();
        }
        let mut apart = true;
        loop {
            let before = self.at;
            self.skip(|byte| byte == b' ');
            if self.take(b')') {
                return Ok(Item::Other);
            }
            if !apart && self.at == before {
                return Err(self.fault());
            }
            apart = false;
            self.bare_item()?;
            self.parameters()?;
        }
    }

    fn parameters(&mut self) -> Result<(), WordError> {
        while self.take(b';') {
            self.skip(|byte| byte == b' ');
            self.key()?;
            if self.take(b'=') {
                self.bare_item()?;
            }
        }
        Ok(())
    }

    fn key(&mut self) -> Result<&'a str, WordError> {
        let start = self.at;
        if !matches!(self.peek(), Some(b'a'..=b'z' | b'*')) {
            return Err(self.fault());
        }
        self.skip(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte)
        });
        Ok(self.since(start))
    }

    fn bare_item(&mut self) -> Result<Item<'a>, WordError> {
        let Some(first) = self.peek() else {
            return Err(self.fault());
        };
        if matches!(first, b'-' | b'0'..=b'9') {
            return self.number();
        }
        if b"\"?%:@".contains(&first) {
            self.at += 1;
        }
        match first {
            b'"' => self.quoted(),
            b'?' if self.take(b'0') => Ok(Item::Boolean(false)),
            b'?' if self.take(b'1') => Ok(Item::Boolean(true)),
            b'%' => {
                self.expect(b'"')?;
                self.quoted().map(|_| Item::Other)
            }
            b':' => {
                self.skip(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
                self.expect(b':').map(|()| Item::Other)
            }
            b'@' => match self.number()? {
                Item::Integer(_) => Ok(Item::Other),
                _ => Err(self.fault()),
            },
            b'*' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.skip(|byte| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
                });
                Ok(Item::Other)
            }
            _ => Err(self.fault()),
        }
    }

    /// An Integer of up to 15 digits, or a Decimal of up to 12 and 3.
    fn number(&mut self) -> Result<Item<'a>, WordError> {
        let negative = self.take(b'-');
        let mut number = 0_i64;
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if self.at - start == 15 {
                return Err(self.fault());
            }
            number = number * 10 + i64::from(digit - b'0');
            self.at += 1;
        }
        let digits = self.at - start;
        let decimal = digits <= 12 && self.take(b'.');
        let point = self.at;
        if decimal {
            self.skip(|byte| byte.is_ascii_digit());
        }
        match (digits, decimal, self.at - point) {
            (1.., false, _) => Ok(Item::Integer(if negative { -number } else { number })),
            (1.., true, 1..=3) => Ok(Item::Other),
            _ => Err(self.fault()),
        }
    }

    /// What follows an opening quote.
    fn quoted(&mut self) -> Result<Item<'a>, WordError> {
        let start = self.at;
        loop {
            self.skip(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\');
            let text = self.since(start);
            if self.take(b'"') {
                return Ok(Item::Text(text));
            }
            self.expect(b'\\')?;
            if !self.take(b'"') {
                self.expect(b'\\')?;
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), WordError> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.fault())
        }
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn fault(&self) -> WordError {
        WordError::Malformed { at: self.at }
    }
}

#[cfg(test)]
#[path = "../tests/dictionary.rs"]
mod tests;
