//! Server-sent events: text in, in whatever pieces it comes, blocks out (HTML standard, 9.2.5 and 9.2.6).
//!
//! A line ends with CR, LF or both, a block with an empty line; what is not ended when the stream is, counts for nothing. Somebody else has
//! made text of the bytes, and left a byte order mark where it was. What is kept never exceeds a line, a block and their limit: a line or a
//! block that is longer is nonsense, and nothing after it can be trusted.

use alloc::string::String;
use alloc::vec::Vec;

/// What stands between two empty lines. The standard has an id outlive its block; here a message without an id of its own has none.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Block {
    pub(super) data: Option<String>,
    pub(super) id: Option<String>,
    pub(super) kind: Option<String>,
    /// How long to wait before coming back, in milliseconds.
    pub(super) retry: Option<u64>,
}

/// A line or a block is longer than it may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct TooLong;

#[derive(Debug, Default)]
pub(super) struct Reader {
    most: usize,
    begun: bool,
    /// The last line ended with CR: an LF that comes next belongs to it.
    after_cr: bool,
    /// The beginning of a line whose end is to come.
    line: String,
    block: Block,
}

impl Reader {
    /// For a stream of which no line and no block is longer than so many bytes.
    pub(super) fn new(most: usize) -> Reader {
        Reader {
            most,
            ..Reader::default()
        }
    }

