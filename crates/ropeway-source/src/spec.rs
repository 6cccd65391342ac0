//! The checked form of `SourceSettings`: what can be said about them without opening a file has been checked.

use encoding_rs::Encoding;
use ropeway_vocab::{Problem, Result};

use crate::file::encoding::named;
use crate::file::found::SourceFile;
use crate::settings::{Format, Sheets, SourceSettings};
use crate::value::readings::Readings;

/// How the values of a source are read.
#[derive(Debug, Clone)]
pub(crate) struct SourceSpec {
    pub(crate) name: String,
    pub(crate) settings: SourceSettings,
    pub(crate) delimiter: Option<u8>,
    pub(crate) dialect: Dialect,
    pub(crate) encoding: Option<&'static Encoding>,
    pub(crate) readings: Readings,
}

/// How the lines of a text file make records.
#[derive(Debug, Clone)]
pub(crate) struct Dialect {
    pub(crate) quote: Option<u8>,
    /// The longest record.
    pub(crate) max: usize,
    /// Lines at the beginning that are no part of the table.
    pub(crate) skip_lines: usize,
    /// What a comment begins with; empty where there are none.
    pub(crate) comment: Vec<u8>,
    /// Rows at the end that are no part of the table.
    pub(crate) skip_footer: usize,
}

impl Dialect {
    /// That of a file about which nothing is said.
    #[cfg(test)]
    pub(crate) fn usual() -> Self {
        Self { quote: Some(b'"'), max: 1 << 20, skip_lines: 0, comment: Vec::new(), skip_footer: 0 }
    }

    fn of(settings: &SourceSettings) -> Result<Self> {
        let quote = if settings.quote.is_empty() { None } else { Some(byte("quote", &settings.quote)?) };
        let comment = settings.comment.clone().unwrap_or_default();
        if settings.comment.is_some() && (comment.trim().is_empty() || comment.contains(['\n', '\r', '\0'])) {
            let what = "`comment` says nothing that a line could begin with";
            return Err(Problem::invalid("source-settings", what).remedy("write a mark, for example \"#\""));
        }
        Ok(Self {
            quote,
            max: settings.max_record_bytes,
            skip_lines: settings.skip_lines,
            comment: comment.into_bytes(),
            skip_footer: settings.skip_footer,
        })
    }
}

impl SourceSpec {
    /// Checks the settings of the source called `name`.
    pub(crate) fn new(name: &str, settings: &SourceSettings) -> Result<Self> {
        let of_source = |problem: Problem| problem.context(format_args!("source `{name}`"));
        check(settings).map_err(of_source)?;
        let readings = Readings::of(settings).map_err(of_source)?;
        let encoding = settings.encoding.as_deref().map(named).transpose().map_err(of_source)?;
        let delimiter = match settings.delimiter.as_deref() {
            None => None,
            Some("tab" | "\\t") => Some(b'\t'),
            Some(text) => Some(byte("delimiter", text)?),
        };
        let dialect = Dialect::of(settings).map_err(of_source)?;
        if delimiter.is_some() && delimiter == dialect.quote {
            return Err(Problem::invalid(
                "source-settings",
                format!("source `{name}`: delimiter and quote are the same"),
            )
            .remedy("choose two different characters"));
        }
        Ok(Self { name: name.to_owned(), settings: settings.clone(), delimiter, dialect, encoding, readings })
    }

    /// The one sheet of its workbooks that it names.
    pub(crate) fn sheet(&self) -> Option<&str> {
        self.settings.sheet.as_ref().and_then(Sheets::only)
    }

