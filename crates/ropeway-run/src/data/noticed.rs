//! Of which sources something may be noticed where their files are read: what an earlier build recorded of them says nothing of it.

use ropeway_source::{FileRead, Format, SourceSettings};

/// The version of what is noticed.
pub(super) const VERSION: &str = "noticed/1";

/// Files with lines of names and with quotes, and those whose last lines are passed over.
pub(super) fn may_be(settings: &SourceSettings, files: &[FileRead]) -> bool {
    let format = |file: &FileRead| settings.format.or_else(|| Format::of_name(&file.name));
    let delimited = |file: &FileRead| !matches!(format(file), Some(Format::Jsonl | Format::Parquet));
    settings.skip_footer > 0 || files.iter().any(delimited)
}

#[cfg(test)]
mod tests {
    use ropeway_vocab::Digest;

    use super::*;

    #[test]
    fn nothing_is_noticed_of_files_without_header_and_quotes() {
        let may_be = |name: &str, change: fn(&mut SourceSettings)| {
            let mut settings = SourceSettings::of_file(name);
            change(&mut settings);
            may_be(&settings, &[FileRead { name: name.into(), digest: Digest::of(b""), bytes: 0 }])
        };
        for (name, expect) in [("a.csv", true), ("a.xlsx", true), ("a.parquet", false), ("a.jsonl.gz", false)] {
            assert_eq!(may_be(name, |_| ()), expect, "{name}");
        }
        assert!(may_be("a.jsonl", |settings| settings.skip_footer = 1));
        assert!(!may_be("a.csv", |settings| settings.format = Some(Format::Jsonl)));
    }
}
