//! The words after a command's name: flags first taken out by name, the rest kept in order.

use std::fmt;
use std::str::FromStr;

#[derive(Debug)]
pub(crate) struct Args {
    words: Vec<String>,
}

/// The command was called wrongly: the caller prints the usage and exits with 2.
#[derive(Debug)]
pub(crate) struct Misuse(pub(crate) String);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misuse {}

impl Args {
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        Self {
            words: words.into_iter().collect(),
        }
    }

    /// Takes `--name` out and tells whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes `--name value` or `--name=value` out.
    pub(crate) fn value<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, Misuse> {
        let is_it = |word: &String| {
            word.strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        };
        let Some(at) = self.words.iter().position(is_it) else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        let text = match word.split_once('=') {
            Some((_, value)) => value.to_owned(),
            None if at < self.words.len() => self.words.remove(at),
            None => return Err(Misuse(format!("{name} needs a value"))),
        };
        match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Misuse(format!("{name} cannot be `{text}`"))),
        }
    }

    /// What is left, where a command takes names.
    pub(crate) fn names(self) -> Result<Vec<String>, Misuse> {
        match self.words.iter().find(|word| word.starts_with('-')) {
            Some(word) => Err(Misuse(format!("unknown flag `{word}`"))),
            None => Ok(self.words),
        }
    }

    /// What is left, where a command hands its words on.
    pub(crate) fn rest(self) -> Vec<String> {
        self.words
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), Misuse> {
        match self.words.first() {
            Some(word) => Err(Misuse(format!("unexpected `{word}`"))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn takes_a_value_in_both_spellings() {
        assert_eq!(
            args("--port 9000").value::<u16>("--port").unwrap(),
            Some(9000)
        );
        assert_eq!(
            args("--port=9000").value::<u16>("--port").unwrap(),
            Some(9000)
        );
        assert_eq!(args("--release").value::<u16>("--port").unwrap(), None);
    }

    #[test]
    fn refuses_a_value_that_is_missing_or_wrong() {
        assert!(args("--port").value::<u16>("--port").is_err());
        assert!(args("--port many").value::<u16>("--port").is_err());
    }

    #[test]
    fn keeps_names_and_refuses_unknown_flags() {
        let mut given = args("fmt --keep-going docs");
        assert!(given.flag("--keep-going"));
        assert_eq!(given.names().unwrap(), ["fmt", "docs"]);
        assert!(args("--fast").names().is_err());
        assert!(args("more").end().is_err());
    }
}
