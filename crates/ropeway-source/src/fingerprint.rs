//! The digests of a source's files without reading their rows: whether anything changed since they were read.

use std::io::Read;
use std::path::Path;

use ropeway_vocab::{Digest, Problem, Result};

use crate::discover::found;
use crate::read::FileRead;
use crate::settings::SourceSettings;
use crate::spec::SourceSpec;

/// The files of the source called `name` under the folder `root`, each with the digest of its bytes, the same as
/// [`FileRead::digest`] after reading it.
///
/// # Errors
/// Settings that cannot be, a path without files, a file that cannot be read.
pub fn fingerprint(name: &str, settings: &SourceSettings, root: &Path) -> Result<Vec<FileRead>> {
    let spec = SourceSpec::new(name, settings)?;
    let of = |file: &crate::file::found::SourceFile| {
        let failed = |error: std::io::Error| Problem::io(format_args!("reading {}", file.name), &error);
        let mut reader = file.open().map_err(failed)?;
        let mut hasher = blake3::Hasher::new();
        let (mut block, mut bytes) = (vec![0; 1 << 20], 0);
        loop {
            match reader.read(&mut block).map_err(failed)? {
                0 => break,
                count => {
                    hasher.update(&block[..count]);
                    bytes += count as u64;
                }
            }
        }
        Ok(FileRead { name: file.name.clone(), digest: Digest::from_bytes(*hasher.finalize().as_bytes()), bytes })
    };
    found(&spec, root)?.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_bytes_and_not_the_times() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let settings = SourceSettings::of_file("*.csv");
        let look = |text: &str| {
            std::fs::write(&path, text).unwrap();
            fingerprint("a", &settings, folder.path()).unwrap()
        };
        let first = look("x\n1\n");
        assert_eq!(first, look("x\n1\n"));
        assert_ne!(first, look("x\n2\n"));
        assert_eq!((first[0].name.as_str(), first[0].bytes), ("a.csv", 4));
        assert_eq!(look("x\n1\n"), crate::read("a", &settings, folder.path()).unwrap().files);
    }
}
