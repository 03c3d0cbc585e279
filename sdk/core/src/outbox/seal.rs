//! A record's name and sum, and words that fit into a line.

use alloc::format;
use alloc::string::String;

use crate::kept::sum;

const NAME: &str = "tidegate";

/// A record with its name and its sum before it.
pub(super) fn sealed(kind: &str, text: &str) -> String {
    format!("{NAME} {kind} 1 {:016x}\n{text}", sum(text))
}

/// What is behind them, if it is whole.
pub(super) fn unsealed<'a>(kind: &str, text: &'a str) -> Option<&'a str> {
    let (told, text) = text.split_once('\n')?;
    let told = told.strip_prefix(NAME)?.strip_prefix(' ')?;
    let told = told.strip_prefix(kind)?.strip_prefix(" 1 ")?;
    (u64::from_str_radix(told, 16).ok()? == sum(text)).then_some(text)
}

/// Without anything that ends a word or a line.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            ' ' => out.push_str("\\s"),
            letter => out.push(letter),
        }
    }
    out
}

/// What was [escaped].
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        out.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('s') => ' ',
                Some(other) => other,
                None => break,
            },
            letter => letter,
        });
    }
    out
}
