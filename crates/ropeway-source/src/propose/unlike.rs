//! The files of a folder that have not the columns of the others: those with nearly the same are read with them, and what a file
//! lacks is missing in its rows; others are left out. Each is said with the columns that differ.

use std::collections::{BTreeMap, BTreeSet};

use ropeway_vocab::Result;

use super::sample::Sample;
use super::shape::{plural, quoted, shape};
use super::{Decision, Hint, encoding, sheet};
use crate::file::found::SourceFile;
use crate::file::input;
use crate::file::unpack::Unpacker;
use crate::reader::FileReader;
use crate::settings::{Columns, Format, Sheets, SourceSettings};
use crate::spec::SourceSpec;

/// Files that are looked at: where there are more, the names of others are seen when they are read.
const FILES: usize = 500;
/// Files, and columns of each, that are named.
const NAMED: usize = 5;

/// A file, and the names of its columns.
struct Own<'a> {
    file: &'a SourceFile,
    names: Vec<String>,
    set: BTreeSet<String>,
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
    let mut known: Option<(Vec<u8>, Vec<String>)> = None;
    for file in files {
        let line = first_line(file, format)?;
        if let Some((_, names)) = known.as_ref().filter(|(first, _)| line.as_ref() == Some(first)) {
            all.push(Own { file, set: names.iter().cloned().collect(), names: names.clone() });
            continue;
        }
        let own = names(file, format, hint);
        if known.is_none() {
            known = line.zip(own.as_ref().ok().cloned());
        }
        match own {
            Ok(names) => all.push(Own { file, set: names.iter().cloned().collect(), names }),
            Err(problem) if matches!(problem.code(), "empty-file" | "no-rows") => {
                left.push((called(file, files).to_owned(), problem.what().to_owned()));
            }
            // Whoever reads it says so.
            Err(_) => return Ok(None),
        }
    }
    let Some(most) = most(&all, hint.label) else { return Ok(None) };
    let (mut taken, mut read): (Vec<String>, Vec<&Own<'_>>) = (Vec::new(), Vec::new());
    for own in &all {
        if own.set == most.set {
            read.push(own);
            continue;
        }
        let name = called(own.file, files);
        match fate(own, most, hint.label) {
            Fate::Taken => {
                read.push(own);
                taken.push(format!("`{name}` {}", differs(own, most)));
            }
            Fate::Left(why) => left.push((name.to_owned(), why)),
        }
    }
    let alike = read.len() > 1 || !left.is_empty() && all.len() == 1;
    if taken.is_empty() && left.is_empty() || !alike {
        return Ok(None);
    }
    say(&taken, &left, files.len(), settings, decisions);
    // What a file has besides is seen in it alone.
    let widest = read.iter().map(|own| own.names.len()).max().unwrap_or(0);
    read.sort_by_key(|own| own.names.len() != widest);
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

/// A file of those that have the same columns, of which there are the most: of as many those with the label, then the larger.
fn most<'a, 'b>(all: &'b [Own<'a>], label: Option<&str>) -> Option<&'b Own<'a>> {
    let mut groups: BTreeMap<&BTreeSet<String>, (usize, bool, u64)> = BTreeMap::new();
    for own in all {
        let bytes =
            own.file.part.map_or_else(|| own.file.path.metadata().map_or(0, |about| about.len()), |part| part.length);
        let group = groups.entry(&own.set).or_default();
        *group = (group.0 + 1, label.is_some_and(|label| own.set.contains(label)), group.2 + bytes);
    }
    let (most, _) = groups.into_iter().max_by_key(|(_, weight)| *weight)?;
    all.iter().find(|own| own.set == *most)
}

fn fate(own: &Own<'_>, most: &Own<'_>, label: Option<&str>) -> Fate {
    let shared = own.set.intersection(&most.set).count();
    let all = own.set.union(&most.set).count();
    let (name, other) = (short(&own.file.name), short(&most.file.name));
    let to_score = ["test", "score", "unlabel", "submission"].iter().any(|word| name.to_lowercase().contains(word));
    let lacks = label.is_some_and(|label| most.set.contains(label) && !own.set.contains(label));
    // The same but for the label, or nearly.
    let rows_to_score = lacks && shared * 3 >= (most.set.len() - 1) * 2;
    if rows_to_score || to_score && own.set.is_subset(&most.set) {
        return Fate::Left(format!("it {}: `ropeway predict` scores such rows", differs(own, most)));
    }
    let stem = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().to_lowercase();
    let series = stem(name) == stem(other) && name != other;
    // Of files that are called alike a half is enough; others are another table sooner.
    if shared > 1 && if series { shared * 2 >= all } else { shared * 3 >= all * 2 } {
        return Fate::Taken;
    }
    Fate::Left(format!("its columns are others: it {}", differs(own, most)))
}

fn differs(own: &Own<'_>, most: &Own<'_>) -> String {
    let list = |names: Vec<&String>| {
        let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
        names.iter().take(NAMED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ") + &more
    };
    let lacks: Vec<&String> = most.names.iter().filter(|name| !own.set.contains(*name)).collect();
    let besides: Vec<&String> = own.names.iter().filter(|name| !most.set.contains(*name)).collect();
    match (lacks.is_empty(), besides.is_empty()) {
        (false, true) => format!("lacks {}", list(lacks)),
        (true, _) => format!("has {} besides", list(besides)),
        (false, false) => format!("lacks {} and has {} besides", list(lacks), list(besides)),
    }
}

/// What a file is called: by its name alone, where no other has it.
fn called<'a>(file: &'a SourceFile, files: &[SourceFile]) -> &'a str {
    let own = short(&file.name);
    if files.iter().filter(|other| short(&other.name) == own).count() > 1 { &file.name } else { own }
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

fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The names of a file's columns, as it is read by itself.
fn names(file: &SourceFile, format: Format, hint: &Hint<'_>) -> Result<Vec<String>> {
    let mut settings = SourceSettings { format: Some(format), ..SourceSettings::of_file("") };
    let mut none = Vec::new();
    if format == Format::Xlsx {
        sheet::choose(file, &[], hint, &mut settings, &mut none)?;
    }
    if format != Format::Parquet {
        let sample = Sample::of(file, format, settings.sheet.as_ref().and_then(Sheets::only))?;
        encoding(&sample, &mut settings, &mut none);
        if format != Format::Jsonl {
            let of_sheet = format == Format::Xlsx;
            shape(&sample, &file.name, of_sheet, &mut none).set(&mut settings, &file.name, of_sheet);
        }
    }
    Ok(FileReader::open(&SourceSpec::new("data", &settings)?, file)?.names().to_vec())
}
