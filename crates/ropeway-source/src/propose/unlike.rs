//! The files of a folder that have not the columns of the others: those with nearly the same are read with them, and what a file
//! lacks is missing in its rows; others are left out. Each is said with the columns that differ.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::{Result, name_words};

use super::sample::Sample;
use super::shape::{quoted, shape};
use super::{Decision, Hint, encoding, sheet};
use crate::file::found::{SourceFile, last_part};
use crate::file::input::{self, Input};
use crate::file::unpack::Unpacker;
use crate::format::csv::CsvReader;
use crate::format::delimiter::called_mark;
use crate::reader::FileReader;
use crate::said::{listed, plural};
use crate::settings::{Columns, Format, Sheets, SourceSettings};
use crate::spec::SourceSpec;

/// Files that are looked at: where there are more, the names of others are seen when they are read.
const FILES: usize = 500;
/// Files, and columns of each, that are named.
const NAMED: usize = 5;

/// What a file is called whose rows are to be scored.
const TO_SCORE: [&str; 7] = ["test", "score", "scoring", "unlabeled", "unlabelled", "submission", "submissions"];

/// A file, the names of its columns, and the settings by which it alone is read.
#[derive(Clone)]
struct Own<'a> {
    file: &'a SourceFile,
    names: Vec<String>,
    set: BTreeSet<String>,
    settings: SourceSettings,
}

impl<'a> Own<'a> {
    /// As it is read by itself.
    fn of(file: &'a SourceFile, format: Format, hint: &Hint<'_>) -> Result<Self> {
        let mut settings = SourceSettings { format: Some(format), ..SourceSettings::of_file("") };
        let mut none = Vec::new();
        if format == Format::Xlsx && file.sheet.is_none() {
            sheet::choose(file, (&[], false), hint, &mut settings, &mut none)?;
        }
        let mut text = None;
        if format != Format::Parquet {
            let sample = Sample::of(file, format, settings.sheet.as_ref().and_then(Sheets::only))?;
            encoding(&sample, &mut settings, &mut none);
            if format != Format::Jsonl {
                let of_sheet = format == Format::Xlsx;
                shape(&sample, &file.name, of_sheet, &mut none).set(&mut settings, &file.name, of_sheet);
                text = Some(sample.head).filter(|_| of_sheet);
            }
        }
        let spec = SourceSpec::new("data", &settings)?;
        let names = match text {
            // A workbook is not unpacked again for its header.
            Some(text) => {
                let input = Input::made(file, text.into_bytes())?;
                CsvReader::over(input, b',', &spec.dialect, &spec, file)?.names().to_vec()
            }
            None => FileReader::open(&spec, file)?.names().to_vec(),
        };
        Ok(Self { file, set: names.iter().cloned().collect(), names, settings })
    }

    /// What tells where in a file its table lies.
    fn form(&self) -> (Option<&str>, usize, Option<&str>, Option<&str>, bool) {
        let SourceSettings { sheet, skip_lines, delimiter, comment, header, .. } = &self.settings;
        (sheet.as_ref().and_then(Sheets::only), *skip_lines, delimiter.as_deref(), comment.as_deref(), *header)
    }
}

/// What becomes of one that is not like the most.
enum Fate {
    Taken,
    Left(String),
}

