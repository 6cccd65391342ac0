//! A user-visible change brings a fragment `changelog.d/NAME.KIND.md`, from which the release's changelog
//! is put together.

use crate::finding::Finding;
use crate::repository::Text;

const FOLDER: &str = "changelog.d/";
const KINDS: [&str; 5] = ["added", "changed", "fixed", "removed", "security"];

pub fn check(texts: &[Text]) -> Vec<Finding> {
    let fragments = texts.iter().filter_map(|text| Some((text, text.path.strip_prefix(FOLDER)?)));
    fragments.filter_map(|(text, name)| Some(Finding::new(&text.path, 0, wrong(name, &text.text)?))).collect()
}

fn wrong(name: &str, text: &str) -> Option<String> {
    if name == "README.md" {
        return None;
    }
    let parts: Vec<&str> = name.split('.').collect();
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    match parts[..] {
        [title, kind, "md"] if plain(title) && KINDS.contains(&kind) => {
            text.trim().is_empty().then(|| "the fragment is empty; say what changed for the user".to_owned())
        }
        _ => Some(format!("a fragment is named `name-of-change.KIND.md`, KIND one of {}", KINDS.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misnamed_and_empty_fragments_are_found() {
        let text = |path: &str, text: &str| Text { path: path.into(), text: text.into() };
        let texts = [
            text("changelog.d/as-of-lookups.added.md", "Lookups as of a time."),
            text("changelog.d/README.md", ""),
            text("changelog.d/empty.fixed.md", " \n"),
            text("changelog.d/As_Of.added.md", "x"),
            text("changelog.d/thing.improved.md", "x"),
            text("changelog.d/thing.md", "x"),
            text("docs/thing.md", ""),
        ];
        let found: Vec<String> = check(&texts).into_iter().map(|f| f.file).collect();
        let expect = ["empty.fixed.md", "As_Of.added.md", "thing.improved.md", "thing.md"];
        assert_eq!(found, expect.map(|name| format!("{FOLDER}{name}")));
    }
}
