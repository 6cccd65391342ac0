//! Where results and problems go: JSON on the last line of stdout where asked for, text for people otherwise;
//! progress and problems on stderr.

use std::io::Write;

use ropeway_run::Unfinished;
use ropeway_run::report::ended_as;
use ropeway_vocab::{Problem, Result};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::cli::Shared;
use crate::exit::Exit;
use crate::render::paint::Paint;
use crate::render::problem::render;

/// The way out.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Whether the result is printed as JSON.
    pub json: bool,
    /// Whether progress is not shown.
    pub quiet: bool,
    /// Colours of stdout.
    pub paint: Paint,
}

impl Output {
    /// As the command line asks.
    pub fn new(shared: &Shared) -> Self {
        Self { json: shared.json, quiet: shared.quiet, paint: Paint::stdout() }
    }

    /// Prints a result: `value` as one line of JSON, or the text.
    pub fn result<T: Serialize>(&self, value: &T, text: impl FnOnce(Paint) -> String) -> Result<()> {
        if self.json { self.line(&json(value)?) } else { self.text(&text(self.paint)) }
    }

    /// Prints text as it is.
    pub fn text(&self, text: &str) -> Result<()> {
        written(std::io::stdout().lock().write_all(text.as_bytes()))
    }

    /// Prints a line and flushes it.
    pub fn line(&self, line: &str) -> Result<()> {
        let mut stdout = std::io::stdout().lock();
        written(writeln!(stdout, "{line}").and_then(|()| stdout.flush()))
    }

    /// A line for people beside the result, on stderr.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.say(text);
        }
    }

    /// A line for people beside the result, on stderr, which is said in quiet too: it explains how the process ends.
    pub fn say(&self, text: &str) {
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// Says on stderr what should be known of a result.
    pub fn warn(&self, warnings: &[String]) {
        for warning in warnings {
            self.note(&format!("warning: {warning}"));
        }
    }

    /// Prints a problem and says how the process ends.
    pub fn problem(&self, problem: &Problem) -> Exit {
        self.problems(std::slice::from_ref(problem))
    }

    /// Prints several problems; the first decides how the process ends.
    pub fn problems(&self, problems: &[Problem]) -> Exit {
        self.ended(problems, Map::new())
    }

    /// The same with a report of what went before, which JSON holds beside the problems.
    pub fn unfinished(&self, problems: &[Problem], report: &Unfinished) -> Exit {
        self.ended(problems, object(report))
    }

    fn ended(&self, problems: &[Problem], report: Map<String, Value>) -> Exit {
        let paint = Paint::stderr();
        let mut stderr = std::io::stderr().lock();
        for (index, problem) in problems.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            let _ = write!(stderr, "{gap}{}", render(problem, paint));
        }
        if !self.quiet && !problems.is_empty() {
            let _ = writeln!(stderr, "{}", more(problems, paint));
        }
        if self.json {
            told(problems, report);
        }
        problems.first().map_or(Exit::Failed, |first| Exit::of(first.kind()))
    }
}

/// Where more is said of problems.
fn more(problems: &[Problem], paint: Paint) -> String {
    let mut codes: Vec<&str> = problems.iter().map(Problem::code).collect();
    codes.sort_unstable();
    codes.dedup();
    match codes.as_slice() {
        [code] => paint.dim(&format!("`ropeway why {code}` says more")),
        _ => paint.dim("`ropeway why CODE` says more of each"),
    }
}

/// The report of a run that came to no end, by its names.
pub fn object(report: &Unfinished) -> Map<String, Value> {
    match serde_json::to_value(report) {
        Ok(Value::Object(report)) => report,
        // It has names for keys and finite or null numbers: there is nothing to fail. The problems are what counts.
        _ => Map::new(),
    }
}

/// Prints problems, and what is known beside them, as one object on the last line of stdout.
pub fn told(problems: &[Problem], report: Map<String, Value>) {
    let Some(first) = problems.first() else { return };
    let mut object = report;
    object.insert("status".into(), ended_as(first.kind()).into());
    object.insert("problem".into(), json!(first));
    object.insert("problems".into(), json!(problems));
    let object = Value::Object(object);
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{object}").and_then(|()| stdout.flush());
}

/// One line of JSON.
pub fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Problem::internal(format!("writing JSON: {error}")))
}

/// A reader that has gone away (`| head`) ends the output without a complaint.
fn written(result: std::io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| Problem::io("writing to stdout", &error)),
    }
}
