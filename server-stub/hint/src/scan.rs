//! Dictionaries of RFC 9651, as far as a reader of integers needs them.
//!
//! Members that nobody asked for have to be skipped whatever they are, so the whole grammar is walked; but only integers are kept. A full
//! implementation (the crate `sfv`, against which this one is tested) would be the only dependency of a type that browsers download.

use crate::error::HintError;

/// A member's value, as far as it matters here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Value {
    Integer(i64),
    /// Anything else that the grammar allows.
    Other,
}

#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    begun: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Scanner<'a> {
        // Spaces around the field are not part of it.
        let text = text.trim_matches(' ');
        Scanner {
            text,
            at: 0,
            begun: false,
        }
    }

    /// The next member, in order; keys may repeat.
    pub(crate) fn next_member(&mut self) -> Result<Option<(&'a str, Value)>, HintError> {
        if self.begun && self.at < self.text.len() {
            self.skip(|byte| matches!(byte, b' ' | b'\t'));
            self.expect(b',')?;
            self.skip(|byte| matches!(byte, b' ' | b'\t'));
        } else if self.at == self.text.len() {
            return Ok(None);
        }
        self.begun = true;
        let key = self.key()?;
        let value = match self.peek() {
            Some(b'=') => {
                self.at += 1;
                match self.peek() {
                    Some(b'(') => self.inner_list()?,
                    _ => self.bare_item()?,
                }
            }
            // A key alone is the Boolean true.
            _ => Value::Other,
        };
        self.parameters()?;
        Ok(Some((key, value)))
    }

    fn inner_list(&mut self) -> Result<Value, HintError> {
        self.expect(b'(')?;
        loop {
            let before = self.at;
            self.skip(|byte| byte == b' ');
            if self.peek() == Some(b')') {
                self.at += 1;
                return Ok(Value::Other);
            }
            // Items stand apart, but for the first one.
            if self.at == before && self.text.as_bytes()[before - 1] != b'(' {
                return self.fail();
            }
            self.bare_item()?;
            self.parameters()?;
        }
    }

    fn parameters(&mut self) -> Result<(), HintError> {
        while self.peek() == Some(b';') {
            self.at += 1;
            self.skip(|byte| byte == b' ');
            self.key()?;
            if self.peek() == Some(b'=') {
                self.at += 1;
                self.bare_item()?;
            }
        }
        Ok(())
    }

    fn key(&mut self) -> Result<&'a str, HintError> {
        let start = self.at;
        match self.peek() {
            Some(b'a'..=b'z' | b'*') => {}
            _ => return self.fail(),
        }
        self.skip(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte)
        });
        Ok(&self.text[start..self.at])
    }

    fn bare_item(&mut self) -> Result<Value, HintError> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'"') => self.quoted(),
            Some(b'%') => self.display_string(),
            Some(b':') => self.bytes(),
            Some(b'?') => {
                self.at += 1;
                match self.peek() {
                    Some(b'0' | b'1') => self.at += 1,
                    _ => return self.fail(),
                }
                Ok(Value::Other)
            }
            Some(b'@') => {
                self.at += 1;
                match self.number()? {
                    Value::Integer(_) => Ok(Value::Other),
                    Value::Other => self.fail(),
                }
            }
            Some(b'*' | b'a'..=b'z' | b'A'..=b'Z') => {
                self.skip(|byte| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
                });
                Ok(Value::Other)
            }
            _ => self.fail(),
        }
    }

    /// An Integer of up to 15 digits, or a Decimal of up to 12 and 3.
    fn number(&mut self) -> Result<Value, HintError> {
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let (start, mut number) = (self.at, 0);
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if self.at - start == 15 {
                return self.fail();
            }
            number = number * 10 + i64::from(digit - b'0');
            self.at += 1;
        }
        let digits = self.at - start;
        if digits == 0 {
            return self.fail();
        }
        if self.peek() != Some(b'.') {
            return Ok(Value::Integer(if negative { -number } else { number }));
        }
        if digits > 12 {
            return self.fail();
        }
        self.at += 1;
        let point = self.at;
        self.skip(|byte| byte.is_ascii_digit());
        if !(1..=3).contains(&(self.at - point)) {
            return self.fail();
        }
        Ok(Value::Other)
    }

    fn quoted(&mut self) -> Result<Value, HintError> {
        self.expect(b'"')?;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    if !matches!(self.peek(), Some(b'"' | b'\\')) {
                        return self.fail();
                    }
                }
                Some(b' '..=b'~') => {}
                _ => return self.fail(),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(Value::Other)
    }

    /// `%"..."`: bytes of UTF-8, those beyond ASCII as `%` and two small hexadecimal digits.
    fn display_string(&mut self) -> Result<Value, HintError> {
        self.at += 1;
        self.expect(b'"')?;
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'%') => {
                    let digits = self.text.as_bytes().get(self.at + 1..self.at + 3);
                    let Some(byte) = digits.and_then(hexadecimal) else {
                        return self.fail();
                    };
                    bytes.push(byte);
                    self.at += 2;
                }
                Some(byte @ b' '..=b'~') => bytes.push(byte),
                _ => return self.fail(),
            }
            self.at += 1;
        }
        if std::str::from_utf8(&bytes).is_err() {
            return self.fail();
        }
        self.at += 1;
        Ok(Value::Other)
    }

    /// `:...:`. What is between is not decoded, only its alphabet is looked at.
    fn bytes(&mut self) -> Result<Value, HintError> {
        self.expect(b':')?;
        self.skip(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
        self.expect(b':')?;
        Ok(Value::Other)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), HintError> {
        if self.peek() != Some(byte) {
            return self.fail();
        }
        self.at += 1;
        Ok(())
    }

    fn fail<T>(&self) -> Result<T, HintError> {
        Err(HintError::Malformed { at: self.at })
    }
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    match digits {
        [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
        _ => None,
    }
}
