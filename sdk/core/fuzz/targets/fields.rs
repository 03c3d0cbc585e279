//! A request, an answer and a second answer, through every rule that reads their fields: none panics, and what each promises holds.
//!
//! An input is text. The first line is `METHOD target status took later`, the last two in milliseconds; then come the header lines of the
//! request, of the answer and of the second answer, with an empty line before each.

#![no_main]

mod ageing;
mod block;
mod lists;
mod store;
mod usable;

/// What the readers of lists find in their own crate.
mod time {
    pub(crate) use tidegate_core::Millis;
}

use libfuzzer_sys::fuzz_target;
use tidegate_core::http::Fields;

/// A request and its answers.
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    pub(crate) status: u16,
    /// How long the answer took, in milliseconds.
    pub(crate) took: u64,
    /// How long after its arrival it is looked at, in milliseconds.
    pub(crate) later: u64,
    pub(crate) request: Fields<'a>,
    pub(crate) answer: Fields<'a>,
    pub(crate) second: Fields<'a>,
}

fuzz_target!(|input: &str| {
    let (first, rest) = input.split_once('\n').unwrap_or((input, ""));
    let mut words = first.split(' ');
    let mut word = || words.next().unwrap_or_default();
    let (method, target, status, took, later) = (word(), word(), word(), word(), word());
    let mut blocks = rest.split("\n\n").map(block::pairs);
    let mut pairs = || blocks.next().unwrap_or_default();
    let (request, answer, second) = (pairs(), pairs(), pairs());
    let exchange = Exchange {
        method,
        target,
        status: status.parse().unwrap_or(200),
        took: took.parse().unwrap_or_default(),
        later: later.parse().unwrap_or_default(),
        request: Fields::new(&request),
        answer: Fields::new(&answer),
        second: Fields::new(&second),
    };
    for (_, value) in request.iter().chain(&answer) {
        lists::check(value);
    }
    ageing::check(&exchange);
    usable::check(&exchange);
    store::check(&exchange);
});
