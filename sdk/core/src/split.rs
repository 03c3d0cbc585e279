//! Splitting a text at more than one letter.
//!
//! What the standard library searches texts for texts with is made for long ones. With its panics and the tables for printing them it adds
//! 7 KB to the module that every visitor of a page downloads, before compression.

/// What is before and what is behind the first `mark`.
pub(crate) fn split_at_first<'a>(text: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let (bytes, sought) = (text.as_bytes(), mark.as_bytes());
    let first = sought.first()?;
    let is_there = |each: &[u8]| each.first() == Some(first) && each == sought;
    let at = bytes.windows(sought.len()).position(is_there)?;
    Some((text.get(..at)?, text.get(at + sought.len()..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn splits_where_the_standard_library_does(text in "[ab:é\n]{0,12}", mark in "[ab:é\n]{1,3}") {
            prop_assert_eq!(split_at_first(&text, &mark), text.split_once(&*mark));
        }
    }

    #[test]
    fn nothing_is_nowhere() {
        assert_eq!(split_at_first("ab", ""), None);
        assert_eq!(split_at_first("", "ab"), None);
    }
}
