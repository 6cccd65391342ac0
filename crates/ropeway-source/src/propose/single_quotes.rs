//! Fields in single quotes, as some databases write them. Their sample is brought to the usual quotes, so that all that is found out of a
//! text holds for them.

use crate::format::delimiter::{Fit, LINES, MARKS, counted, lines};

/// Of a hundred lines so many have to fit.
const ALIKE: u64 = 95;
/// Of a hundred fields of one column so many stand in quotes.
const QUOTED: usize = 90;
/// Lines from which it shows.
const ENOUGH: u64 = 3;

/// A text with the usual quotes, and what it is between.
pub(super) struct Requoted {
    pub(super) text: String,
    pub(super) mark: char,
    /// Lines with a field in single quotes, and all.
    pub(super) quoted: u64,
    pub(super) of: u64,
}

/// The text with the usual quotes, where it has single ones: a column stands in them, and lines have equally many fields. An apostrophe
/// within a text, or at the beginning of some, is none.
pub(super) fn requoted(text: &str) -> Option<Requoted> {
    let opens = |line: &&str| line.split([',', ';', '\t', '|']).any(|field| field.starts_with('\''));
    let first = text.lines().take(LINES);
    if first.clone().filter(opens).count() * 4 < first.count() {
        return None;
    }
    let fits = MARKS.into_iter().filter_map(|(mark, ..)| {
        let mark = mark as char;
        let (text, rows) = with_usual(text, mark)?;
        let fit = counted(&lines(&text, LINES), mark).filter(|fit| fits(fit, &rows))?;
        let quoted = rows.iter().filter(|row| row.contains(&true)).count() as u64;
        Some((fit.alike, fit.columns, Requoted { text, mark, quoted, of: rows.len() as u64 }))
    });
    let (.., best) = fits.max_by_key(|(alike, columns, _)| (*alike, *columns))?;
    Some(best)
}

/// Whether a text may be one in single quotes: some field stands in them, and nothing speaks against it. Of a row or two that is all that
/// can be said, and enough where it is known how such files are written.
pub(super) fn may_have(text: &str) -> bool {
    let quoted =
        |mark: u8| with_usual(text, mark as char).is_some_and(|(_, rows)| rows.iter().any(|row| row.contains(&true)));
    MARKS.into_iter().any(|(mark, ..)| quoted(mark))
}

/// Whether nearly all lines have as many fields, and one of these stands in quotes in nearly each.
fn fits(fit: &Fit, rows: &[Vec<bool>]) -> bool {
    // The header may stand without.
    let rows: Vec<&Vec<bool>> = rows.iter().skip(fit.first + 1).filter(|row| row.len() == fit.columns).collect();
    let column = |at: usize| rows.iter().filter(|row| row[at]).count() * 100 >= rows.len() * QUOTED;
    rows.len() as u64 >= ENOUGH && fit.alike * 100 >= fit.of * ALIKE && (0..fit.columns).any(column)
}

/// The text with the usual quotes in place of single ones, and of each line which fields stood in them; none where a quote within a
/// field is none of such a file, or a field has the usual ones. What an open quote begins at the end is left out.
pub(super) fn with_usual(text: &str, mark: char) -> Option<(String, Vec<Vec<bool>>)> {
    let (mut out, mut rows, mut row) = (String::with_capacity(text.len()), Vec::new(), Vec::new());
    let mut chars = text.chars().peekable();
    let (mut start, mut quoted, mut whole) = (true, false, 0);
    while let Some(c) = chars.next() {
        if start && c == '"' {
            return None;
        }
        quoted |= start && c == '\'';
        if start && c == '\'' {
            out.push('"');
            loop {
                match chars.next() {
                    Some('\'') if chars.next_if_eq(&'\'').is_some() => out.push('\''),
                    Some('\'') => break,
                    Some('"') => out.push_str("\"\""),
                    Some(c) => out.push(c),
                    None => {
                        out.truncate(whole);
                        return Some((out, rows));
                    }
                }
            }
            if chars.peek().is_some_and(|c| *c != mark && !matches!(c, '\r' | '\n')) {
                return None;
            }
            out.push('"');
            start = false;
            continue;
        }
        out.push(c);
        start = c == mark || c == '\n';
        if start {
            row.push(std::mem::take(&mut quoted));
        }
        if c == '\n' {
            rows.push(std::mem::take(&mut row));
            whole = out.len();
        }
    }
    if !row.is_empty() || !start {
        row.push(quoted);
        rows.push(row);
    }
    Some((out, rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: impl Fn(usize) -> String) -> Option<String> {
        let text: Vec<String> = (0..40).map(line).collect();
        requoted(&format!("name,value,y\n{}\n", text.join("\n"))).map(|found| found.text)
    }

    #[test]
    fn fields_in_single_quotes_are_found_with_what_stands_in_them() {
        let found = of(|row| format!("'O''Neil, \"{row}\"',{row}.5,'a\nb'")).unwrap();
        assert!(found.starts_with("name,value,y\n\"O'Neil, \"\"0\"\"\",0.5,\"a\nb\"\n"), "{found}");
        assert!(requoted("'a';'b'\n'1;2';'3'\n'1;2';'4'\n'5';'6'\n'7';'8'\n").is_some_and(|found| found.mark == ';'));
    }

    #[test]
    fn apostrophes_are_no_quotes() {
        assert_eq!(of(|row| format!("it's {row},{row},1")), None);
        assert_eq!(of(|row| format!("'tis {row},{row},1")), None);
        assert_eq!(of(|row| format!("'s-Gravenhage,{row},'t Zand")), None);
        assert_eq!(of(|row| format!("{},{row},1", if row % 3 == 0 { "'quoted'" } else { "plain" })), None);
        assert_eq!(of(|row| format!("\"'x', {row}\",{row},'y'")), None, "usual quotes");
    }
}
