//! Encodings of text files: which one a file has by evidence, and from it to UTF-8.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use ropeway_vocab::{Problem, Result, nearest};

use crate::file::unpack::Unpacker;

const CHUNK: usize = 1 << 16;
/// Bytes from which an encoding is guessed.
const GUESSED: usize = 1 << 18;
/// A byte that stands for what is no text in the encoding of the file: UTF-8 has none of it, so that its row is rejected.
const NO_TEXT: u8 = 0xff;

/// The names that are shown where one is needed.
const USUAL: [&str; 12] = [
    "utf-8",
    "windows-1252",
    "latin1",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "iso-8859-2",
    "iso-8859-15",
    "shift_jis",
    "gbk",
    "macintosh",
];

/// The encoding of that name.
pub(crate) fn named(name: &str) -> Result<&'static Encoding> {
    let plain: String = name.to_ascii_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    let spelled = match plain.as_str() {
        "utf16le" => "utf-16le",
        "utf16be" => "utf-16be",
        "ascii" | "usascii" => "ascii",
        _ => name,
    };
    let found =
        [spelled, &name.replace('_', "-"), &plain].iter().find_map(|label| Encoding::for_label(label.as_bytes()));
    found.filter(|encoding| *encoding != encoding_rs::REPLACEMENT).ok_or_else(|| {
        let problem = Problem::invalid("source-settings", format!("the encoding `{name}` is not known"));
        match nearest(name, USUAL) {
            Some(near) => problem.remedy(format!("did you mean `{near}`?")),
            None => problem.remedy(format!("usual ones are {}", USUAL.join(", "))),
        }
    })
}

/// The encoding that a byte order mark tells, and the length of the mark.
pub(crate) fn marked(front: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(front)
}

/// The encoding that a text without a byte order mark has by evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Detected {
    /// As `encoding` of a source spells it.
    pub(crate) name: &'static str,
    /// Why: a sentence about "the file".
    pub(crate) why: String,
}

/// Tells UTF-8, UTF-16 and the encodings of one byte a character apart. Nothing where it is no text at all.
pub(crate) fn detect(bytes: &[u8]) -> Option<Detected> {
    if let Some(name) = sixteen(bytes) {
        let why = "every second byte is zero, as in UTF-16, and there is no byte order mark".to_owned();
        return Some(Detected { name, why });
    }
    let valid = match std::str::from_utf8(bytes) {
        Ok(_) => true,
        // A sample may end within a character.
        Err(error) => error.error_len().is_none() && bytes.len() - error.valid_up_to() < 4,
    };
    if valid {
        return Some(Detected { name: "utf-8", why: "all of it is valid UTF-8".to_owned() });
    }
    let beyond = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let marks = bytes.iter().filter(|byte| (0x80..0xa0).contains(*byte)).count();
    let guessed = guess(bytes);
    if guessed != WINDOWS_1252 {
        let name = usual_name(guessed);
        let why = format!("{beyond} bytes are no UTF-8, and follow each other as the letters of {name} do");
        return Some(Detected { name, why });
    }
    let mut why =
        format!("{beyond} bytes are no UTF-8, and letters of Western Europe in windows-1252, which holds Latin-1");
    if marks > 0 {
        why.push_str(&format!(" (and {marks} marks such as `€` or a long dash that Latin-1 lacks)"));
    }
    Some(Detected { name: "windows-1252", why })
}

/// The encoding that browsers would guess.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESSED)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// As people write its name.
fn usual_name(encoding: &'static Encoding) -> &'static str {
    USUAL.into_iter().find(|name| named(name).is_ok_and(|usual| usual == encoding)).unwrap_or(encoding.name())
}

/// UTF-16 without its mark: text has zeros in one half of its pairs, and not in the other.
pub(crate) fn sixteen(bytes: &[u8]) -> Option<&'static str> {
    let pairs = bytes.len() / 2;
    let zeros = |at: usize| bytes.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    match () {
        () if pairs < 4 => None,
        () if second * 10 > pairs * 4 && first * 50 < pairs => Some("utf-16le"),
        () if first * 10 > pairs * 4 && second * 50 < pairs => Some("utf-16be"),
        () => None,
    }
}

