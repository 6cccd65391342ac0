//! Members of ZIP archives, as files of a source: each is a range of the archive's bytes.

use std::fs::File;
use std::io::{BufReader, Read};

use ropeway_vocab::{Kind, Problem, Result};
use zip::{CompressionMethod, ZipArchive};

use crate::file::found::{Part, SourceFile, last_part, tables_among};

/// Members that a message names.
const SHOWN: usize = 5;

/// Whether a file begins as a ZIP archive does.
pub(crate) fn is_zip(file: &SourceFile) -> Result<bool> {
    let failed = |error| Problem::io(format_args!("opening {}", file.name), &error).at(file.place());
    let mut magic = Vec::new();
    file.open().and_then(|opened| opened.take(4).read_to_end(&mut magic)).map_err(failed)?;
    Ok(magic == b"PK\x03\x04" || magic == b"PK\x05\x06")
}

/// The files of which a source made of `file` consists: itself, or the tables in it where it is a ZIP archive.
pub(crate) fn expanded(file: SourceFile) -> Result<Vec<SourceFile>> {
    if !is_zip(&file)? {
        return Ok(vec![file]);
    }
    let members = members(&file)?;
    if members.iter().any(|member| member.name.ends_with("/xl/workbook.xml")) {
        return Ok(vec![file]);
    }
    let shown = |members: &[SourceFile]| {
        let prefix = file.name.len() + 1;
        let names = members.iter().map(|member| format!("`{}`", member.name.get(prefix..).unwrap_or_default()));
        let more = if members.len() > SHOWN { ", ..." } else { "" };
        names.take(SHOWN).collect::<Vec<_>>().join(", ") + more
    };
    let what = match members.len() {
        0 => "the archive is empty".to_owned(),
        count => format!("the archive has {count} members and no table: {}", shown(&members)),
    };
    tables_among(members).map_err(|others| {
        let what = match others.as_slice() {
            [] => what,
            _ => format!("the archive holds tables of different formats: {}", shown(&others)),
        };
        Problem::invalid("archive", what)
            .at(file.place())
            .remedy("unpack it and name the file that holds the table; an archive of one table, or of several equal ones, is read as it is")
    })
}

/// All members but folders and what a Mac adds.
pub(crate) fn members(file: &SourceFile) -> Result<Vec<SourceFile>> {
    let damaged = |error: zip::result::ZipError| {
        Problem::new(Kind::Corrupt, "damaged-file", format!("the ZIP archive is damaged: {error}"))
            .at(file.place())
            .remedy("fetch the file again; nothing of it was used")
    };
    let opened = File::open(&file.path).map_err(|error| Problem::io(format_args!("opening {}", file.name), &error))?;
    let mut archive = ZipArchive::new(BufReader::new(opened)).map_err(damaged)?;
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(damaged)?;
        let name = member.name().map_err(damaged)?.replace('\\', "/");
        let hidden = name.starts_with("__MACOSX/") || last_part(&name).starts_with('.');
        if member.is_dir() || hidden {
            continue;
        }
        let refuse = |what: &str| {
            let what = format!("its member `{name}` is {what}");
            Err(Problem::invalid("archive", what).at(file.place()).remedy("unpack it, and name the unpacked file"))
        };
        if member.encrypted() {
            return refuse("encrypted");
        }
        let deflated = match member.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            _ => return refuse("packed in a way that is not read"),
        };
        let Some(start) = member.data_start() else { return refuse("not to be found in it") };
        let part = Part { start, length: member.compressed_size(), deflated, crc: member.crc32() };
        let (path, name) = (file.path.clone(), format!("{}/{name}", file.name));
        found.push(SourceFile { path, name, part: Some(part), sheet: None });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;
    use std::path::Path;

    use zip::write::SimpleFileOptions;

    use super::*;

    /// Writes an archive of these members.
    pub(crate) fn pack(path: &Path, members: &[(&str, &[u8])]) {
        let mut writer = zip::ZipWriter::new(File::create(path).unwrap());
        for (index, (name, bytes)) in members.iter().enumerate() {
            let method = if index == 1 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
    }

    fn names(members: &[(&str, &[u8])]) -> Result<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.zip");
        pack(&path, members);
        let files = expanded(SourceFile::at(&path, Some(folder.path())))?;
        Ok(files.into_iter().map(|file| file.name).collect())
    }

    #[test]
    fn one_table_or_several_of_a_format_are_the_files() {
        assert_eq!(names(&[("a.csv", b"x\n")]).unwrap(), ["x.zip/a.csv"]);
        let several: [(&str, &[u8]); 5] = [
            ("2/b.csv", b"x\n"),
            ("1/a.csv", b"x\n"),
            ("README.txt", b"hi"),
            ("__MACOSX/._a.csv", b"?"),
            (".x.csv", b"?"),
        ];
        assert_eq!(names(&several).unwrap(), ["x.zip/1/a.csv", "x.zip/2/b.csv"]);
        assert_eq!(names(&[("a.txt", b"x\n")]).unwrap(), ["x.zip/a.txt"]);
    }

    #[test]
    fn an_archive_without_a_table_or_with_unlike_ones_is_refused() {
        let check = |members: &[(&str, &[u8])], says: &str| {
            let problem = names(members).unwrap_err();
            assert!(problem.to_string().contains(says) && problem.advice().is_some(), "{problem}");
        };
        check(&[], "empty");
        check(&[("a.pdf", b"x")], "no table: `a.pdf`");
        check(&[("a.csv", b"x"), ("b.jsonl", b"{}")], "different formats: `a.csv`, `b.jsonl`");
    }

    #[test]
    fn a_damaged_archive_is_corrupt() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.zip");
        pack(&path, &[("a.csv", "a,b\n1,2\n".repeat(100).as_bytes())]);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 10]).unwrap();
        let problem = expanded(SourceFile::at(&path, None)).unwrap_err();
        assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "damaged-file"), "{problem}");
    }
}
