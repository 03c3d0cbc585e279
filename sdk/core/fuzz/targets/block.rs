//! A block of header lines, `Name: value` on each; what has no colon is passed over.

pub(crate) fn pairs(block: &str) -> Vec<(&str, &str)> {
    block
        .lines()
        .filter_map(|line| line.split_once(':'))
        .collect()
}
