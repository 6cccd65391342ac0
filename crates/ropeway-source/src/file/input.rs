//! The bytes of a text file: unpacked, in UTF-8 whatever its encoding, without a byte order mark.

use encoding_rs::Encoding;
use ropeway_vocab::{Digest, Result};

use crate::file::encoding::{self, Transcoder};
use crate::file::found::SourceFile;
use crate::file::kind;
use crate::file::unpack::Unpacker;

/// As many bytes tell what a file is.
const FRONT: usize = 4_096;

/// A file being read.
pub(crate) struct Input {
    unpacker: Unpacker,
    /// Bytes taken off the front to look at them, and how many of them were given on.
    front: Vec<u8>,
    given: usize,
    transcoder: Option<Transcoder>,
}

impl Input {
    /// Opens a file in the encoding that its byte order mark tells, else in the stated one, else in UTF-8. An empty file,
    /// and one that is no text, is a problem.
    pub(crate) fn open(file: &SourceFile, stated: Option<&'static Encoding>) -> Result<Self> {
        Self::over(Unpacker::open(file)?, stated).map_err(|problem| problem.or_at(|| file.place()))
    }

    /// Text that a file of another kind was turned into.
    pub(crate) fn made(file: &SourceFile, text: Vec<u8>) -> Result<Self> {
        Ok(Self { unpacker: Unpacker::made(file, text)?, front: Vec::new(), given: 0, transcoder: None })
    }

    fn over(mut unpacker: Unpacker, stated: Option<&'static Encoding>) -> Result<Self> {
        let front = front(&mut unpacker)?;
        let (encoding, mark) = encoding::marked(&front).map_or((stated, 0), |(encoding, mark)| (Some(encoding), mark));
        kind::refuse_other(&front, encoding.is_some_and(encoding::is_wide))?;
        let transcoder = encoding.and_then(|encoding| Transcoder::of(encoding, &front[mark..]));
        let given = if transcoder.is_some() { front.len() } else { mark };
        Ok(Self { unpacker, front, given, transcoder })
    }

    /// Whether its bytes are those of the file, but for a byte order mark.
    pub(crate) fn is_utf8(&self) -> bool {
        self.transcoder.is_none()
    }

    /// Reads some bytes; 0 at the end of the file.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if let Some(transcoder) = &mut self.transcoder {
            return transcoder.read(&mut self.unpacker, buffer);
        }
        if self.given < self.front.len() {
            let rest = &self.front[self.given..];
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.given += count;
            return Ok(count);
        }
        self.unpacker.read(buffer)
    }

    /// The digest and number of all bytes on disk, read to their end.
    pub(crate) fn finish(self) -> Result<(Digest, u64)> {
        self.unpacker.finish()
    }
}

