//! The bytes of a log, version 1.
//!
//! | bytes | what |
//! |---|---|
//! | 0..12 | `ropeway-log` and a line feed |
//! | 12..16 | version, u32 little endian |
//! | 16..32, 32..48 | two marks, written in turn: how far the log is acknowledged (u64), 8 bytes of its digest |
//! | 48..64 | zero |
//! | then records | length (u32), 8 bytes of the BLAKE3 digest of length and payload, payload |
//!
//! The marks tell a torn tail from damage: records are acknowledged after they are synced and the mark is
//! moved, so what is unreadable before the mark was acknowledged and is damage; what is unreadable behind
//! it was promised to nobody and is cut off. A mark may lag behind after a loss of power, never run ahead.

use ropeway_vocab::{Kind, Place, Problem, Result};

/// Bytes before the first record.
pub(super) const HEADER: u64 = 64;
/// Bytes before a record's payload.
const PREFIX: usize = 12;
/// The longest payload of a record, in bytes.
pub(super) const LONGEST: usize = 256 << 20;

const MAGIC: &[u8; 12] = b"ropeway-log\n";
const VERSION: u32 = 1;

fn check(parts: [&[u8]; 2]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    parts.iter().for_each(|part| {
        hasher.update(part);
    });
    let mut check = [0; 8];
    check.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    check
}

/// The bytes of a mark.
pub(super) fn mark(acknowledged: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&acknowledged.to_le_bytes());
    bytes[8..].copy_from_slice(&check([b"mark", &acknowledged.to_le_bytes()]));
    bytes
}

/// Where the mark number `turn` lies: two places in turn, so that a torn write spoils one of them only.
pub(super) const fn mark_offset(turn: u64) -> u64 {
    16 + 16 * (turn % 2)
}

/// The header of a log without records.
pub(super) fn header() -> [u8; HEADER as usize] {
    let mut bytes = [0; HEADER as usize];
    bytes[..12].copy_from_slice(MAGIC);
    bytes[12..16].copy_from_slice(&VERSION.to_le_bytes());
    bytes[16..32].copy_from_slice(&mark(HEADER));
    bytes[32..48].copy_from_slice(&mark(HEADER));
    bytes
}

/// Appends a record to `out`. The payload must not be longer than [`LONGEST`].
pub(super) fn push(payload: &[u8], out: &mut Vec<u8>) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
    out.extend_from_slice(&length);
    out.extend_from_slice(&check([&length, payload]));
    out.extend_from_slice(payload);
}

/// What a log holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Contents {
    /// The records in the order of their appending.
    pub(super) records: Vec<Vec<u8>>,
    /// Where the last of them ends.
    pub(super) end: u64,
    /// How far the log says it is acknowledged.
    pub(super) acknowledged: u64,
    /// Bytes behind `end` that are no whole record.
    pub(super) torn: u64,
}

/// Reads a whole log. `name` is how messages call it.
///
/// # Errors
/// `Corrupt` when anything acknowledged is unreadable, or the log is from a newer version.
pub(super) fn parse(bytes: &[u8], name: &str) -> Result<Contents> {
    let damaged = |what: String| {
        Problem::new(Kind::Corrupt, "log-damaged", what)
            .at(Place::file(name))
            .remedy("restore the file from a backup; what was acknowledged in it cannot be read from it any more")
    };
    let head = usize::try_from(HEADER).unwrap_or(usize::MAX);
    if bytes.len() < head || bytes[..12] != MAGIC[..] || bytes[48..head].iter().any(|byte| *byte != 0) {
        return Err(damaged("the file is not a log of Ropeway, or its first bytes are damaged".into()));
    }
    let version = u32::from_le_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]);
    if version != VERSION {
        let what = format!("the log has format {version}, and this Ropeway knows format {VERSION} only");
        return Err(Problem::new(Kind::Corrupt, "log-newer", what)
            .at(Place::file(name))
            .remedy("use the newer Ropeway that wrote it; if there is none, the file is damaged"));
    }
    let Some(acknowledged) = [&bytes[16..32], &bytes[32..48]].into_iter().filter_map(read_mark).max() else {
        return Err(damaged("both marks of the log are damaged".into()));
    };
    let mut records = Vec::new();
    let mut at = head;
    while let Some(payload) = record_at(bytes, at) {
        records.push(payload.to_vec());
        at += PREFIX + payload.len();
    }
    if (at as u64) < acknowledged {
        return Err(damaged(format!(
            "record {} of the log, at byte {at}, is damaged or cut off; all up to byte {acknowledged} was \
             acknowledged",
            records.len() + 1
        )));
    }
    Ok(Contents { records, end: at as u64, acknowledged, torn: (bytes.len() - at) as u64 })
}

