//! `ropeway` without a command: where things stand here, and what to do next.

use ropeway_project::{FILE, Project};
use ropeway_vocab::Result;
use serde_json::json;

use crate::cli::Shared;
use crate::exit::Exit;
use crate::output::Output;
use crate::render::paint::Paint;
use crate::render::problem::render;
use crate::sections::examine;

/// Says it.
pub fn say(shared: &Shared, output: &Output) -> Result<Exit> {
    let root = &shared.project;
    let (state, text) = if !root.join(FILE).exists() {
        ("no-project", no_project())
    } else {
        match examine(root) {
            Err(problems) => {
                let first = problems.first().map(|problem| render(problem, output.paint)).unwrap_or_default();
                let more = problems.len().saturating_sub(1);
                ("broken", broken(&first, more))
            }
            Ok(project) if !root.join(".ropeway").join("ropeway.db").exists() => {
                ("never-run", never_run(project.name(), output.paint))
            }
            Ok(project) => ("run", has_run(project.name(), has_key(&project), output.paint)),
        }
    };
    output.result(&json!({ "state": state, "next": commands(&text) }), |_| text.clone())?;
    Ok(Exit::Done)
}

fn no_project() -> String {
    "There is no project in this folder yet. Start one from a table (CSV, Excel, JSON lines or Parquet):\n\n  \
     ropeway profile FILE                says what it holds, and writes nothing\n  \
     ropeway init FILE --label COLUMN    writes a project that runs\n\n\
     or name the folder of one with -C DIR. `ropeway --help` lists all commands.\n"
        .into()
}

fn broken(first: &str, more: usize) -> String {
    let more = if more == 0 { String::new() } else { format!("and {more} more problems\n") };
    format!(
        "{first}{more}\nMend ropeway.toml, then:\n\n  ropeway check    says all that is wrong before anything is trained\n"
    )
}

fn never_run(name: &str, paint: Paint) -> String {
    format!(
        "Project {} has not been run yet. Next:\n\n  \
         ropeway check            says all that can be said before any training\n  \
         ropeway check --prove    proves that no example sees the future\n  \
         ropeway run              trains, evaluates, packages and registers a model\n",
        paint.strong(name)
    )
}

/// Whether an example can be named: by a key of its own, of its table, or of a source whose rows it comes from.
fn has_key(project: &Project) -> bool {
    let settings = &project.settings;
    let of_table = settings.table.get(&settings.examples.table).is_some_and(|table| !table.key.is_empty());
    !settings.examples.key.is_empty() || of_table || settings.source.values().any(|source| !source.key.is_empty())
}

fn has_run(name: &str, key: bool, paint: Paint) -> String {
    let explain = match key {
        true => format!("  ropeway explain {name} --key KEY    why an example gets its score\n"),
        false => String::new(),
    };
    format!(
        "Project {}. What you can do:\n\n  \
         ropeway run --final                         bring the model up to date and open the holdout\n  \
         ropeway runs                                what was run; `ropeway show` shows the last\n  \
         ropeway models                              versions, and which one is the champion\n  \
         ropeway serve                               answer over HTTP\n  \
         ropeway query \"SELECT * FROM examples LIMIT 5\"\n  \
         ropeway predict {name} --in FILE --out FILE    score the rows of a file\n{explain}",
        paint.strong(name)
    )
}

/// The commands that a text proposes, one an indented line.
fn commands(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("  ropeway"))
        .map(|rest| format!("ropeway{}", rest.split("    ").next().unwrap_or_default().trim_end()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposed_commands_are_commands() {
        let text = format!("{}{}", never_run("x", Paint::PLAIN), has_run("x", true, Paint::PLAIN));
        let known: Vec<String> =
            crate::cli::definition().get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let proposed = commands(&text);
        assert!(proposed.len() >= 8, "{proposed:?}");
        for command in proposed {
            let word = command.split(' ').nth(1).unwrap_or_default().to_owned();
            assert!(known.contains(&word), "{command}");
        }
    }
}
