//! Which delimiter a CSV file has, by evidence: the one that cuts its header and nearly all of its first rows into the
//! same number of fields, and into more of them than any other. The one that its name tells wins a draw.

use ropeway_vocab::{Problem, Result};

use crate::file::found::SourceFile;
use crate::file::input::Input;
use crate::format::record::{Next, RecordReader};
use crate::settings::delimiter_of_name;
use crate::spec::SourceSpec;

/// Rows below the header that are looked at.
const LOOKED_AT: u32 = 1_000;
/// In so many of a hundred rows the fields are as many as in the header.
const ALIKE: u32 = 95;

/// What stands between fields: the byte, how settings write it, and what it is called.
pub(crate) const MARKS: [(u8, &str, &str); 4] =
    [(b',', ",", "commas"), (b'\t', "tab", "tabs"), (b';', ";", "semicolons"), (b'|', "|", "pipes")];

/// A delimiter that a file has by evidence, and not by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDelimiter {
    /// As `delimiter` of a source spells it.
    pub setting: &'static str,
    /// What it is called, in the plural.
    pub called: &'static str,
    /// How many columns there are with it.
    pub columns: usize,
}

/// The delimiter of a file with a header, where it is another one than its name tells and none is declared.
pub(crate) fn other(spec: &SourceSpec, file: &SourceFile) -> Result<Option<OtherDelimiter>> {
    if spec.delimiter.is_some() || !spec.settings.header {
        return Ok(None);
    }
    let usual = delimiter_of_name(&file.name);
    let mut most = columns(spec, file, usual)?.unwrap_or(1);
    let mut found = None;
    for (mark, setting, called) in MARKS.into_iter().filter(|(mark, ..)| *mark != usual) {
        if let Some(columns) = columns(spec, file, mark)?.filter(|columns| *columns > most) {
            most = columns;
            found = Some(OtherDelimiter { setting, called, columns });
        }
    }
    Ok(found)
}

/// Refuses a file that is one column, or has tabs in the names of its columns, because its delimiter is another one.
pub(crate) fn refuse_other(spec: &SourceSpec, file: &SourceFile, header: &str, fields: usize) -> Result<()> {
    let suspect = header.contains('\t') || fields == 1 && MARKS.iter().any(|(mark, ..)| header.contains(*mark as char));
    let Some(OtherDelimiter { setting, called, columns }) = (if suspect { other(spec, file)? } else { None }) else {
        return Ok(());
    };
    let usual = delimiter_of_name(&file.name);
    let (_, usual, mark) = MARKS.into_iter().find(|(byte, ..)| *byte == usual).unwrap_or(MARKS[0]);
    let plural = if fields == 1 { "" } else { "s" };
    Err(Problem::invalid(
        "delimiter",
        format!("{fields} column{plural} between {mark}, and {columns} between {called}"),
    )
    .remedy(format!(
        "say `delimiter = \"{setting}\"` at the source; if it is meant as it stands, `delimiter = \"{usual}\"`"
    )))
}

/// How many columns there are with this delimiter, if it is one of this file.
fn columns(spec: &SourceSpec, file: &SourceFile, delimiter: u8) -> Result<Option<usize>> {
    if spec.dialect.quote == Some(delimiter) {
        return Ok(None);
    }
    let mut records = RecordReader::new(Input::open(file, spec.encoding)?, file, delimiter, &spec.dialect);
    if !matches!(records.next(), Ok(Next::Record)) || records.parts().0.contains(&b'\t') {
        return Ok(None);
    }
    let columns = records.len();
    let (mut rows, mut alike) = (0, 0);
    while rows < LOOKED_AT {
        match records.next() {
            Ok(Next::Record) => alike += u32::from(records.len() == columns),
            Ok(Next::TooLong { .. }) => {}
            // A quote that is never closed: what came before it tells enough.
            Ok(Next::End) | Err(_) => break,
        }
        rows += 1;
    }
    Ok((columns > 1 && alike * 100 >= rows * ALIKE).then_some(columns))
}
