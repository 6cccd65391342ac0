//! What a user of the log would miss: order, grouping, refusal after a failure, and a single writer.

use super::*;
use crate::faulty::FaultyDisk;

/// Waits for all answers, in a runtime of its own.
fn all(answers: Vec<impl Future<Output = Result<()>>>) -> Vec<Result<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    answers.into_iter().map(|answer| runtime.block_on(answer)).collect()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("posts/facts.log");
    (folder, path)
}

fn open(path: &Path, disk: &FaultyDisk) -> Result<(AppendLog, Recovered)> {
    AppendLog::open_on(path, &(Arc::new(disk.clone()) as Arc<dyn Disk>))
}

#[test]
fn gives_back_its_records_in_order() {
    let (_folder, path) = folder();
    let (log, recovered) = AppendLog::open(&path).unwrap();
    assert_eq!(recovered, Recovered::default());
    let sent: Vec<Vec<u8>> = (0..100_u8).map(|i| vec![i; usize::from(i)]).collect();
    let answers: Vec<_> = sent.iter().map(|record| log.append(record.clone())).collect();
    assert!(all(answers).iter().all(Result::is_ok));
    assert_eq!(AppendLog::read(&path).unwrap().records, sent);
    log.append_blocking(b"last".to_vec()).unwrap();
    drop(log);
    let (_, recovered) = AppendLog::open(&path).unwrap();
    assert_eq!((recovered.records.len(), recovered.truncated_bytes), (101, 0));
    assert_eq!(recovered.records[..100], sent);
}

#[test]
fn a_log_that_is_not_there_reads_as_empty() {
    let (_folder, path) = folder();
    assert_eq!(AppendLog::read(&path).unwrap(), Recovered::default());
}

#[test]
fn appends_that_wait_together_share_a_sync() {
    let (_folder, path) = folder();
    let disk = FaultyDisk::default();
    let (log, _) = open(&path, &disk).unwrap();
    let before = disk.syncs();
    let answers: Vec<_> = (0..2_000_u32).map(|i| log.append(i.to_le_bytes().to_vec())).collect();
    assert!(all(answers).iter().all(Result::is_ok));
    let syncs = disk.syncs() - before;
    assert!(syncs < 1_000, "{syncs} syncs for 2,000 records");
}

#[test]
fn records_of_many_threads_are_all_kept_each_in_its_own_order() {
    let (_folder, path) = folder();
    let (log, _) = AppendLog::open(&path).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8_u8 {
            let log = &log;
            scope.spawn(move || (0..50_u8).for_each(|i| log.append_blocking(vec![writer, i]).unwrap()));
        }
    });
    let records = AppendLog::read(&path).unwrap().records;
    for writer in 0..8 {
        let own: Vec<u8> = records.iter().filter(|record| record[0] == writer).map(|record| record[1]).collect();
        assert_eq!(own, (0..50).collect::<Vec<u8>>());
    }
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let (_folder, path) = folder();
    let (log, _) = AppendLog::open(&path).unwrap();
    log.append_blocking(b"one".to_vec()).unwrap();
    assert_eq!(AppendLog::open(&path).unwrap_err().kind(), Kind::Busy);
    assert_eq!(AppendLog::read(&path).unwrap().records, [b"one"]);
    drop(log);
    assert_eq!(AppendLog::open(&path).unwrap().1.records, [b"one"]);
}

#[test]
fn many_who_create_the_same_log_at_once_get_one_log() {
    let (_folder, path) = folder();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| AppendLog::open(&path))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let (open, refused): (Vec<_>, Vec<_>) = opened.into_iter().partition(Result::is_ok);
    assert_eq!(open.len(), 1);
    assert!(refused.into_iter().all(|refused| refused.unwrap_err().kind() == Kind::Busy));
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn on_a_full_disk_nobody_is_told_that_a_record_is_kept_and_the_rest_stays() {
    let (_folder, path) = folder();
    let disk = FaultyDisk::default();
    let (log, _) = open(&path, &disk).unwrap();
    log.append_blocking(b"kept".to_vec()).unwrap();
    disk.fill_after(20);
    let problem = log.append_blocking(vec![1; 100]).unwrap_err();
    assert_eq!(problem.kind(), Kind::Io);
    assert!(problem.to_string().contains("the disk is full"), "{problem}");
    disk.heal();
    assert_eq!(log.append_blocking(b"after".to_vec()).unwrap_err().kind(), Kind::Io);
    drop(log);
    let (log, recovered) = open(&path, &disk).unwrap();
    assert_eq!(recovered.records, [b"kept"]);
    log.append_blocking(b"again".to_vec()).unwrap();
    assert_eq!(AppendLog::read(&path).unwrap().records, [&b"kept"[..], b"again"]);
}

