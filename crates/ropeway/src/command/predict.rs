//! `ropeway predict MODEL --in FILE --out FILE`.

use std::path::PathBuf;

use ropeway_run::{PredictOptions, PredictReport, Unscored};
use ropeway_vocab::Result;

use crate::cli::Shared;
use crate::command::run::share;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::progress;
use crate::render::number::{count, seconds};
use crate::sections::{here, load};
use crate::stop;

/// Reasons that are told one by one.
const REASONS: usize = 5;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway predict flight-delays --in today.csv --out scored.csv
  ropeway predict flight-delays --in march.xlsx --sheet Data --out scored.csv
  ropeway predict flight-delays@3 --in today.parquet --out scored.parquet
  ropeway predict models/flight-delays.ropeway --in today.jsonl --out scored.jsonl

Keeps the rows, their order and their columns, and adds `probability` and `decision`; of several classes `predicted`, its \
`probability` and `probability_CLASS` of each; of a number `predicted`, the ends of its 90% interval `predicted_low` and \
`predicted_high`, and the number to decide for, `decision`. Last stands `not_scored`, empty in each row that has a \
prediction. Where the file has a column of such a name, it keeps it, and the new one is `probability_2`; stderr says so. Formats follow from the names. \
Memory does not grow with the file. Without an `at` column the prediction time is now. Days and times may also be \
written as ISO 8601 writes them, whatever `dates` of the source says, and JSON lines as requests to the server are. Where \
files of the source end in totals (`skip_footer`) and this one does, too, as its label or its sums show, that row is left \
out, and stderr says so. Of a workbook the sheet is read that has the columns of the model: one called as the source's, else the \
largest that is shown; `--sheet` names another. A name that stands twice in the file, and once in training, is refused where the \
model reads it. A package file whose features look \
into no table can be scored outside any project.

A row that cannot be read, or on which an expression fails, costs itself: it stays in its place, its prediction is missing, \
and `not_scored` says on which line it stands and why (a personal value is not shown). Such rows are counted by reason on \
stderr, and the exit code is 3: the file is written whole, and what goes on after this command does not do so unaware of \
the gap. `--tolerate` says which share of such rows is no reason for that. The column is there even where it is empty, so \
that what reads the output finds one schema. Of a row with too few or too many fields the first are kept as they stand. A quote \
that is never closed ends the command, since nobody can tell which rows it took in.

What is scored and unlike the rows of the training is told on stderr: features that are missing and never were, levels \
that were never seen, numbers outside the range that they had (with `--json` also as `out_of_range`).

Values pass as they are spelled, whether or not the model reads them: no digit is lost, `007` and 1.10 stay so, and so does \
what is nested. Where the formats differ:
  CSV to JSON lines      a number or boolean of the request's columns becomes JSON's own, all else
                         is text, and so is a percentage; an empty field is null, a quoted empty
                         one an empty text
  JSON lines to CSV      a text without its JSON quotes, what is nested as its JSON, null and a missing key as nothing
  either to Parquet      text columns that say the same
  Parquet to the others  every digit; instants in UTC, times without a zone without one; in JSON, NaN and the
                         infinities are strings")]
pub struct Args {
    /// A model's name, NAME@VERSION, NAME@ALIAS, or a package file
    model: String,
    /// Examples to score: .csv, .jsonl, .parquet or .xlsx, compressed or not
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,
    /// The sheet of a workbook to score; by default the one with the columns that the model reads
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Where to write the scored examples: .csv, .jsonl or .parquet
    #[arg(long = "out", value_name = "FILE")]
    out: PathBuf,
    /// Share of rows that may be left unscored before the exit code is 3: 1%, 0.01
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = tolerated)]
    tolerate: f64,
}

/// Scores the file.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = match ropeway_registry::is_package_file(&args.model) {
        true => here(&shared.project)?,
        false => Some(load(&shared.project)?),
    };
    let options = PredictOptions {
        model: args.model.clone(),
        input: args.input.clone(),
        sheet: args.sheet.clone(),
        output: args.out.clone(),
        progress: progress(output),
        cancel: stop::flag(),
    };
    let report = ropeway_run::predict(project.as_ref(), options).await?;
    output.warn(&report.warnings);
    output.result(&report, |_| {
        let of = match report.not_scored.rows {
            0 => String::new(),
            _ => format!(" of {}", count(report.rows)),
        };
        format!(
            "{}{of} rows scored by {}@{} in {}: {}\n",
            count(report.scored),
            report.model,
            report.version.map_or_else(|| report.digest.short(), |version| version.to_string()),
            seconds(report.wall_s),
            args.out.display()
        )
    })?;
    if report.not_scored.rows == 0 {
        return Ok(Exit::Done);
    }
    let tolerated = report.not_scored.rows as f64 <= args.tolerate * report.rows as f64;
    let told = gap(args, &report);
    if tolerated {
        output.note(&format!("warning: {told}"));
        return Ok(Exit::Done);
    }
    output.say(&told);
    Ok(Exit::Refused)
}

/// Which rows are not scored, and why.
fn gap(args: &Args, report: &PredictReport) -> String {
    let Unscored { rows, counted, reasons, first } = &report.not_scored;
    let of = |rows: u64| if rows == 1 { "1 row".to_owned() } else { format!("{} rows", count(rows)) };
    let (file, all) = (args.input.display(), count(report.rows));
    let are = if *rows == 1 { "is" } else { "are" };
    let mut told = format!("{} of {all} rows of {file} {are} not scored; `not_scored` says why of each", count(*rows));
    for reason in reasons.iter().take(REASONS) {
        let column = reason.column.as_ref().map_or_else(String::new, |column| format!("column `{column}`: "));
        let (rows, first) = (of(reason.rows), reason.first_line);
        told.push_str(&format!("\n  {rows}, the first in {counted} {first}: {column}{}", reason.reason));
    }
    if let Some(rest) = reasons.get(REASONS..).filter(|rest| !rest.is_empty()) {
        let rows = rest.iter().map(|reason| reason.rows).sum();
        told.push_str(&format!("\n  {} for other reasons", of(rows)));
    }
    told.push_str(if first.len() as u64 == *rows { "\nThey are:" } else { "\nThe first of them:" });
    first.iter().for_each(|row| told.push_str(&format!("\n  {row}")));
    let unread = reasons.iter().any(|reason| reason.reason.contains("UTF-8"));
    let encoding = if unread { "save the file in UTF-8; " } else { "" };
    told + &format!(
        "\n  = remedy: {encoding}mend these rows and score them again; a value that is not known may be left empty"
    )
}

/// `1%`, `0.01`, `0`.
fn tolerated(text: &str) -> std::result::Result<f64, String> {
    match text.trim() {
        "0" | "0%" => Ok(0.0),
        text => share(text),
    }
}
