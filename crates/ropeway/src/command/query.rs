//! `ropeway query "SELECT ..." [--out FILE]`.

use std::path::PathBuf;

use arrow::array::RecordBatch;
use ropeway_run::QueryAnswer;
use ropeway_vocab::Result;
use serde_json::json;

use super::table::hidden;
use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::progress::during;
use crate::render::number::count;
use crate::rows;
use crate::sections::load_tables;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  ropeway query \"SELECT carrier, count(*) FROM flights_clean GROUP BY carrier ORDER BY 2 DESC\"
  ropeway query \"SELECT * FROM examples WHERE carrier = 'UA' LIMIT 5\"
  ropeway query \"SELECT * FROM examples\" --out examples.parquet

Every source and table is there under its name, and `examples` has what `ropeway examples` shows. The column `label` \
of `examples` is missing in the rows of the holdout. Sources and tables are whole: a column that the label is made of is theirs, \
for the holdout, too, and joining it to `examples` is a look at the holdout that nobody counts. \
Personal columns are left out unless --personal says otherwise. The time at which a row became \
known is its last column, known_at; where a table has \
a column of this name itself, it is __known_at.")]
pub struct Args {
    /// One SELECT
    sql: String,
    /// Write all rows to a file, .csv, .jsonl or .parquet, instead of showing some
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many rows to show
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Let the query read personal columns, too
    #[arg(long)]
    personal: bool,
}

/// Answers the query.
pub async fn run(args: &Args, shared: &Shared, output: &Output) -> Result<Exit> {
    let project = load_tables(&shared.project)?;
    let answer =
        during(output, "the tables of the query", ropeway_run::query(&project, &args.sql, args.personal)).await;
    let answer = answer.map_err(|problem| project.located(problem))?;
    let QueryAnswer { batches, hidden_labels, left_out } = answer;
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out.iter().map(String::as_str).collect();
        output.note(&format!("personal columns are left out: {}; --personal reads them, too", names.join(", ")));
    }
    if hidden_labels > 0 {
        output.note(&hidden(hidden_labels));
    }
    let total: usize = batches.iter().map(RecordBatch::num_rows).sum();
    if let Some(out) = &args.out {
        rows::write(out, &batches)?;
        let report = json!({ "rows": total, "out": out, "hidden_labels": hidden_labels, "left_out": left_out });
        output.result(&report, |_| format!("{} rows written to {}\n", count(total as u64), out.display()))?;
        return Ok(Exit::Done);
    }
    let shown = rows::first(&batches, args.limit);
    if output.json {
        let (columns, rows) = (rows::columns(&shown), rows::as_json(&shown)?);
        let report = json!({ "columns": columns, "rows": rows, "total": total, "hidden_labels": hidden_labels, "left_out": left_out });
        output.line(&report.to_string())?;
    } else {
        output.text(&rows::as_text(&shown)?)?;
        if total > args.limit {
            output.note(&format!(
                "{} of {} rows; --limit shows more, --out FILE writes all",
                count(args.limit as u64),
                count(total as u64)
            ));
        }
    }
    Ok(Exit::Done)
}