#[test]
fn a_sync_that_fails_closes_the_log() {
    let (_folder, path) = folder();
    let disk = FaultyDisk::default();
    let (log, _) = open(&path, &disk).unwrap();
    log.append_blocking(b"kept".to_vec()).unwrap();
    disk.fail_syncs();
    let answers: Vec<_> = (0..10_u8).map(|i| log.append(vec![i])).collect();
    assert!(all(answers).iter().all(Result::is_err));
    disk.heal();
    assert!(log.append_blocking(b"after".to_vec()).is_err());
    drop(log);
    assert_eq!(open(&path, &disk).unwrap().1.records, [b"kept"]);
}

#[test]
fn a_torn_tail_is_cut_off_and_counted() {
    let (_folder, path) = folder();
    let (log, _) = AppendLog::open(&path).unwrap();
    log.append_blocking(b"kept".to_vec()).unwrap();
    drop(log);
    let whole = std::fs::read(&path).unwrap();
    let mut tail = Vec::new();
    frame::push(b"written by half", &mut tail);
    for cut in 1..tail.len() {
        std::fs::write(&path, [&whole[..], &tail[..cut]].concat()).unwrap();
        assert_eq!(AppendLog::read(&path).unwrap().truncated_bytes, cut as u64);
        let (log, recovered) = AppendLog::open(&path).unwrap();
        assert_eq!((recovered.records, recovered.truncated_bytes), (vec![b"kept".to_vec()], cut as u64));
        log.append_blocking(b"next".to_vec()).unwrap();
        drop(log);
        assert_eq!(AppendLog::open(&path).unwrap().1.records, [b"kept", b"next"]);
    }
}

#[test]
fn a_whole_record_that_was_never_acknowledged_is_kept_and_protected_from_then_on() {
    let (_folder, path) = folder();
    drop(AppendLog::open(&path).unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    frame::push(b"whole", &mut bytes);
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(AppendLog::open(&path).unwrap().1.records, [b"whole"]);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(AppendLog::open(&path).unwrap_err().kind(), Kind::Corrupt);
}

#[test]
fn damage_in_the_middle_is_reported_with_its_place_and_nothing_is_changed() {
    let (_folder, path) = folder();
    let (log, _) = AppendLog::open(&path).unwrap();
    (0..3_u8).for_each(|i| log.append_blocking(vec![i; 50]).unwrap());
    drop(log);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[64 + 62 + 20] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let problem = AppendLog::open(&path).unwrap_err();
    assert_eq!(problem.kind(), Kind::Corrupt);
    assert!(problem.to_string().contains("record 2 of the log, at byte 126"), "{problem}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_record_above_the_limit_is_refused_and_the_log_goes_on() {
    let (_folder, path) = folder();
    let (log, _) = AppendLog::open(&path).unwrap();
    let problem = log.append_blocking(vec![0; frame::LONGEST + 1]).unwrap_err();
    assert_eq!(problem.kind(), Kind::TooLarge);
    log.append_blocking(b"fine".to_vec()).unwrap();
}

#[test]
fn a_read_only_folder_is_an_error_that_names_the_log() {
    let (_folder, path) = folder();
    let disk = FaultyDisk::default();
    disk.make_read_only();
    let problem = open(&path, &disk).unwrap_err();
    assert_eq!(problem.kind(), Kind::Io);
    assert!(problem.to_string().contains("facts.log"), "{problem}");
}