/// Says so in the settings; the files that are read, the one that is looked at first. Nothing where all have the same columns,
/// or where none is like another: these are no files of one table.
pub(super) fn settle(
    files: &[SourceFile],
    format: Format,
    hint: &Hint<'_>,
    settings: &mut SourceSettings,
    decisions: &mut Vec<Decision>,
) -> Result<Option<Vec<SourceFile>>> {
    if files.len() < 2 || files.len() > FILES {
        return Ok(None);
    }
    let (mut all, mut left): (Vec<Own<'_>>, Vec<(String, String)>) = (Vec::new(), Vec::new());
    let mut known: Option<(Vec<u8>, Own<'_>)> = None;
    for file in files {
        let line = first_line(file, format)?;
        if let Some((_, own)) = known.as_ref().filter(|(first, _)| line.as_ref() == Some(first)) {
            all.push(Own { file, ..own.clone() });
            continue;
        }
        let own = Own::of(file, format, hint);
        if known.is_none() {
            known = line.zip(own.as_ref().ok().cloned());
        }
        match own {
            Ok(own) => all.push(own),
            Err(problem) if matches!(problem.code(), "empty-file" | "no-rows") => {
                left.push((called(file, files), problem.what().to_owned()));
            }
            // Whoever reads it says so.
            Err(_) => return Ok(None),
        }
    }
    let Some(most) = most(&all, hint.label) else { return Ok(None) };
    let (mut taken, mut read): (Vec<String>, Vec<&Own<'_>>) = (Vec::new(), Vec::new());
    for own in &all {
        let name = called(own.file, files);
        match fate(own, most, hint.label, settings) {
            Fate::Taken if own.set == most.set => read.push(own),
            Fate::Taken => {
                read.push(own);
                taken.push(format!("`{name}` {}", differs(own, most)));
            }
            Fate::Left(why) => left.push((name, why)),
        }
    }
    let alike = read.len() > 1 || !left.is_empty() && all.len() == 1;
    if taken.is_empty() && left.is_empty() || !alike {
        return Ok(None);
    }
    say(&taken, &left, files.len(), settings, decisions);
    // What a file has besides is seen in it alone.
    let widest = read.iter().map(|own| own.names.len()).max().unwrap_or(0);
    read.sort_by_key(|own| (own.form() != most.form(), own.names.len() != widest));
    Ok(Some(read.into_iter().map(|own| own.file.clone()).collect()))
}

fn say(
    taken: &[String],
    left: &[(String, String)],
    files: usize,
    settings: &mut SourceSettings,
    decisions: &mut Vec<Decision>,
) {
    let of = files as u64;
    let more = |count: usize| if count > NAMED { format!("; and {} more", count - NAMED) } else { String::new() };
    if !taken.is_empty() {
        settings.columns = Columns::Union;
        let shown = taken.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
        let why = format!(
            "not all files have the same columns: {shown}{}; what a file lacks is missing in its rows",
            more(taken.len())
        );
        decisions.push(Decision::file("columns", "\"union\"".into(), why, taken.len() as u64, of).aloud());
    }
    if !left.is_empty() {
        settings.leave_out = left.iter().map(|(name, _)| glob::Pattern::escape(name)).collect();
        let list: Vec<String> = settings.leave_out.iter().map(|name| quoted(name)).collect();
        let shown: Vec<String> = left.iter().take(NAMED).map(|(name, why)| format!("`{name}`: {why}")).collect();
        let why = format!(
            "{} of {files} left out: {}{}",
            plural(left.len() as u64, "file"),
            shown.join("; "),
            more(left.len())
        );
        decisions
            .push(Decision::file("leave_out", format!("[{}]", list.join(", ")), why, left.len() as u64, of).aloud());
    }
}

/// A file of those that have the same columns, of which there are the most: of as many those with the label, then the larger. Of
/// these one whose table lies where it does in most.
fn most<'a, 'b>(all: &'b [Own<'a>], label: Option<&str>) -> Option<&'b Own<'a>> {
    let mut groups: BTreeMap<&BTreeSet<String>, (usize, bool, u64)> = BTreeMap::new();
    for own in all {
        let bytes =
            own.file.part.map_or_else(|| own.file.path.metadata().map_or(0, |about| about.len()), |part| part.length);
        let group = groups.entry(&own.set).or_default();
        *group = (group.0 + 1, label.is_some_and(|label| own.set.contains(label)), group.2 + bytes);
    }
    let (most, _) = groups.into_iter().max_by_key(|(_, weight)| *weight)?;
    let of_set = || all.iter().filter(|own| own.set == *most);
    // Of equals the first.
    of_set().rev().max_by_key(|own| of_set().filter(|other| other.form() == own.form()).count())
}

fn fate(own: &Own<'_>, most: &Own<'_>, label: Option<&str>, of_all: &SourceSettings) -> Fate {
    let shared = own.set.intersection(&most.set).count();
    let all = own.set.union(&most.set).count();
    let (name, other) = (last_part(&own.file.name), last_part(&most.file.name));
    let to_score = name_words(name).iter().any(|word| TO_SCORE.contains(&word.as_str())) && own.set != most.set;
    let lacks = label.map(|label| most.set.contains(label) && !own.set.contains(label));
    // The same but for the label, or nearly.
    let rows_to_score = lacks == Some(true) && shared * 3 >= (most.set.len() - 1) * 2;
    if rows_to_score || lacks != Some(false) && to_score && own.set.is_subset(&most.set) {
        return Fate::Left(format!("it {}: `ropeway predict` scores such rows", differs(own, most)));
    }
    let stem = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().to_lowercase();
    let series = stem(name) == stem(other) && name != other;
    // Of files that are called alike a half is enough; others are another table sooner.
    let alike = shared > 1 && if series { shared * 2 >= all } else { shared * 3 >= all * 2 };
    if own.set != most.set && !alike {
        return Fate::Left(format!("its columns are others: it {}", differs(own, most)));
    }
    if own.form() == most.form() || names_as(own, most, of_all).is_some_and(|names| names == own.names) {
        return Fate::Taken;
    }
    Fate::Left(format!("{}: give it a source of its own", lies(own, most)))
}

/// The names of a file's columns where it is read as the most are.
fn names_as(own: &Own<'_>, most: &Own<'_>, of_all: &SourceSettings) -> Option<Vec<String>> {
    let settings = SourceSettings {
        sheet: of_all.sheet.clone(),
        encoding: own.settings.encoding.clone(),
        skip_footer: 0,
        ..most.settings.clone()
    };
    let spec = SourceSpec::new("data", &settings).ok()?;
    FileReader::open(&spec, own.file).ok().map(|reader| reader.names().to_vec())
}

/// Where the table lies in a file that is read otherwise than the most.
fn lies(own: &Own<'_>, most: &Own<'_>) -> String {
    let (own, most) = (&own.settings, &most.settings);
    let line = |settings: &SourceSettings| settings.skip_lines + 1;
    let between = |settings: &SourceSettings| called_mark(settings.delimiter.as_deref());
    if own.sheet != most.sheet {
        let named = own.sheet.as_ref().and_then(Sheets::only).map_or_else(String::new, |name| format!(" `{name}`"));
        return format!("its table stands in another sheet{named}");
    }
    if own.skip_lines != most.skip_lines {
        return format!("its table begins on line {}, and in the others on line {}", line(own), line(most));
    }
    if own.delimiter != most.delimiter {
        return format!("its fields stand between {}, and in the others between {}", between(own), between(most));
    }
    if own.header != most.header {
        return if own.header { "it has a header, and the others have none" } else { "it has no header" }.to_owned();
    }
    "it has comments where the others have none".to_owned()
}

fn differs(own: &Own<'_>, most: &Own<'_>) -> String {
    let list = |names: &[&String]| listed(names.iter().map(|name| format!("`{name}`")), NAMED);
    let lacks: Vec<&String> = most.names.iter().filter(|name| !own.set.contains(*name)).collect();
    let besides: Vec<&String> = own.names.iter().filter(|name| !most.set.contains(*name)).collect();
    let same = |name: &&&String| lacks.iter().any(|other| other.to_lowercase() == name.to_lowercase());
    let by_case = besides.iter().find(same).map_or_else(String::new, |name| {
        format!(" (`{name}` is another column, since capitals count: rename it in the file, if it is the same)")
    });
    match (lacks.is_empty(), besides.is_empty()) {
        (false, true) => format!("lacks {}", list(&lacks)),
        (true, _) => format!("has {} besides", list(&besides)),
        (false, false) => format!("lacks {} and has {} besides{by_case}", list(&lacks), list(&besides)),
    }
}

/// What a file is called, as `leave_out` names it: by its name alone, where no other has it.
fn called(file: &SourceFile, files: &[SourceFile]) -> String {
    let own = last_part(&file.name);
    let alone = files.iter().filter(|other| last_part(&other.name) == own).count() == 1;
    match file.name.contains('/') {
        _ if alone => own.to_owned(),
        true => file.name.clone(),
        false => format!("./{own}"),
    }
}

/// The first line of a text file, where it is short: with the same one files have the same columns.
fn first_line(file: &SourceFile, format: Format) -> Result<Option<Vec<u8>>> {
    if format != Format::Csv {
        return Ok(None);
    }
    let front = input::front(&mut Unpacker::open(file)?)?;
    // Of a title, or values, it would tell nothing.
    let line = front.split(|byte| *byte == b'\n').next().filter(|line| line.len() < front.len());
    let names =
        line.filter(|line| !line.iter().any(u8::is_ascii_digit) && line.iter().any(|byte| b",;\t|".contains(byte)));
    Ok(names.map(<[u8]>::to_vec))
}
