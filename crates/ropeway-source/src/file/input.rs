//! The bytes of a file: decompressed by what they are (not by the file's name), without a byte order mark, and
//! digested on the way as they lie on disk.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use ropeway_vocab::{Digest, Kind, Problem, Result};

use crate::file::found::SourceFile;

const BUFFER: usize = 1 << 17;

type Raw = BufReader<Hashing>;

enum Decoder {
    Plain(Box<Raw>),
    Gz(Box<MultiGzDecoder<Raw>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, Raw>>),
}

/// A file being read.
pub(crate) struct Input {
    decoder: Decoder,
    file: SourceFile,
    /// Bytes taken off the front to look at them, and not yet given on.
    front: Vec<u8>,
    decoded: u64,
}

impl Input {
    /// Opens a file. An empty one, and one in UTF-16, is a problem.
    pub(crate) fn open(file: &SourceFile) -> Result<Self> {
        crate::file::found::regular(&file.path, &file.name)?;
        let opened = File::open(&file.path)
            .map_err(|error| Problem::io(format_args!("opening {}", file.name), &error).at(file.place()))?;
        let hashing = Hashing { file: opened, hasher: blake3::Hasher::new(), bytes: 0 };
        let mut raw = BufReader::with_capacity(BUFFER, hashing);
        let reading = |error: &io::Error| Problem::io(format_args!("reading {}", file.name), error).at(file.place());
        let magic = raw.fill_buf().map_err(|error| reading(&error))?;
        let decoder = if magic.starts_with(&[0x1f, 0x8b]) {
            Decoder::Gz(Box::new(MultiGzDecoder::new(raw)))
        } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let decoder = zstd::stream::read::Decoder::with_buffer(raw).map_err(|error| reading(&error))?;
            Decoder::Zstd(Box::new(decoder))
        } else {
            Decoder::Plain(Box::new(raw))
        };
        let mut input = Self { decoder, file: file.clone(), front: Vec::new(), decoded: 0 };
        input.look_at_front()?;
        Ok(input)
    }

    fn look_at_front(&mut self) -> Result<()> {
        let mut front = [0; 4];
        let mut filled = 0;
        while filled < front.len() {
            match self.read(&mut front[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        let front = &front[..filled];
        let bad =
            |code, what: &str, remedy: &str| Err(Problem::invalid(code, what).at(self.file.place()).remedy(remedy));
        if front.is_empty() {
            return bad("empty-file", "the file is empty", "put the data into it, or take it out of the source");
        }
        if front.starts_with(&[0xff, 0xfe]) || front.starts_with(&[0xfe, 0xff]) {
            return bad(
                "not-utf8",
                "the file is encoded in UTF-16",
                "convert it to UTF-8, for example with `iconv -f UTF-16 -t UTF-8`",
            );
        }
        if front == b"PAR1" {
            return bad(
                "wrong-format",
                "this is a Parquet file",
                "name it `.parquet`, or say `format = \"parquet\"` at the source",
            );
        }
        if front.starts_with(b"PK\x03\x04") {
            return bad(
                "wrong-format",
                "this is a ZIP archive or a spreadsheet",
                "unpack it, or save the sheet as CSV in UTF-8",
            );
        }
        self.front = front.strip_prefix(b"\xef\xbb\xbf").unwrap_or(front).to_vec();
        Ok(())
    }

    /// Reads some decompressed bytes; 0 at the end of the file.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if !self.front.is_empty() {
            let taken = self.front.len().min(buffer.len());
            buffer[..taken].copy_from_slice(&self.front[..taken]);
            self.front.drain(..taken);
            return Ok(taken);
        }
        let read = match &mut self.decoder {
            Decoder::Plain(reader) => reader.read(buffer),
            Decoder::Gz(reader) => reader.read(buffer),
            Decoder::Zstd(reader) => reader.read(buffer),
        };
        match read {
            Ok(read) => {
                self.decoded = self.decoded.saturating_add(read as u64);
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.read(buffer),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &io::Error) -> Problem {
        let stored = match self.decoder {
            Decoder::Plain(_) => None,
            Decoder::Gz(_) => Some("gzip"),
            Decoder::Zstd(_) => Some("Zstandard"),
        };
        let problem = match stored {
            Some(stored) if error.raw_os_error().is_none() => {
                let how = if error.kind() == io::ErrorKind::UnexpectedEof { "ends too early" } else { "is damaged" };
                Problem::new(
                    Kind::Corrupt,
                    "damaged-file",
                    format!("the {stored} data {how} after {} readable bytes: {error}", self.decoded),
                )
                .remedy("fetch the file again; nothing of it was used")
            }
            _ => Problem::io(format_args!("reading {}", self.file.name), error),
        };
        problem.at(self.file.place())
    }

    /// The digest and number of all bytes on disk, read to their end.
    pub(crate) fn finish(mut self) -> Result<(Digest, u64)> {
        let raw = match &mut self.decoder {
            Decoder::Plain(reader) => reader,
            Decoder::Gz(reader) => reader.get_mut(),
            Decoder::Zstd(reader) => reader.get_mut(),
        };
        io::copy(raw, &mut io::sink())
            .map_err(|error| Problem::io(format_args!("reading {}", self.file.name), &error).at(self.file.place()))?;
        let hashing = raw.get_ref();
        Ok((Digest::from_bytes(*hashing.hasher.finalize().as_bytes()), hashing.bytes))
    }
}

/// Digests what passes through.
struct Hashing {
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes = self.bytes.saturating_add(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read_all(bytes: &[u8]) -> Result<(Vec<u8>, Digest, u64)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut input = Input::open(&SourceFile::at(&path, Some(folder.path())))?;
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
        let text: Vec<u8> = (0..20_000_u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
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
    fn files_that_are_no_text_in_utf_8_are_named_for_what_they_are() {
        let check = |bytes: &[u8], code: &str| assert_eq!(read_all(bytes).unwrap_err().code(), code);
        check(b"", "empty-file");
        check(&gz(b""), "empty-file");
        check(b"\xff\xfea\0,\0", "not-utf8");
        check(b"PAR1....", "wrong-format");
        check(b"PK\x03\x04...", "wrong-format");
    }
}