    /// Takes the next piece of the text; the blocks that it has ended.
    ///
    /// # Errors
    /// When a line or a block is too long. Nothing that comes later means anything then.
    pub(super) fn read(&mut self, text: &str) -> Result<Vec<Block>, TooLong> {
        let mut blocks = Vec::new();
        let mut rest = text;
        if !self.begun && !rest.is_empty() {
            self.begun = true;
            rest = rest.strip_prefix('\u{feff}').unwrap_or(rest);
        }
        if self.after_cr && !rest.is_empty() {
            self.after_cr = false;
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
        while let Some(end) = rest.bytes().position(|byte| matches!(byte, b'\n' | b'\r')) {
            // It is on no letter's inside.
            let (line, mut more) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if let Some(after) = more.strip_prefix('\r') {
                self.after_cr = after.is_empty();
                more = after.strip_prefix('\n').unwrap_or(after);
            } else {
                more = more.strip_prefix('\n').unwrap_or(more);
            }
            self.keep(line)?;
            if !self.line.is_empty() {
                let mut line = core::mem::take(&mut self.line);
                self.heed(&line)?;
                line.clear();
                self.line = line;
            } else if self.block != Block::default() {
                blocks.push(core::mem::take(&mut self.block));
            }
            rest = more;
        }
        self.keep(rest)?;
        Ok(blocks)
    }

    fn keep(&mut self, piece: &str) -> Result<(), TooLong> {
        if self.line.len() + piece.len() > self.most {
            return Err(TooLong);
        }
        self.line.push_str(piece);
        Ok(())
    }

    /// A line that is not empty. One that begins with a colon is a comment, and names no field.
    fn heed(&mut self, line: &str) -> Result<(), TooLong> {
        let (name, value) = match line.bytes().position(|byte| byte == b':') {
            Some(colon) => line.split_at_checked(colon).unwrap_or((line, "")),
            None => (line, ""),
        };
        let value = value.strip_prefix(':').unwrap_or(value);
        let value = value.strip_prefix(' ').unwrap_or(value);
        let block = &mut self.block;
        match name {
            "data" => match &mut block.data {
                Some(data) if data.len() + value.len() >= self.most => return Err(TooLong),
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => block.data = Some(value.into()),
            },
            "event" => block.kind = (!value.is_empty()).then(|| value.into()),
            "id" if !value.bytes().any(|byte| byte == 0) => block.id = Some(value.into()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                block.retry = value.parse().ok().or(block.retry);
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::test;

    const MOST: usize = 1 << 20;

    fn all(text: &str) -> Vec<Block> {
        Reader::new(MOST).read(text).unwrap()
    }

    fn data(text: &str) -> Vec<Option<String>> {
        all(text).into_iter().map(|block| block.data).collect()
    }

    fn some(words: &[&str]) -> Vec<Option<String>> {
        words.iter().map(|word| Some((*word).into())).collect()
    }

    #[test]
    fn a_message_has_its_id_its_kind_and_lines_of_data() {
        let text = "event: snapshot\nid: e:7\nretry: 50\ndata: {\ndata:  \"a\"\ndata:}\n\n";
        let block = Block {
            data: Some("{\n \"a\"\n}".into()),
            id: Some("e:7".into()),
            kind: Some("snapshot".into()),
            retry: Some(50),
        };
        assert_eq!(all(text), [block]);
    }

    #[test]
    fn lines_end_with_cr_lf_or_both() {
        for text in [
            "data: 1\n\ndata: 2\n\n",
            "data: 1\r\rdata: 2\r\r",
            "data: 1\r\n\r\ndata: 2\r\n\r\n",
            "data: 1\r\n\ndata: 2\n\r\n",
            "data: 1\n\rdata: 2\r\n\r",
        ] {
            assert_eq!(data(text), some(&["1", "2"]), "{text:?}");
        }
    }

    #[test]
    fn one_mark_at_the_beginning_is_no_part_of_the_text() {
        assert_eq!(data("\u{feff}data: 1\n\n"), some(&["1"]));
        assert_eq!(data("\u{feff}\u{feff}data: 1\n\n"), []);
        assert_eq!(data("data: 1\n\n\u{feff}data: 2\n\n"), some(&["1"]));
    }

    #[test]
    fn data_may_be_empty_and_what_has_none_is_no_message() {
        assert_eq!(data("data\n\n"), some(&[""]));
        assert_eq!(data("data\ndata\n\n"), some(&["\n"]));
        assert_eq!(data(": only a comment\n\n\n\n"), []);
        let id = all("id: e:4\n\n");
        assert_eq!((id[0].id.as_deref(), &id[0].data), (Some("e:4"), &None));
    }

    #[test]
    fn what_is_not_ended_counts_for_nothing() {
        assert_eq!(data("data: 1\n\ndata: 2\n"), some(&["1"]));
        assert_eq!(data("data: 1\n\ndata: 2"), some(&["1"]));
    }

    #[test]
    fn fields_that_are_wrong_are_passed_over() {
        let text = "id: a\nid: b\0\nretry: 7\nretry: soon\nretry: -1\nretry:\nData: x\n data: y\nfoo: z\n\n";
        let block = &all(text)[0];
        assert_eq!(block.id.as_deref(), Some("a"));
        assert_eq!(
            (block.retry, &block.data, &block.kind),
            (Some(7), &None, &None)
        );
    }

    #[test]
    fn one_blank_after_the_colon_goes() {
        assert_eq!(
            data("data:1\ndata: 1\ndata:  1\ndata: a: b\n\n"),
            some(&["1\n1\n 1\na: b"])
        );
    }

    #[test]
    fn a_line_or_a_block_beyond_the_limit_is_nonsense() {
        let mut reader = Reader::new(16);
        assert_eq!(reader.read("data: 1234567890"), Ok(Vec::new()));
        assert_eq!(reader.read("1"), Err(TooLong));
        let mut reader = Reader::new(16);
        let lines = "data: 1234567\n".repeat(2);
        assert_eq!(reader.read(&lines), Ok(Vec::new()));
        assert_eq!(reader.read("data: 1\n"), Err(TooLong));
        let comments = ": 123456789 abc\n".repeat(1_000);
        assert_eq!(Reader::new(16).read(&comments), Ok(Vec::new()));
    }

    /// Of these streams are made, so that a random text has blocks in it.
    const PIECES: &[&str] = &[
        "data",
        "data:",
        "data: ",
        "id: e:1",
        "id",
        "id: \0",
        "event: snapshot",
        "event:",
        "retry: 12",
        "retry: x",
        ":",
        ": ",
        "\n",
        "\n\n",
        "\r",
        "\r\n",
        "\u{feff}",
        " ",
        "é",
        "😀",
        "{\"a\":1}",
        "x: y",
    ];

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            9 => prop::sample::select(PIECES).prop_map(String::from),
            1 => ".{0,3}",
        ]
    }

    /// The standard's algorithm, over the whole text at once.
    fn plainly(text: &str) -> Vec<Block> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let Some((ended, _)) = text.rsplit_once('\n') else {
            return Vec::new();
        };
        let (mut blocks, mut block) = (Vec::new(), Block::default());
        for line in ended.split('\n') {
            if line.is_empty() {
                if block != Block::default() {
                    blocks.push(core::mem::take(&mut block));
                }
                continue;
            }
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match name {
                "data" => {
                    block.data = Some(match block.data.take() {
                        Some(data) => data + "\n" + value,
                        None => value.into(),
                    });
                }
                "event" => block.kind = Some(value).filter(|it| !it.is_empty()).map(Into::into),
                "id" if !value.contains('\0') => block.id = Some(value.into()),
                "retry" if !value.is_empty() && value.chars().all(|it| it.is_ascii_digit()) => {
                    block.retry = value.parse().ok().or(block.retry);
                }
                _ => {}
            }
        }
        blocks
    }

    proptest! {
        #[test]
        fn however_it_is_split_it_says_the_same(
            pieces in prop::collection::vec(piece(), 0..60),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let text = pieces.concat();
            let letters: Vec<char> = text.chars().collect();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(letters.len() + 1)).collect();
            cuts.extend([0, letters.len()]);
            cuts.sort_unstable();
            let mut reader = Reader::new(MOST);
            let mut blocks = Vec::new();
            for ends in cuts.windows(2) {
                let part: String = letters[ends[0]..ends[1]].iter().collect();
                blocks.extend(reader.read(&part).unwrap());
            }
            prop_assert_eq!(&blocks, &plainly(&text));
            prop_assert_eq!(blocks, all(&text));
        }

        #[test]
        fn whatever_comes_what_is_kept_is_bounded(
            pieces in prop::collection::vec(piece(), 0..300),
            most in 0_usize..40,
        ) {
            let mut reader = Reader::new(most);
            for piece in pieces {
                if reader.read(&piece).is_err() {
                    break;
                }
                let Reader { line, block, .. } = &reader;
                for kept in [Some(line), block.data.as_ref(), block.id.as_ref(), block.kind.as_ref()] {
                    prop_assert!(kept.map_or(0, String::len) <= most);
                }
            }
        }
    }
}