    /// Refuses what means nothing in files of this format.
    pub(crate) fn fits(&self, format: Format) -> Result<()> {
        let settings = &self.settings;
        let text = matches!(format, Format::Csv | Format::Jsonl);
        let lines = format != Format::Parquet;
        let said = [
            ("encoding", settings.encoding.is_some() && !text),
            ("sheet", settings.sheet.is_some() && format != Format::Xlsx),
            ("skip_lines", settings.skip_lines > 0 && !lines),
            ("comment", settings.comment.is_some() && !lines),
            ("skip_footer", settings.skip_footer > 0 && !matches!(format, Format::Csv | Format::Xlsx)),
        ];
        match said.iter().find(|(_, said)| *said) {
            None => Ok(()),
            Some((key, _)) => {
                let what =
                    format!("source `{}`: `{key}` means nothing in a file of format {}", self.name, format.name());
                Err(Problem::invalid("source-settings", what).remedy(format!("take `{key}` out")))
            }
        }
    }

    /// The format of one of its files.
    pub(crate) fn format_of(&self, file: &SourceFile) -> Result<Format> {
        let told = file.sheet.as_ref().map(|_| Format::Xlsx).or(self.settings.format);
        told.or_else(|| Format::of_name(&file.name)).ok_or_else(|| {
            Problem::invalid("unknown-format", "the name of the file does not tell its format")
                .at(file.place())
                .remedy("say `format = \"csv\"`, `\"jsonl\"`, `\"parquet\"` or `\"xlsx\"` at the source")
        })
    }
}

fn check(settings: &SourceSettings) -> Result<()> {
    let bad = |what: &str, remedy: &str| Err(Problem::invalid("source-settings", what).remedy(remedy));
    if !(0.0..=1.0).contains(&settings.tolerate) {
        return bad("`tolerate` is not a share", "write a number from 0 to 1, for example 0.01");
    }
    if settings.infer_rows == 0 {
        return bad("`infer_rows` is 0", "at least one row is needed to infer types from");
    }
    if settings.skip_footer > 10_000 {
        return bad("`skip_footer` is more than 10000 rows", "say how many rows at the end are no part of the table");
    }
    if !(64..=1 << 30).contains(&settings.max_record_bytes) {
        return bad("`max_record_bytes` is out of range", "write a number of bytes from 64 to 1073741824");
    }
    if settings.is_static && (settings.known_at.is_some() || settings.time.is_some() || settings.known_after.is_some())
    {
        return bad(
            "it is `static` and has a time",
            "a static source is always known: drop `static`, or drop `known_at`, `time` and `known_after`",
        );
    }
    if settings.known_after.is_some() && settings.time.is_none() {
        return bad("`known_after` needs the time that it counts from", "name the column of that time in `time`");
    }
    if settings.known_after.is_some() && settings.known_at.is_some() {
        return bad("both `known_at` and `known_after` say when a row is known", "keep one of them");
    }
    Ok(())
}

fn byte(what: &str, text: &str) -> Result<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\r' | b'\n' | 0) => Ok(*byte),
        _ => Err(Problem::invalid(
            "source-settings",
            format!("the {what} `{}` is not one ASCII character", text.escape_debug()),
        )
        .remedy("write one character, for example \";\" or \"tab\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut SourceSettings), says: &str) {
        let mut settings = SourceSettings::of_file("x.csv");
        change(&mut settings);
        let problem = SourceSpec::new("s", &settings).unwrap_err();
        assert!(problem.to_string().contains(says), "{problem}");
    }

    #[test]
    fn settings_that_contradict_themselves_are_refused_with_a_remedy() {
        refused(|s| s.tolerate = f64::NAN, "0 to 1");
        refused(|s| s.infer_rows = 0, "infer_rows");
        refused(|s| s.max_record_bytes = 3, "max_record_bytes");
        refused(|s| s.delimiter = Some(",,".into()), "one ASCII character");
        refused(|s| s.delimiter = Some("\"".into()), "different characters");
        refused(|s| s.zone = Some("America/New_Yrok".into()), "did you mean `America/New_York`?");
        refused(
            |s| {
                s.is_static = true;
                s.known_at = Some("t".into());
            },
            "static",
        );
        refused(|s| s.known_after = Some(ropeway_vocab::Span::from_micros(1)), "`time`");
    }
}
