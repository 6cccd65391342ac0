//! The unpacked bytes of a file: decompressed by what they are (not by the file's name), digested on the way as they lie
//! on disk, and no more of them than a file of that size can honestly hold.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Take};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use ropeway_vocab::{Digest, Kind, Problem, Result};

use crate::file::found::{Part, SourceFile, regular};

const BUFFER: usize = 1 << 17;
/// A packed file may hold this much whatever its own size.
const FREE: u64 = 64 << 20;
/// Beyond that a byte on disk may hold so many: tables seldom reach 50, what is made to fill a disk has 1,000.
const RATIO: u64 = 250;

type Raw = BufReader<Hashing>;

enum Decoder {
    Plain(Box<Raw>),
    Gz(Box<MultiGzDecoder<Raw>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, Raw>>),
    /// A member of a ZIP archive, and the checksum that its bytes are to have.
    Member(Box<DeflateDecoder<Raw>>, u32, flate2::Crc),
    /// What a workbook was turned into, beside the file itself.
    Made(Cursor<Vec<u8>>, Box<Raw>),
}

/// A file being unpacked.
pub(crate) struct Unpacker {
    decoder: Decoder,
    file: SourceFile,
    decoded: u64,
}

impl Unpacker {
    pub(crate) fn open(file: &SourceFile) -> Result<Self> {
        let mut raw = raw(file)?;
        let failed = |error: &io::Error| failed_reading(file, error);
        let decoder = match file.part {
            Some(Part { deflated: true, crc, .. }) => {
                Decoder::Member(Box::new(DeflateDecoder::new(raw)), crc, flate2::Crc::new())
            }
            _ => {
                let magic = raw.fill_buf().map_err(|error| failed(&error))?;
                if magic.starts_with(&[0x1f, 0x8b]) {
                    Decoder::Gz(Box::new(MultiGzDecoder::new(raw)))
                } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
                    let decoder = zstd::stream::read::Decoder::with_buffer(raw).map_err(|error| failed(&error))?;
                    Decoder::Zstd(Box::new(decoder))
                } else {
                    Decoder::Plain(Box::new(raw))
                }
            }
        };
        Ok(Self { decoder, file: file.clone(), decoded: 0 })
    }

    /// A file of which other bytes are read than it has.
    pub(crate) fn made(file: &SourceFile, bytes: Vec<u8>) -> Result<Self> {
        let decoder = Decoder::Made(Cursor::new(bytes), Box::new(raw(file)?));
        Ok(Self { decoder, file: file.clone(), decoded: 0 })
    }

    /// Whether the bytes are packed, so that only reading all of them leads to their end.
    pub(crate) fn is_packed(&self) -> bool {
        !matches!(self.decoder, Decoder::Plain(_))
    }

    /// Reads some unpacked bytes; 0 at the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = match &mut self.decoder {
            Decoder::Plain(reader) => reader.read(buffer),
            Decoder::Gz(reader) => reader.read(buffer),
            Decoder::Zstd(reader) => reader.read(buffer),
            Decoder::Made(reader, _) => reader.read(buffer),
            Decoder::Member(reader, expected, crc) => reader.read(buffer).and_then(|read| {
                crc.update(&buffer[..read]);
                let ended = read == 0 && !buffer.is_empty();
                if ended && crc.sum() != *expected { Err(io::ErrorKind::InvalidData.into()) } else { Ok(read) }
            }),
        };
        match read {
            Ok(read) => {
                self.decoded = self.decoded.saturating_add(read as u64);
                self.bearable()?;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => self.read(buffer),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Refuses a file that unpacks to far more than a table of its size.
    fn bearable(&self) -> Result<()> {
        let packed = match &self.decoder {
            Decoder::Plain(_) | Decoder::Made(..) => return Ok(()),
            _ if self.decoded <= FREE => return Ok(()),
            Decoder::Gz(reader) => reader.get_ref(),
            Decoder::Zstd(reader) => reader.get_ref(),
            Decoder::Member(reader, ..) => reader.get_ref(),
        };
        let packed = packed.get_ref().bytes;
        check_ratio(packed, self.decoded).map_err(|problem| problem.at(self.file.place()))
    }

    fn failed(&self, error: &io::Error) -> Problem {
        let stored = match self.decoder {
            Decoder::Plain(_) | Decoder::Made(..) => None,
            Decoder::Gz(_) => Some("gzip"),
            Decoder::Zstd(_) => Some("Zstandard"),
            Decoder::Member(..) => Some("ZIP"),
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
            Decoder::Plain(reader) | Decoder::Made(_, reader) => reader,
            Decoder::Gz(reader) => reader.get_mut(),
            Decoder::Zstd(reader) => reader.get_mut(),
            Decoder::Member(reader, ..) => reader.get_mut(),
        };
        io::copy(raw, &mut io::sink()).map_err(|error| failed_reading(&self.file, &error))?;
        let hashing = raw.get_ref();
        Ok((Digest::from_bytes(*hashing.hasher.finalize().as_bytes()), hashing.bytes))
    }
}

/// Refuses `packed` bytes that hold far more than a table of that size.
pub(crate) fn check_ratio(packed: u64, unpacked: u64) -> Result<()> {
    if unpacked <= FREE || unpacked / RATIO <= packed {
        return Ok(());
    }
    let what = format!(
        "{packed} bytes unpack to more than {unpacked}, over {RATIO} times as much: no table packs so well, and it may be \
         made to fill memory"
    );
    Err(Problem::new(Kind::Refused, "unpacks-too-far", what)
        .remedy("look at the file; if it is meant, unpack it and name the unpacked file"))
}

fn raw(file: &SourceFile) -> Result<Raw> {
    regular(&file.path, &file.name)?;
    let opened =
        file.open().map_err(|error| Problem::io(format_args!("opening {}", file.name), &error).at(file.place()))?;
    Ok(BufReader::with_capacity(BUFFER, Hashing { file: opened, hasher: blake3::Hasher::new(), bytes: 0 }))
}

fn failed_reading(file: &SourceFile, error: &io::Error) -> Problem {
    Problem::io(format_args!("reading {}", file.name), error).at(file.place())
}

/// Digests what passes through.
struct Hashing {
    file: Take<File>,
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
