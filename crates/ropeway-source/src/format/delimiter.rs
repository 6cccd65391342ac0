//! Which delimiter a CSV file has, by evidence: the one that cuts most of its lines into the same number of fields, from the
//! first line on. The one that its name tells wins a draw.

use std::collections::BTreeMap;

use ropeway_vocab::{Problem, Result};

use crate::file::found::{SourceFile, last_part};
use crate::file::input::Input;
use crate::settings::delimiter_of_name;
use crate::spec::SourceSpec;

/// Lines that are looked at.
pub(crate) const LINES: usize = 2_000;
/// A title above the table takes no more lines.
pub(crate) const TITLE: usize = 40;
/// What comments begin with.
pub(crate) const COMMENTS: [&str; 3] = ["#", "//", "%"];
/// No value has more line breaks.
const WITHIN: usize = 60;
/// Bytes that are looked at before a file is refused.
const FRONT: usize = 1 << 16;
/// So many of a hundred lines have as many fields as the header before a file is refused.
const ALIKE: u64 = 95;

/// What stands between fields: the byte, how settings write it, and what it is called.
pub(crate) const MARKS: [(u8, &str, &str); 4] =
    [(b',', ",", "commas"), (b'\t', "tab", "tabs"), (b';', ";", "semicolons"), (b'|', "|", "pipes")];

/// What a delimiter is called that settings write so; without one they are commas.
pub(crate) fn called_mark(setting: Option<&str>) -> &'static str {
    MARKS.into_iter().find(|(_, mark, _)| Some(*mark) == setting).map_or("commas", |(.., called)| called)
}

/// The delimiter that fits best among those that `may` be.
pub(crate) fn best(lines: &[&str], usual: char, may: impl Fn(char) -> bool) -> Option<Fit> {
    let found = MARKS.into_iter().map(|(mark, ..)| mark as char).filter(|mark| may(*mark));
    found.filter_map(|mark| counted(lines, mark)).max_by_key(|fit| {
        (fit.alike * 100 >= fit.of * 80, std::cmp::Reverse(fit.first), fit.columns, fit.mark == usual)
    })
}

/// How well a delimiter fits.
pub(crate) struct Fit {
    pub(crate) mark: char,
    pub(crate) columns: usize,
    /// Lines with so many fields, of all that are not blank and no comments.
    pub(crate) alike: u64,
    pub(crate) of: u64,
    /// The first of them.
    pub(crate) first: usize,
}

/// The most usual number of fields, where it is more than one.
pub(crate) fn counted(lines: &[&str], mark: char) -> Option<Fit> {
    let comment = |line: &str| COMMENTS[..2].iter().any(|comment| line.starts_with(comment));
    let filled = lines.iter().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let counts: Vec<(usize, usize, bool)> =
        filled.map(|(at, line)| (at, fields(line, mark).len(), comment(line))).collect();
    let mut often: BTreeMap<usize, u64> = BTreeMap::new();
    for (_, count, _) in &counts {
        *often.entry(*count).or_default() += 1;
    }
    let (columns, alike) = often.into_iter().filter(|(columns, _)| *columns > 1).max_by_key(|(_, alike)| *alike)?;
    let first = counts.iter().find(|(_, count, _)| *count == columns).map(|(at, ..)| *at)?;
    // What stands above the table, and comments, count neither for nor against.
    let counting =
        |(at, count, comment): &&(usize, usize, bool)| *count == columns || !comment && (*at >= first || *at > TITLE);
    let of = counts.iter().filter(counting).count() as u64;
    Some(Fit { mark, columns, alike, of, first })
}

/// The first lines of a text, up to `most`; a line break within quotes ends none. Quotes that open nothing are as other marks.
pub(crate) fn lines(text: &str, most: usize) -> Vec<&str> {
    let bytes = text.as_bytes();
    let opens = |at: usize| at == 0 || matches!(bytes[at - 1], b',' | b';' | b'\t' | b'|' | b'\n');
    let (mut found, mut start, mut inside, mut within, mut at) = (Vec::new(), 0, false, 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if inside && bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => inside = !inside && opens(at),
            b'\n' if inside => within += 1,
            b'\n' => {
                found.push(text[start..at].trim_end_matches('\r'));
                (start, within) = (at + 1, 0);
            }
            _ => {}
        }
        if found.len() == most {
            return found;
        }
        if within > WITHIN {
            // A quote that is never closed says nothing.
            return text.lines().take(most).collect();
        }
        at += 1;
    }
    if start < text.len() && !inside {
        found.push(&text[start..]);
    }
    found
}

