//! A trace, and its text form.
//!
//! `tidegate-trace.<bytes in base64url>.<hash in hexadecimal>`: it survives mail, chat and quoting, which break lines and put spaces in.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::TraceError;

const MARK: &str = "tidegate-trace";
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a recorder has written, and the hash of what the engine decided.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trace {
    /// Settings, seed and deeds.
    pub bytes: Vec<u8>,
    /// The hash of the decisions.
    pub hash: u64,
}

impl Trace {
    /// As a line of text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::from(MARK);
        text.push('.');
        for group in self.bytes.chunks(3) {
            let bits = group
                .iter()
                .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
            let bits = bits << (8 * (3 - group.len()));
            for place in 0..=group.len() {
                push_digit(&mut text, bits >> (18 - 6 * place) & 63);
            }
        }
        text.push('.');
        for place in (0..16).rev() {
            let digit = (self.hash >> (4 * place)) as u32 & 15;
            text.extend(char::from_digit(digit, 16));
        }
        text
    }

    /// From text, in which white space and quotation marks do not count.
    ///
    /// # Errors
    /// When it is not a trace's.
    pub fn parse(text: &str) -> Result<Trace, TraceError> {
        let plain = |letter: &char| !letter.is_whitespace() && *letter != '>' && *letter != '`';
        let text: String = text.chars().filter(plain).collect();
        let mut parts = text.split('.');
        let parts = (parts.next(), parts.next(), parts.next(), parts.next());
        let (Some(MARK), Some(body), Some(hash), None) = parts else {
            return Err(TraceError::Text);
        };
        let hash = u64::from_str_radix(hash, 16).map_err(|_| TraceError::Text)?;
        let mut bytes = Vec::new();
        for group in body.as_bytes().chunks(4) {
            let mut bits = 0;
            for place in 0..4 {
                let digit = group.get(place).map_or(Some(0), |letter| value_of(*letter));
                bits = bits << 6 | digit.ok_or(TraceError::Text)?;
            }
            let [_, whole @ ..] = u32::to_be_bytes(bits);
            bytes.extend(whole.iter().take(group.len().saturating_sub(1)));
        }
        Ok(Trace { bytes, hash })
    }
}

fn push_digit(text: &mut String, value: u32) {
    let digit = DIGITS.get(value as usize).copied();
    text.extend(digit.map(char::from));
}

fn value_of(letter: u8) -> Option<u32> {
    let place = DIGITS.iter().position(|digit| *digit == letter)?;
    Some(place as u32)
}
