//! `ropeway why [CODE]`.

use ropeway_vocab::{Kind, Problem, Result, nearest};
use serde_json::json;

use crate::exit::Exit;
use crate::output::Output;
use crate::render::paint::Paint;
use crate::render::table::Table;
use crate::why::{Entry, SUBJECTS, entries, find};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway why known-later     what it means, how it comes, what to do, and an example
  ropeway why                 all codes
  ropeway why --json

Every error shows its code in brackets, as in error[unknown-column]; findings, the JSON of --json and the answers of a \
server have it, too.")]
pub struct Args {
    /// The code of an error or finding, for example unknown-column
    code: Option<String>,
}

/// Explains a code, or lists all.
pub fn run(args: &Args, output: &Output) -> Result<Exit> {
    let Some(asked) = &args.code else {
        let all: Vec<&Entry> = entries().collect();
        output.result(&json!({ "codes": all }), list)?;
        return Ok(Exit::Done);
    };
    let code = bare(asked);
    let entry = find(code).ok_or_else(|| unknown(code))?;
    output.result(entry, |paint| page(entry, paint))?;
    Ok(Exit::Done)
}

/// The code of what was pasted: of `error[unknown-column]` what stands in brackets.
fn bare(asked: &str) -> &str {
    let inner = asked.split_once('[').map_or(asked, |(_, rest)| rest);
    inner.trim_matches(|c: char| !c.is_ascii_alphanumeric())
}

fn unknown(code: &str) -> Problem {
    let problem = Problem::new(Kind::NotFound, "unknown-code", format!("no problem has the code `{code}`"));
    match nearest(code, entries().map(|entry| entry.code)) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None => problem.remedy("`ropeway why` lists all codes"),
    }
}

fn page(entry: &Entry, paint: Paint) -> String {
    let Entry { code, means, comes, remedy, example } = entry;
    let part = |title: &str, text: &str| format!("\n{}\n  {text}\n", paint.strong(title));
    let head = format!("{}: {means}\n", paint.strong(code));
    head + &part("How it comes", comes) + &part("What to do", remedy) + &part("For example", example)
}

fn list(paint: Paint) -> String {
    let subject = |(title, entries): (&str, &[Entry])| {
        let mut table = Table::new(&["", ""]);
        for entry in entries {
            table.row([entry.code, entry.means]);
        }
        format!("{}\n{}", paint.strong(title), table.render(2))
    };
    SUBJECTS.map(subject).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_pasted_with_what_stands_around_it() {
        for pasted in ["unknown-column", "error[unknown-column]", "error[unknown-column]:", "`unknown-column`"] {
            assert_eq!(bare(pasted), "unknown-column");
        }
    }
}
