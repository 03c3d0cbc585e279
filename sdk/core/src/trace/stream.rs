//! Numbers and words as bytes: seven bits each, the least significant first (LEB128).

use alloc::vec::Vec;

use super::error::TraceError;

pub(super) fn write(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

pub(super) fn write_word(bytes: &mut Vec<u8>, word: &str) {
    write(bytes, word.len() as u64);
    bytes.extend_from_slice(word.as_bytes());
}

/// What is left to read.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Stream<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Stream<'a> {
        Stream { bytes, at: 0 }
    }

    pub(super) fn is_over(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub(super) fn number(&mut self) -> Result<u64, TraceError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or(self.fault())?;
            self.at += 1;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.fault())
    }

    pub(super) fn word(&mut self) -> Result<&'a str, TraceError> {
        let length = usize::try_from(self.number()?).map_err(|_| self.fault())?;
        let end = self.at.saturating_add(length);
        let bytes = self.bytes.get(self.at..end).ok_or(self.fault())?;
        let word = core::str::from_utf8(bytes).map_err(|_| self.fault())?;
        self.at = end;
        Ok(word)
    }

    pub(super) fn fault(&self) -> TraceError {
        TraceError::Malformed { at: self.at }
    }
}
