//! The files of the repository as git sees them, and what cargo says of its crates.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::source::Source;

/// What the rules look at.
pub struct Repository {
    /// Every text file that git tracks or would track, in order of its path.
    pub texts: Vec<Text>,
    /// The Rust files among them.
    pub sources: Vec<Source>,
    /// What `cargo metadata --no-deps` prints.
    pub metadata: Value,
    /// Where it lies.
    pub root: PathBuf,
}

/// A text file.
pub struct Text {
    /// Relative to the repository, with `/`.
    pub path: String,
    pub text: String,
}

impl Repository {
    /// Reads the repository that this crate belongs to.
    pub fn open() -> Result<Self, String> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
        let root = here.parent().filter(|p| p.join("Cargo.toml").is_file()).unwrap_or(Path::new(".")).to_path_buf();
        let listed = output(&root, "git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
        let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
        paths.sort_unstable();
        paths.dedup();
        // What is deleted but still listed, or not text, has nothing to say here.
        let read = |path: &&str| {
            let text = std::fs::read_to_string(root.join(path)).ok()?;
            Some(Text { path: (*path).to_owned(), text })
        };
        let texts: Vec<Text> = paths.iter().filter_map(read).collect();
        let sources = texts
            .iter()
            .filter(|text| text.path.ends_with(".rs"))
            .map(|text| Source::new(&text.path, &text.text))
            .collect();
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let metadata = output(&root, &cargo, &["metadata", "--format-version", "1", "--no-deps", "--offline"])?;
        let metadata = serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
        Ok(Self { texts, sources, metadata, root })
    }
}

/// What a program prints, or what it complains of.
pub fn output(root: &Path, program: &str, arguments: &[&str]) -> Result<String, String> {
    let doing = || format!("{program} {}", arguments.join(" "));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root)
        // By it help is wrapped, and the terminal in front of which somebody sits is to change no page.
        .env("COLUMNS", "100")
        .output()
        .map_err(|error| format!("{}: {error}", doing()))?;
    if !output.status.success() {
        return Err(format!("{}: {}", doing(), String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{}: {error}", doing()))
}
