//! Writes into the pages of `docs/` what the binary says of itself, so that a reference never says anything else: the
//! keys of a section of the project file between `<!-- keys SECTION -->` and `<!-- end -->`, the help of a command
//! between `<!-- help COMMAND -->` and `<!-- end -->`. What stands around them is written by hand.

mod keys;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::repository::{Repository, output};

/// Where the pages are.
const FOLDER: &str = "docs/";
const END: &str = "<!-- end -->";

/// What a page may ask for.
struct Told {
    root: PathBuf,
    binary: String,
    schema: Value,
}

/// Whether all pages say what the binary says. Without `check` they are written until they do.
pub fn run(check: bool) -> Result<bool, String> {
    let repository = Repository::open()?;
    let target = repository.metadata["target_directory"].as_str().unwrap_or("target");
    let binary = Path::new(target).join("release").join("ropeway").display().to_string();
    let schema =
        output(&repository.root, &binary, &["schema"]).map_err(|error| format!("{error}; `make build` first"))?;
    let schema = serde_json::from_str(&schema).map_err(|error| format!("ropeway schema: {error}"))?;
    let told = Told { root: repository.root.clone(), binary, schema };
    let mut sound = true;
    let mut filled = Vec::new();
    for page in repository.texts.iter().filter(|text| text.path.starts_with(FOLDER) && text.path.ends_with(".md")) {
        let text = written(&page.text, |kind, name| {
            filled.push(format!("{kind} {name}"));
            told.block(kind, name)
        })
        .map_err(|error| format!("{}: {error}", page.path))?;
        if text == page.text {
            continue;
        }
        if check {
            println!("{}: says something else than the binary: make docs", page.path);
            sound = false;
        } else {
            std::fs::write(told.root.join(&page.path), text).map_err(|error| format!("{}: {error}", page.path))?;
            println!("{}: written", page.path);
        }
    }
    for missing in told.all()?.into_iter().filter(|name| !filled.contains(name)) {
        println!("{FOLDER}: no page has `<!-- {missing} -->`: add it, and `{END}` after it");
        sound = false;
    }
    Ok(sound)
}

/// A page with what `block` says between each pair of marks.
fn written(page: &str, mut block: impl FnMut(&str, &str) -> Result<String, String>) -> Result<String, String> {
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let mark = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let Some((kind, name)) = mark.and_then(|mark| mark.split_once(' ')) else { continue };
        out.push_str(&block(kind, name)?);
        if !lines.any(|line| line == END) {
            return Err(format!("`{line}` has no `{END}`"));
        }
        out.push_str(END);
        out.push('\n');
    }
    Ok(out)
}

impl Told {
    fn block(&self, kind: &str, name: &str) -> Result<String, String> {
        match kind {
            "keys" => keys::of_section(&self.schema, name),
            "help" => self.help(name),
            _ => Err(format!("`<!-- {kind} {name} -->` is no mark: `keys SECTION` and `help COMMAND` are")),
        }
    }

    fn help(&self, command: &str) -> Result<String, String> {
        let help = output(&self.root, &self.binary, &[command, "--help"])?;
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        Ok(format!("```text\n{}\n```\n", lines.join("\n").trim_end()))
    }

    /// Every mark that some page must have.
    fn all(&self) -> Result<Vec<String>, String> {
        let sections = self.schema["properties"].as_object().into_iter().flatten();
        let mut all: Vec<String> = sections.map(|(name, _)| format!("keys {name}")).collect();
        let help = output(&self.root, &self.binary, &["--help"])?;
        let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        all.extend(commands.filter_map(|line| line.split_whitespace().next()).map(|name| format!("help {name}")));
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    fn block(kind: &str, name: &str) -> Result<String, String> {
        Ok(format!("the {kind} of {name}\n"))
    }

    #[test]
    fn only_what_stands_between_marks_is_replaced() {
        let page = "# By hand\n\n<!-- keys split -->\nold\nlines\n<!-- end -->\n\n<!-- a remark, -->\nby hand\n";
        let expected = "# By hand\n\n<!-- keys split -->\nthe keys of split\n<!-- end -->\n\n";
        let text = written(&page.replace("\n<!-- a remark, -->\n", "\n"), block).unwrap();
        assert_eq!(text, format!("{expected}by hand\n"));
        assert_eq!(written(&text, block).unwrap(), text, "the second time changes nothing");
    }

    #[test]
    fn a_mark_without_an_end_is_refused() {
        assert!(written("<!-- keys split -->\nold\n", block).unwrap_err().contains("has no"));
    }
}
