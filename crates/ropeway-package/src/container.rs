//! The file format of a package: a header, named sections, and a seal over every byte.
//!
//! ```text
//! magic "ROPEWAY\n" | format u32 LE | content digest 32 bytes | body length u64 LE | body | seal 32 bytes
//! ```
//!
//! The body is the deflated sequence of sections (`name length u32, name, length u64, bytes`). The content digest
//! covers the sections themselves, so that it does not depend on the compressor; the seal is the BLAKE3 digest of all
//! bytes before it, so that a flipped bit is found before anything is decompressed or parsed. The decompressor is
//! pure Rust: opening a package never parses its bytes in C.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use ropeway_vocab::{Digest, DigestBuilder, Kind, Problem, Result};

const MAGIC: &[u8; 8] = b"ROPEWAY\n";
/// The newest format that this build reads. What the first one can hold is written in it, so that earlier builds read it, too.
pub const FORMAT: u32 = 2;
const HEADER: usize = 8 + 4 + 32 + 8;
const SEAL: usize = 32;
/// No section list may inflate beyond this: a small file cannot fill the memory.
const MOST_INFLATED: u64 = 2 << 30;

/// A named piece of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The digest of what the sections say.
pub fn content_digest(sections: &[Section]) -> Digest {
    let mut builder = DigestBuilder::new("package/1");
    for section in sections {
        builder.text(&section.name).bytes(&section.bytes);
    }
    builder.finish()
}

/// Writes sections into the bytes of a file of this format.
pub fn seal(sections: &[Section], format: u32) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    let written = sections.iter().try_for_each(|section| {
        encoder.write_all(&length32(section.name.len())?.to_le_bytes())?;
        encoder.write_all(section.name.as_bytes())?;
        encoder.write_all(&(section.bytes.len() as u64).to_le_bytes())?;
        encoder.write_all(&section.bytes)
    });
    let body =
        written.and_then(|()| encoder.finish()).map_err(|error| Problem::io("compressing the package", &error))?;
    let mut file = Vec::with_capacity(HEADER + body.len() + SEAL);
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&format.to_le_bytes());
    file.extend_from_slice(content_digest(sections).as_bytes());
    file.extend_from_slice(&(body.len() as u64).to_le_bytes());
    file.extend_from_slice(&body);
    let seal = Digest::of(&file);
    file.extend_from_slice(seal.as_bytes());
    Ok(file)
}

fn length32(length: usize) -> std::io::Result<u32> {
    u32::try_from(length).map_err(std::io::Error::other)
}

/// Reads the bytes of a file back into its content digest and sections.
///
/// # Errors
/// `Corrupt`, each with its own message: not a package, from a newer format, truncated, altered.
pub fn open(file: &[u8]) -> Result<(Digest, Vec<Section>)> {
    if file.len() < MAGIC.len() || &file[..MAGIC.len()] != MAGIC {
        return Err(corrupt("not-a-package", "this file is not a Ropeway package: it does not begin as one"));
    }
    if file.len() < HEADER + SEAL {
        return Err(truncated(file.len() as u64, (HEADER + SEAL) as u64));
    }
    let format = u32::from_le_bytes(array(&file[8..12]));
    if format > FORMAT {
        let what = format!("the package has format {format}, and this build reads formats up to {FORMAT}");
        return Err(corrupt("newer-package", what).remedy("update ropeway, or write the package again with this build"));
    }
    let length = u64::from_le_bytes(array(&file[44..52]));
    let expected = length.saturating_add((HEADER + SEAL) as u64);
    if (file.len() as u64) < expected {
        return Err(truncated(file.len() as u64, expected));
    }
    let (sealed, seal) = file.split_at(file.len() - SEAL);
    if file.len() as u64 != expected || Digest::of(sealed).as_bytes() != seal {
        return Err(corrupt("altered-package", "the package was altered after it was sealed: its seal does not match"));
    }
    let sections = inflate(&sealed[HEADER..])?;
    let digest = content_digest(&sections);
    if digest.as_bytes() != &file[12..44] {
        return Err(corrupt("altered-package", "the content of the package does not match its digest"));
    }
    Ok((digest, sections))
}

fn inflate(body: &[u8]) -> Result<Vec<Section>> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(body)
        .take(MOST_INFLATED)
        .read_to_end(&mut bytes)
        .map_err(|error| corrupt("altered-package", format!("the body of the package cannot be read: {error}")))?;
    let mut rest = bytes.as_slice();
    let mut sections = Vec::new();
    while !rest.is_empty() {
        let name = take(&mut rest, 4).and_then(|n| take(&mut rest, u64::from(u32::from_le_bytes(array(n)))));
        let content = take(&mut rest, 8).and_then(|n| take(&mut rest, u64::from_le_bytes(array(n))));
        let (Some(name), Some(content)) = (name, content) else {
            return Err(corrupt("altered-package", "a section of the package runs past its end"));
        };
        sections.push(Section { name: String::from_utf8_lossy(name).into_owned(), bytes: content.to_vec() });
    }
    Ok(sections)
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let length = usize::try_from(length).ok().filter(|length| *length <= rest.len())?;
    let (head, tail) = rest.split_at(length);
    *rest = tail;
    Some(head)
}

/// Copies a slice whose length the caller has fixed.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[..N]);
    out
}

fn truncated(have: u64, need: u64) -> Problem {
    corrupt("truncated-package", format!("the package is truncated: {have} bytes of {need}"))
}

fn corrupt(code: &'static str, what: impl Into<String>) -> Problem {
    Problem::new(Kind::Corrupt, code, what).remedy("copy it again from where it was made, or run the project again")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections() -> Vec<Section> {
        let section = |name: &str, bytes: &[u8]| Section { name: name.into(), bytes: bytes.into() };
        vec![section("a", b"first"), section("empty", b""), section("b", &[7; 5_000])]
    }

    #[test]
    fn opens_what_it_sealed() {
        for format in 1..=FORMAT {
            let file = seal(&sections(), format).unwrap();
            let (digest, back) = open(&file).unwrap();
            assert_eq!((digest, back), (content_digest(&sections()), sections()));
        }
    }

    #[test]
    fn refuses_every_flipped_byte_and_every_truncation() {
        let file = seal(&sections(), FORMAT).unwrap();
        for i in 0..file.len() {
            let mut altered = file.clone();
            altered[i] ^= 1 << (i % 8);
            assert_eq!(open(&altered).unwrap_err().kind(), Kind::Corrupt, "byte {i}");
            assert_eq!(open(&file[..i]).unwrap_err().kind(), Kind::Corrupt, "first {i} bytes");
        }
        let longer = [file.as_slice(), b"x"].concat();
        assert_eq!(open(&longer).unwrap_err().code(), "altered-package");
    }

    #[test]
    fn says_that_a_package_is_newer() {
        let mut file = seal(&sections(), FORMAT).unwrap();
        file[8..12].copy_from_slice(&(FORMAT + 1).to_le_bytes());
        assert_eq!(open(&file).unwrap_err().code(), "newer-package");
    }
}