/// Turns bytes of another encoding into UTF-8.
pub(crate) struct Transcoder {
    decoder: encoding_rs::Decoder,
    bytes: Vec<u8>,
    from: usize,
    to: usize,
    text: Vec<u8>,
    taken: usize,
    filled: usize,
    last: bool,
    done: bool,
}

impl Transcoder {
    /// For this encoding; UTF-8 needs none.
    pub(crate) fn of(encoding: &'static Encoding, front: &[u8]) -> Option<Self> {
        (encoding != UTF_8).then(|| Self {
            decoder: encoding.new_decoder_without_bom_handling(),
            bytes: front.to_vec(),
            from: 0,
            to: front.len(),
            text: vec![0; CHUNK * 2],
            taken: 0,
            filled: 0,
            last: false,
            done: false,
        })
    }

    /// Reads some text; 0 at the end.
    pub(crate) fn read(&mut self, source: &mut Unpacker, buffer: &mut [u8]) -> Result<usize> {
        while self.taken == self.filled {
            if self.done {
                return Ok(0);
            }
            self.refill(source)?;
        }
        let count = (self.filled - self.taken).min(buffer.len());
        buffer[..count].copy_from_slice(&self.text[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }

    fn refill(&mut self, source: &mut Unpacker) -> Result<()> {
        if self.from == self.to && !self.last {
            self.bytes.resize(CHUNK, 0);
            (self.from, self.to) = (0, source.read(&mut self.bytes)?);
            self.last = self.to == 0;
        }
        let room = self.text.len() - 1;
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            &self.bytes[self.from..self.to],
            &mut self.text[..room],
            self.last,
        );
        self.from += read;
        (self.taken, self.filled) = (0, written);
        match result {
            DecoderResult::InputEmpty => self.done = self.last,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                self.text[written] = NO_TEXT;
                self.filled += 1;
            }
        }
        Ok(())
    }
}

/// Whether two bytes make a unit of this encoding.
pub(crate) fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_tools_are_known_and_slips_are_told() {
        for (name, known) in [
            ("latin-1", "windows-1252"),
            ("ISO-8859-1", "windows-1252"),
            ("cp1252", "windows-1252"),
            ("utf_16_le", "UTF-16LE"),
            ("UTF8", "UTF-8"),
            ("Shift_JIS", "Shift_JIS"),
        ] {
            assert_eq!(named(name).map(|found| found.name()).ok(), Some(known), "{name}");
        }
        assert!(named("windows-1253x").unwrap_err().advice().is_some());
        assert!(named("iso-2022-kr").is_err(), "an encoding that nothing may be read in");
    }

    #[test]
    fn encodings_are_told_apart_by_their_bytes() {
        let check = |bytes: &[u8], name: &str| assert_eq!(detect(bytes).unwrap().name, name, "{bytes:?}");
        let wide = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<_>>();
        check(b"a,b\n1,2\n", "utf-8");
        check("ort\nZürich\n".as_bytes(), "utf-8");
        check(&"Zürich".as_bytes()[..2], "utf-8");
        check(b"ort\nZ\xfcrich\n", "windows-1252");
        check(b"preis\n5 \x80\n", "windows-1252");
        check(&wide("ort;zahl\nZürich;1\n", u16::to_le_bytes), "utf-16le");
        check(&wide("ort;zahl\nZürich;1\n", u16::to_be_bytes), "utf-16be");
        assert!(detect(b"preis\n5 \x80\n").unwrap().why.contains("Latin-1 lacks"));
        let rows = |text: &str, name: &str| {
            let (bytes, ..) = named(name).unwrap().encode(text);
            check(&bytes, name);
        };
        rows("имя;город;сумма\nАнна;Москва;10\nПётр;Казань;20\n", "windows-1251");
        rows("имя;город;сумма\nАнна;Москва;10\nИван;Казань;20\n", "KOI8-U");
        rows("όνομα;πόλη\nΜαρία;Αθήνα\nΓιώργος;Πάτρα\n", "windows-1253");
        rows("名前;都市\n花子;東京\n太郎;大阪\n", "shift_jis");
        rows("Straße;Größe;Maß\nKönigsallee;groß;1\n", "windows-1252");
        rows("prénom;été;n°\nAndré;oui;1\n", "windows-1252");
        rows("señal;año\nmuñeca;2024\n", "windows-1252");
    }
}
