//! How much of an answer's body may still be written.
//!
//! Counted on the wire, below HTTP: hyper would refuse to send a body that is shorter than it promised.

/// The end of a head, after which the body begins.
const HEAD_END: &[u8; 4] = b"\r\n\r\n";

/// A number of body bytes, and how far into the head that comes before we are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Allowance {
    body: u64,
    /// How many bytes of `HEAD_END` have been written in a row; all of them means that this is the body.
    matched: usize,
}

impl Allowance {
    /// The whole head, and this many bytes after it.
    pub(crate) fn of_body(bytes: u64) -> Allowance {
        Allowance {
            body: bytes,
            matched: 0,
        }
    }

    /// This many bytes, with no head before them.
    pub(crate) fn of_bytes(bytes: u64) -> Allowance {
        Allowance {
            body: bytes,
            matched: HEAD_END.len(),
        }
    }

    /// How many of these bytes may be written.
    pub(crate) fn permits(&self, bytes: &[u8]) -> usize {
        let head = self.head_part(bytes).0;
        let body = bytes.len() - head;
        head + body.min(usize::try_from(self.body).unwrap_or(usize::MAX))
    }

    /// These bytes have been written.
    pub(crate) fn spend(&mut self, bytes: &[u8]) {
        let (head, matched) = self.head_part(bytes);
        self.matched = matched;
        self.body = self.body.saturating_sub((bytes.len() - head) as u64);
    }

    /// Whether the end has come.
    pub(crate) fn is_used_up(&self) -> bool {
        self.matched == HEAD_END.len() && self.body == 0
    }

    /// How many of these bytes still belong to the head, and how much of its end has been seen after them.
    fn head_part(&self, bytes: &[u8]) -> (usize, usize) {
        let mut matched = self.matched;
        for (at, &byte) in bytes.iter().enumerate() {
            if matched == HEAD_END.len() {
                return (at, matched);
            }
            matched = match byte {
                _ if byte == HEAD_END[matched] => matched + 1,
                b'\r' => 1,
                _ => 0,
            };
        }
        (bytes.len(), matched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody";

    #[test]
    fn the_head_is_free_and_the_body_is_counted() {
        let head = ANSWER.len() - 4;
        for (allowed, expected) in [(0, head), (3, head + 3), (9, head + 4)] {
            assert_eq!(Allowance::of_body(allowed).permits(ANSWER), expected);
        }
    }

    #[test]
    fn the_end_of_the_head_is_found_in_pieces() {
        let mut allowance = Allowance::of_body(2);
        for byte in &ANSWER[..ANSWER.len() - 2] {
            assert!(!allowance.is_used_up());
            assert_eq!(allowance.permits(&[*byte]), 1);
            allowance.spend(&[*byte]);
        }
        assert!(allowance.is_used_up());
        assert_eq!(allowance.permits(b"dy"), 0);
    }

    #[test]
    fn nothing_of_the_body_means_an_end_right_after_the_head() {
        let mut allowance = Allowance::of_body(0);
        allowance.spend(&ANSWER[..ANSWER.len() - 4]);
        assert!(allowance.is_used_up());
    }
}