fn read_mark(bytes: &[u8]) -> Option<u64> {
    let number = u64::from_le_bytes(bytes[..8].try_into().ok()?);
    (mark(number) == *bytes).then_some(number)
}

/// The payload of the record that starts at byte `at`, if a whole and sound one does.
fn record_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let (prefix, rest) = bytes.get(at..)?.split_at_checked(PREFIX)?;
    let length = usize::try_from(u32::from_le_bytes(prefix[..4].try_into().ok()?)).ok()?;
    let payload = rest.get(..length)?;
    (length <= LONGEST && check([&prefix[..4], payload])[..] == prefix[4..]).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(records: &[&[u8]], acknowledged: usize) -> Vec<u8> {
        let mut bytes = header().to_vec();
        for (i, record) in records.iter().enumerate() {
            push(record, &mut bytes);
            if i + 1 == acknowledged {
                let end = bytes.len() as u64;
                bytes[16..32].copy_from_slice(&mark(end));
            }
        }
        bytes
    }

    /// Written by the first version of this format, and never to be changed: "alpha" and "" are
    /// acknowledged, "beta" is not.
    const VERSION_1: [&str; 7] = [
        "726f70657761792d6c6f670a01000000",
        "400000000000000087a99dc5a9dc9ea2",
        "5d0000000000000064664f70dd32a199",
        "00000000000000000000000000000000",
        "0500000063f77d4b677d324e616c7068",
        "6100000000ec2bd03bf86b935f040000",
        "0042770166cb53a88a62657461",
    ];

    #[test]
    fn a_log_of_version_1_loads_for_ever() {
        let text = VERSION_1.concat();
        let bytes: Vec<u8> =
            (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect();
        let contents = parse(&bytes, "x.log").unwrap();
        assert_eq!(contents.records, [&b"alpha"[..], b"", b"beta"]);
        assert_eq!((contents.acknowledged, contents.end, contents.torn), (93, 109, 0));
    }

    #[test]
    fn a_tail_that_was_acknowledged_to_nobody_is_torn_wherever_it_is_cut() {
        let whole = log(&[b"alpha", b"beta"], 1);
        let kept = HEADER as usize + PREFIX + 5;
        for cut in kept..whole.len() {
            let contents = parse(&whole[..cut], "x.log").unwrap();
            assert_eq!(contents.records, [b"alpha"], "cut at {cut}");
            assert_eq!((contents.end, contents.torn), (kept as u64, (cut - kept) as u64));
        }
        let mut zeros = whole[..kept].to_vec();
        zeros.extend_from_slice(&[0; 4096]);
        assert_eq!(parse(&zeros, "x.log").unwrap().torn, 4096);
    }

    #[test]
    fn cutting_into_what_was_acknowledged_is_damage() {
        let whole = log(&[b"alpha", b"beta"], 2);
        for cut in 0..whole.len() {
            assert_eq!(parse(&whole[..cut], "x.log").unwrap_err().kind(), Kind::Corrupt, "cut at {cut}");
        }
    }

    #[test]
    fn no_flipped_bit_loses_or_alters_an_acknowledged_record() {
        let whole = log(&[b"alpha", b"beta", b"gamma"], 3);
        let mut refused = 0;
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                match parse(&flipped, "x.log") {
                    Ok(contents) => assert_eq!(contents.records.len(), 3, "byte {at}"),
                    Err(problem) => {
                        assert_eq!(problem.kind(), Kind::Corrupt);
                        refused += 1;
                    }
                }
            }
        }
        // Only the marks are held twice; everything else is refused.
        assert_eq!(refused, (whole.len() - 32) * 8);
    }

    #[test]
    fn a_newer_log_is_refused_as_such() {
        let mut bytes = log(&[b"alpha"], 1);
        bytes[12] = 2;
        let problem = parse(&bytes, "x.log").unwrap_err();
        assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "log-newer"));
    }
}