/// The first bytes of a file.
pub(crate) fn front(unpacker: &mut Unpacker) -> Result<Vec<u8>> {
    let mut front = vec![0; FRONT];
    let mut filled = 0;
    while filled < front.len() {
        match unpacker.read(&mut front[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    front.truncate(filled);
    Ok(front)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ropeway_vocab::Kind;

    use super::*;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read_all(bytes: &[u8]) -> Result<(Vec<u8>, Digest, u64)> {
        read_in(bytes, None)
    }

    fn read_in(bytes: &[u8], stated: Option<&'static Encoding>) -> Result<(Vec<u8>, Digest, u64)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut input = Input::open(&SourceFile::at(&path, Some(folder.path())), stated)?;
        let mut all = Vec::new();
        let mut buffer = [0; 7];
        loop {
            match input.read(&mut buffer)? {
                0 => break,
                read => all.extend_from_slice(&buffer[..read]),
            }
        }
        let (digest, size) = input.finish()?;
        Ok((all, digest, size))
    }

    #[test]
    fn every_packing_gives_the_same_bytes_and_the_digest_of_the_file() {
        let text = b"a,b\n1,2\n".repeat(100);
        let two_members = [gz(&text[..40]), gz(&text[40..])].concat();
        let zst = zstd::encode_all(&text[..], 0).unwrap();
        let with_mark = [b"\xef\xbb\xbf", &text[..]].concat();
        for stored in [text.clone(), gz(&text), two_members, zst, with_mark, gz(&[b"\xef\xbb\xbf", &text[..]].concat())]
        {
            let (all, digest, size) = read_all(&stored).unwrap();
            assert_eq!(all, text);
            assert_eq!((digest, size), (Digest::of(&stored), stored.len() as u64));
        }
    }

    #[test]
    fn damaged_packings_are_corrupt_and_say_so() {
        let text: String = (0..20_000_u32).map(|i| format!("{}\n", i.wrapping_mul(2_654_435_761))).collect();
        let text = text.into_bytes();
        let (packed, zst) = (gz(&text), zstd::encode_all(&text[..], 0).unwrap());
        let mut flipped = packed.clone();
        let at = flipped.len() - 6;
        flipped[at] ^= 1;
        for stored in [&packed[..packed.len() / 2], &packed[..packed.len() - 3], &zst[..zst.len() - 5], &flipped[..]] {
            let problem = read_all(stored).unwrap_err();
            assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "damaged-file"), "{problem}");
            assert!(problem.to_string().starts_with("x.csv: "), "{problem}");
        }
    }

    #[test]
    fn files_that_are_no_text_are_named_for_what_they_are() {
        let check = |bytes: &[u8], code: &str| assert_eq!(read_all(bytes).unwrap_err().code(), code, "{bytes:?}");
        check(b"", "empty-file");
        check(&gz(b""), "empty-file");
        check(b"a\0,\0b\0\n\0x\0,\0y\0\n\0", "not-utf8");
        check(b"PAR1....", "wrong-format");
        check(b"PK\x03\x04...", "wrong-format");
        check(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", "wrong-format");
        check(b"\n<!DOCTYPE html><html></html>", "wrong-format");
        check(&(0..=255).collect::<Vec<u8>>(), "binary-file");
        assert!(read_all(b"ORCHARD,GIF8\n1,2\n").is_ok(), "words of a header");
    }

    #[test]
    fn other_encodings_are_read_as_utf_8_and_the_digest_is_that_of_the_file() {
        let text = "größe;preis €\nä;1\n".repeat(10_000);
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<_>>();
        let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        let western = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
        let check = |bytes: &[u8], stated: Option<&'static Encoding>| {
            let (all, digest, _) = read_in(bytes, stated).unwrap();
            assert!(all == text.as_bytes());
            assert_eq!(digest, Digest::of(bytes));
        };
        check(&little, Some(encoding_rs::UTF_16LE));
        check(&big, Some(encoding_rs::UTF_16BE));
        check(&[b"\xff\xfe", &little[..]].concat(), None);
        check(&[b"\xfe\xff", &big[..]].concat(), Some(encoding_rs::WINDOWS_1252));
        check(&western, Some(encoding_rs::WINDOWS_1252));
        check(&gz(&western), Some(encoding_rs::WINDOWS_1252));
    }

    #[test]
    fn what_is_no_text_in_its_encoding_is_no_utf_8_either() {
        let (all, ..) = read_in(b"a\0\x00\xd8b\0c", Some(encoding_rs::UTF_16LE)).unwrap();
        assert_eq!(all, b"a\xffb\xff");
        let (all, ..) = read_in(b"a\x81 b", Some(encoding_rs::SHIFT_JIS)).unwrap();
        assert_eq!(std::str::from_utf8(&all).unwrap_err().valid_up_to(), 1);
    }

    #[test]
    fn what_unpacks_far_beyond_its_size_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        let rows = std::io::Read::take(std::io::repeat(b'0'), 80 << 20);
        zstd::stream::copy_encode(rows, std::fs::File::create(&path).unwrap(), 1).unwrap();
        let mut input = Input::open(&SourceFile::at(&path, Some(folder.path())), None).unwrap();
        let mut block = vec![0; 1 << 20];
        let problem = loop {
            match input.read(&mut block) {
                Ok(read) => assert!(read > 0, "all of it was unpacked"),
                Err(problem) => break problem,
            }
        };
        assert_eq!((problem.kind(), problem.code()), (Kind::Refused, "unpacks-too-far"), "{problem}");
    }
}
