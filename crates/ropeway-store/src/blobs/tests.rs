//! What a user of blobs would miss: durability, deduplication, healing, and clear words about damage.

use super::*;
use crate::faulty::FaultyDisk;

fn blobs(disk: &FaultyDisk) -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(folder.path().join(".ropeway/blobs"), Arc::new(disk.clone()), Durability::Synced).unwrap();
    (folder, blobs)
}

fn leftovers(blobs: &Blobs) -> usize {
    std::fs::read_dir(blobs.tmp()).unwrap().count()
}

#[test]
fn gives_back_what_was_put_in_either_encoding() {
    let (_folder, blobs) = blobs(&FaultyDisk::default());
    for bytes in [&b""[..], b"ropeway", &[0; 300_000]] {
        for encoding in [Encoding::Plain, Encoding::Zstd] {
            let digest = blobs.put(bytes, encoding).unwrap();
            assert_eq!(digest, Digest::of(bytes));
            assert_eq!(blobs.get(&digest).unwrap(), bytes);
            assert!(blobs.has(&digest));
        }
    }
    assert_eq!(leftovers(&blobs), 0);
}

#[test]
fn the_same_bytes_are_written_once() {
    let disk = FaultyDisk::default();
    let (_folder, blobs) = blobs(&disk);
    let digest = blobs.put(b"same", Encoding::Plain).unwrap();
    let syncs = disk.syncs();
    assert_eq!(blobs.put(b"same", Encoding::Zstd).unwrap(), digest);
    assert_eq!(disk.syncs(), syncs);
}

#[test]
fn only_plain_blobs_have_a_path() {
    let (_folder, blobs) = blobs(&FaultyDisk::default());
    let plain = blobs.put(b"plain", Encoding::Plain).unwrap();
    let packed = blobs.put(b"packed", Encoding::Zstd).unwrap();
    assert_eq!(std::fs::read(blobs.path_of(&plain).unwrap()).unwrap(), b"plain");
    assert_eq!(blobs.path_of(&packed), None);
}

#[test]
fn every_flipped_byte_is_found_and_healed_by_another_put() {
    let (_folder, blobs) = blobs(&FaultyDisk::default());
    let bytes: Vec<u8> = (0..200_u8).collect();
    for encoding in [Encoding::Plain, Encoding::Zstd] {
        let digest = blobs.put(&bytes, encoding).unwrap();
        let path = blobs.file(&digest, encoding);
        let sound = std::fs::read(&path).unwrap();
        for at in 0..sound.len() {
            let mut flipped = sound.clone();
            flipped[at] ^= 0x10;
            std::fs::write(&path, &flipped).unwrap();
            match blobs.get(&digest) {
                Ok(read) => assert_eq!(read, bytes, "byte {at} is not content"),
                Err(problem) => {
                    assert_eq!(problem.kind(), Kind::Corrupt);
                    assert!(problem.to_string().contains(".ropeway/blobs/"), "{problem}");
                    assert_eq!(blobs.find(&digest).unwrap(), None);
                }
            }
        }
        for cut in 0..sound.len() {
            std::fs::write(&path, &sound[..cut]).unwrap();
            assert_eq!(blobs.get(&digest).unwrap_err().kind(), Kind::Corrupt, "cut at {cut}");
        }
        assert_eq!(blobs.put(&bytes, encoding).unwrap(), digest);
        assert_eq!(blobs.get(&digest).unwrap(), bytes);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(blobs.get(&digest).unwrap_err().kind(), Kind::NotFound);
    }
}

#[test]
fn a_full_disk_says_so_and_leaves_nothing_half_written() {
    let disk = FaultyDisk::default();
    let (_folder, blobs) = blobs(&disk);
    disk.fill_after(10);
    let problem = blobs.put(&[7; 100], Encoding::Plain).unwrap_err();
    assert_eq!(problem.kind(), Kind::Io);
    assert!(problem.to_string().contains("the disk is full"), "{problem}");
    assert!(!blobs.has(&Digest::of(&[7; 100])));
    assert_eq!(leftovers(&blobs), 0);
    disk.heal();
    blobs.put(&[7; 100], Encoding::Plain).unwrap();
}

#[test]
fn an_unconfirmed_sync_is_an_error() {
    let disk = FaultyDisk::default();
    let (_folder, blobs) = blobs(&disk);
    disk.fail_syncs();
    assert_eq!(blobs.put(b"x", Encoding::Plain).unwrap_err().kind(), Kind::Io);
    assert!(!blobs.has(&Digest::of(b"x")));
}

#[test]
fn a_read_only_folder_is_found_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FaultyDisk::default();
    let open = || Blobs::open(folder.path().join(".ropeway/blobs"), Arc::new(disk.clone()), Durability::Synced);
    open().unwrap();
    disk.make_read_only();
    let problem = open().unwrap_err();
    assert_eq!(problem.kind(), Kind::Io);
    assert!(problem.to_string().contains("read-only"), "{problem}");
}

#[test]
fn a_deleted_folder_is_made_again() {
    let (_folder, blobs) = blobs(&FaultyDisk::default());
    blobs.put(b"one", Encoding::Plain).unwrap();
    std::fs::remove_dir_all(&blobs.folder).unwrap();
    assert_eq!(blobs.find(&Digest::of(b"one")).unwrap(), None);
    let digest = blobs.put(b"one", Encoding::Plain).unwrap();
    assert_eq!(blobs.get(&digest).unwrap(), b"one");
}

#[test]
fn many_writers_of_the_same_and_of_other_bytes_agree() {
    let (_folder, blobs) = blobs(&FaultyDisk::default());
    std::thread::scope(|scope| {
        for writer in 0..8_u8 {
            let blobs = &blobs;
            scope.spawn(move || {
                for i in 0..20_u8 {
                    blobs.put(&[i; 100], Encoding::Zstd).unwrap();
                    blobs.put(&[writer, i], Encoding::Plain).unwrap();
                }
            });
        }
    });
    for i in 0..20_u8 {
        assert_eq!(blobs.get(&Digest::of(&[i; 100])).unwrap(), [i; 100]);
    }
    assert_eq!(leftovers(&blobs), 0);
}
