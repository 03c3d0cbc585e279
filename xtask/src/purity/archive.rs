//! The files in a Rust library, which is an `ar` archive: a magic word, then per file a header of 60 bytes and the content.

use anyhow::{Context, Result, bail};

const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: usize = 60;

#[derive(Debug, PartialEq)]
pub(super) struct Member<'archive> {
    pub(super) name: String,
    pub(super) bytes: &'archive [u8],
}

/// The WebAssembly objects. The archive's own tables are left out.
pub(super) fn members(archive: &[u8]) -> Result<Vec<Member<'_>>> {
    let Some(mut rest) = archive.strip_prefix(MAGIC) else {
        bail!("this is no ar archive");
    };
    let mut members = Vec::new();
    while rest.len() >= HEADER {
        let (header, after) = rest.split_at(HEADER);
        let size: usize = text(&header[48..58])
            .parse()
            .context("a header without a size")?;
        let bytes = after.get(..size).context("an archive that breaks off")?;
        if bytes.starts_with(b"\0asm") {
            members.push(Member {
                name: text(&header[..16]),
                bytes,
            });
        }
        // Every file begins at an even place.
        rest = after.get(size + size % 2..).unwrap_or_default();
    }
    Ok(members)
}

fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut entry = format!("{name:<48}{:<10}`\n", bytes.len()).into_bytes();
        entry.extend(bytes);
        if bytes.len() % 2 == 1 {
            entry.push(b'\n');
        }
        entry
    }

    #[test]
    fn gives_the_objects_and_skips_the_tables() {
        let mut archive = MAGIC.to_vec();
        archive.extend(entry("/", b"abc"));
        archive.extend(entry("one.o/", b"\0asm1"));
        archive.extend(entry("two.o/", b"\0asm"));
        let members = members(&archive).unwrap();
        let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["one.o/", "two.o/"]);
        assert_eq!(members[0].bytes, b"\0asm1");
    }

    #[test]
    fn refuses_what_is_no_archive() {
        assert!(members(b"\0asm").is_err());
    }
}