/// The fields of a line, quotes taken off.
pub(crate) fn fields(line: &str, mark: char) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut inside = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(last) = all.last_mut() else { break };
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                last.push('"');
            }
            '"' if inside || last.is_empty() => inside = !inside,
            c if c == mark && !inside => all.push(String::new()),
            c => last.push(c),
        }
    }
    all
}

/// Refuses a file that is one column, or has tabs in the names of its columns, because its delimiter is another one.
pub(crate) fn refuse_other(spec: &SourceSpec, file: &SourceFile, header: &str, columns: usize) -> Result<()> {
    let suspect =
        header.contains('\t') || columns == 1 && MARKS.iter().any(|(mark, ..)| header.contains(*mark as char));
    if !suspect || spec.delimiter.is_some() || !spec.settings.header {
        return Ok(());
    }
    let usual = delimiter_of_name(&file.name);
    let front = front(spec, file)?;
    let lines = lines(&front, LINES);
    let lines = lines.get(spec.settings.skip_lines..).unwrap_or_default();
    let meant = |fit: &Fit| fit.mark != usual as char && fit.first == 0 && fit.alike * 100 >= fit.of * ALIKE;
    let Some(fit) = best(lines, usual as char, |_| true).filter(meant).filter(|fit| fit.columns > columns) else {
        return Ok(());
    };
    let named = |mark: u8| MARKS.into_iter().find(|(byte, ..)| *byte == mark).unwrap_or(MARKS[0]);
    let ((_, usual, between), (_, setting, called)) = (named(usual), named(fit.mark as u8));
    let plural = if columns == 1 { "" } else { "s" };
    Err(Problem::invalid(
        "delimiter",
        format!("{columns} column{plural} between {between}, and {} between {called}", fit.columns),
    )
    .remedy(if is_one_of_many(spec, file) {
        format!(
            "all files of a source have one delimiter: write this file like the others; where all are so, say `delimiter = \"{setting}\"` at \
             the source; if it is meant as it stands, `delimiter = \"{usual}\"`"
        )
    } else {
        format!("say `delimiter = \"{setting}\"` at the source; if it is meant as it stands, `delimiter = \"{usual}\"`")
    }))
}

/// Whether the path of a source is that of several files: a folder, a pattern.
fn is_one_of_many(spec: &SourceSpec, file: &SourceFile) -> bool {
    last_part(&spec.settings.path) != last_part(&file.name)
}

/// The first whole lines of a file.
fn front(spec: &SourceSpec, file: &SourceFile) -> Result<String> {
    let mut input = Input::open(file, spec.encoding)?;
    let mut bytes = vec![0; FRONT];
    let mut filled = 0;
    while filled < bytes.len() {
        match input.read(&mut bytes[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    let whole = if filled < FRONT { filled } else { bytes.iter().rposition(|byte| *byte == b'\n').unwrap_or(filled) };
    Ok(String::from_utf8_lossy(&bytes[..whole]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_within_quotes_ends_no_line() {
        let check = |text: &str, want: &[&str]| assert_eq!(lines(text, 9), want, "{text}");
        check("a,b\r\n1,2", &["a,b", "1,2"]);
        check("a,\"x\ny\"\n1,2\n", &["a,\"x\ny\"", "1,2"]);
        check("\"x\"\"\ny\",1\n2,\"\"\n", &["\"x\"\"\ny\",1", "2,\"\""]);
        check("5\" pipe\n6\" pipe\n", &["5\" pipe", "6\" pipe"]);
        let open = "a,\"b\n".to_owned() + &"1,2\n".repeat(100);
        assert_eq!(lines(&open, 50).len(), 50, "a quote that is never closed");
        assert_eq!(lines("a\nb\nc\n", 2), ["a", "b"]);
    }
}
