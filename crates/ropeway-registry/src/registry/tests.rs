//! What a user of the registry would miss: one version a digest, a champion that deserves it, names that
//! resolve, and a record that comes back as it was written.

use ropeway_stat::{Estimate, Metric};
use ropeway_store::Encoding;
use ropeway_vocab::{Digest, FixedClock, Instant};

use super::*;
use crate::version::{FileLineage, Lineage, SourceLineage};
use crate::{GateOutcome, Holdout, Scorecard, holdout_rows};

pub(crate) async fn registry() -> (tempfile::TempDir, Registry) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join(".ropeway")).await.unwrap();
    let clock = Arc::new(FixedClock(Instant::from_micros(1_000_000)));
    (folder, Registry::open_with(&store, clock).await.unwrap())
}

/// A holdout of these rows.
pub(crate) fn holdout(registry: &Registry, name: &[u8], rows: &[u64]) -> Holdout {
    let rows = registry.store.blobs().put(&holdout_rows(rows.to_vec()), Encoding::Plain).unwrap();
    Holdout { digest: Digest::of(name), rows }
}

fn scorecard(value: f64) -> Scorecard {
    [(Metric::AveragePrecision, Estimate { value, low: value - 0.1, high: value + 0.1 })].into()
}

fn new(content: &str, gates: &[Option<bool>]) -> NewVersion {
    let file = FileLineage { name: "data/flights.csv.gz".into(), digest: Digest::of(b"file"), bytes: 7 };
    let source = SourceLineage { content: Digest::of(b"rows"), files: vec![file] };
    let gate = |passed: &Option<bool>| GateOutcome { that: "a gate".into(), passed: *passed, measured: Some(0.3) };
    NewVersion {
        run: "r1".into(),
        digest: Digest::of(content.as_bytes()),
        package: Digest::of(b"package"),
        validation: scorecard(0.4),
        holdout: None,
        gates: gates.iter().map(gate).collect(),
        sample: false,
        lineage: Lineage {
            sources: [("flights".to_owned(), source)].into(),
            seed: u64::MAX,
            ropeway: "0.1.0".into(),
            platform: "x86_64-linux".into(),
        },
    }
}

#[tokio::test]
async fn a_version_comes_back_as_it_was_registered() {
    let (_folder, registry) = registry().await;
    let given = NewVersion { holdout: Some(scorecard(0.5)), ..new("a", &[Some(true), None, Some(false)]) };
    let registered = registry.register("flights", given.clone()).await.unwrap();
    assert_eq!(registered, Registered { version: 1, new: true, champion: false, lost: None });
    let found = registry.resolve("flights@1").await.unwrap();
    assert_eq!((found.model.as_str(), found.version, found.run.as_str()), ("flights", 1, "r1"));
    assert_eq!((found.digest, found.package, found.sample), (given.digest, given.package, given.sample));
    assert_eq!((found.validation, found.holdout), (given.validation, given.holdout));
    assert_eq!((found.gates, found.lineage), (given.gates, given.lineage));
    assert_eq!((found.registered.micros(), found.aliases), (1_000_000, Vec::<String>::new()));
}

#[tokio::test]
async fn the_same_digest_again_is_the_same_version_and_may_open_the_holdout() {
    let (_folder, registry) = registry().await;
    registry.register("flights", new("a", &[None])).await.unwrap();
    registry.register("flights", new("b", &[None])).await.unwrap();
    let opened = NewVersion { holdout: Some(scorecard(0.5)), ..new("a", &[Some(true)]) };
    let again = registry.register("flights", opened).await.unwrap();
    assert_eq!(again, Registered { version: 1, new: false, champion: true, lost: None });
    let later = NewVersion { holdout: Some(scorecard(0.9)), ..new("a", &[Some(true)]) };
    registry.register("flights", later).await.unwrap();
    let found = registry.resolve("flights").await.unwrap();
    assert_eq!((found.version, found.holdout), (1, Some(scorecard(0.5))));
    assert_eq!(registry.list().await.unwrap()[0].versions.len(), 2);
}

#[tokio::test]
async fn only_a_version_whose_gates_all_passed_becomes_champion() {
    let (_folder, registry) = registry().await;
    let champion = async |given: NewVersion| registry.register("flights", given).await.unwrap().champion;
    assert!(!champion(new("open", &[Some(true), None])).await);
    assert!(!champion(new("failed", &[Some(true), Some(false)])).await);
    assert!(!champion(NewVersion { sample: true, ..new("sample", &[]) }).await);
    assert_eq!(registry.resolve("flights").await.unwrap().version, 3, "the newest where there is no champion");
    assert!(champion(new("passed", &[Some(true)])).await);
    assert!(!champion(new("later", &[Some(false)])).await);
    assert_eq!(registry.resolve("flights").await.unwrap().version, 4);
    assert_eq!(registry.resolve("flights@champion").await.unwrap().aliases, ["champion"]);
    assert!(champion(new("no gates", &[])).await);
}

#[tokio::test]
async fn champion_cannot_be_set_by_hand_where_it_may_not_be_and_can_be_rolled_back() {
    let (_folder, registry) = registry().await;
    registry.register("flights", new("one", &[Some(true)])).await.unwrap();
    registry.register("flights", new("two", &[Some(true)])).await.unwrap();
    registry.register("flights", new("failed", &[Some(false)])).await.unwrap();
    registry.register("flights", new("open", &[None])).await.unwrap();
    registry.register("flights", NewVersion { sample: true, ..new("sample", &[]) }).await.unwrap();
    for (version, why) in [(3, "failed"), (4, "--final"), (5, "sample")] {
        let problem = registry.set_alias("flights", CHAMPION, version).await.unwrap_err();
        assert_eq!(problem.kind(), Kind::Refused);
        assert!(problem.to_string().contains(why), "{problem}");
        registry.set_alias("flights", "candidate", version).await.unwrap();
    }
    registry.set_alias("flights", CHAMPION, 1).await.unwrap();
    registry.set_alias("flights", CHAMPION, 1).await.unwrap();
    assert_eq!(registry.resolve("champion").await.unwrap().version, 1);
    let history = registry.alias_history("flights").await.unwrap();
    let champions: Vec<u64> =
        history.iter().filter(|change| change.alias == CHAMPION).filter_map(|change| change.version).collect();
    assert_eq!(champions, [1, 2, 1]);
    let model = &registry.list().await.unwrap()[0];
    assert_eq!(model.aliases, [("candidate".to_owned(), 5), ("champion".to_owned(), 1)].into());
}

#[tokio::test]
async fn a_champion_of_which_a_gate_says_no_by_now_gives_way_to_the_one_before() {
    let (_folder, registry) = registry().await;
    let register = async |given: NewVersion| registry.register("flights", given).await.unwrap();
    for content in ["one", "two", "three"] {
        assert!(register(new(content, &[Some(true)])).await.champion);
    }
    // Version 2 has fallen meanwhile, without being champion: it cannot take over.
    assert_eq!(register(new("two", &[Some(false)])).await.lost, None);
    let open = register(new("three", &[None])).await;
    assert!(open.champion && open.lost.is_none(), "a gate that is not opened says nothing");
    let fallen = register(new("three", &[Some(true), Some(false)])).await;
    let lost = |heir| Some(Lost { gate: "a gate".into(), heir });
    assert_eq!((fallen.champion, fallen.lost), (false, lost(Some(1))));
    assert_eq!(registry.resolve("flights").await.unwrap().version, 1);
    assert_eq!(register(new("three", &[Some(false)])).await.lost, None, "it has nothing to lose any more");
    assert_eq!(register(new("one", &[Some(false)])).await.lost, lost(None));
    assert_eq!(registry.resolve("flights@champion").await.unwrap_err().code(), "unknown-alias");
    assert_eq!(registry.resolve("champion").await.unwrap_err().code(), "unknown-model");
    assert!(registry.list().await.unwrap()[0].aliases.is_empty());
    let history = registry.alias_history("flights").await.unwrap();
    let champions: Vec<Option<u64>> = history.iter().map(|change| change.version).collect();
    assert_eq!(champions, [Some(1), Some(2), Some(3), Some(1), None]);
    assert_eq!(history[3].why.as_deref(), Some("the gate `a gate` says no of version 3"));
    assert!(register(new("one", &[Some(true)])).await.champion, "it may come back");
}

#[tokio::test]
async fn a_gate_that_is_not_opened_again_keeps_what_it_said() {
    let (_folder, registry) = registry().await;
    let register = async |given: NewVersion| registry.register("flights", given).await.unwrap();
    register(new("one", &[Some(true)])).await;
    register(new("one", &[None])).await;
    register(new("two", &[Some(true)])).await;
    assert_eq!(registry.resolve("flights@1").await.unwrap().gates[0].passed, Some(true));
    assert_eq!(register(new("two", &[Some(false)])).await.lost.and_then(|lost| lost.heir), Some(1));
}

#[tokio::test]
async fn a_bare_name_that_stands_for_no_champion_says_why() {
    let (_folder, registry) = registry().await;
    let says = async |given: NewVersion, why: Option<&str>| {
        registry.register("flights", given).await.unwrap();
        let newest = registry.resolve("flights").await.unwrap();
        let warning = newest.warning("flights");
        assert_eq!(warning.is_some(), why.is_some(), "{warning:?}");
        assert!(warning.unwrap_or_default().contains(why.unwrap_or_default()));
        assert_eq!(newest.warning(&format!("flights@{}", newest.version)), None, "who names a version knows it");
    };
    says(NewVersion { sample: true, ..new("a", &[]) }, Some("version 1 answers, and it learned from a sample")).await;
    says(new("b", &[Some(true), Some(false)]), Some("`a gate` said no")).await;
    says(new("c", &[None]), Some("open until `ropeway run --final`")).await;
    says(new("d", &[Some(true)]), None).await;
    says(new("e", &[Some(false)]), None).await;
}

#[tokio::test]
async fn what_is_not_there_is_refused_with_what_is() {
    let (_folder, registry) = registry().await;
    let refuse = async |reference: &str, expect: &str| {
        let problem = registry.resolve(reference).await.unwrap_err();
        assert_eq!(problem.kind(), Kind::NotFound, "{reference}");
        assert!(problem.to_string().contains(expect), "{reference}: {problem}");
    };
    refuse("flights", "`ropeway run` makes the first one").await;
    registry.register("flights", new("a", &[None])).await.unwrap();
    registry.set_alias("flights", "shadow", 1).await.unwrap();
    refuse("flihgts", "did you mean `flights`?").await;
    refuse("flights@2", "its versions are 1 to 1").await;
    refuse("flights@shadwo", "did you mean `flights@shadow`?").await;
    refuse("flights@champion", "gates pass").await;
    refuse("elsewhere@1", "`ropeway models` lists them").await;
    for (model, alias, version, kind) in [
        ("flights", "x", 9, Kind::NotFound),
        ("trains", "x", 1, Kind::NotFound),
        ("flights", "7", 1, Kind::Invalid),
        ("flights", "a@b", 1, Kind::Invalid),
    ] {
        assert_eq!(registry.set_alias(model, alias, version).await.unwrap_err().kind(), kind);
    }
    assert_eq!(registry.register("a/b", new("a", &[])).await.unwrap_err().kind(), Kind::Invalid);
    assert_eq!(registry.alias_history("trains").await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn an_alias_that_two_models_have_is_no_name_of_either() {
    let (_folder, registry) = registry().await;
    registry.register("flights", new("a", &[])).await.unwrap();
    assert_eq!(registry.resolve("champion").await.unwrap().model, "flights");
    registry.register("trains", new("a", &[])).await.unwrap();
    assert_eq!(registry.resolve("champion").await.unwrap_err().kind(), Kind::NotFound);
    assert_eq!(registry.resolve("trains").await.unwrap().version, 1, "digests are told apart by model");
}

#[tokio::test]
async fn a_digest_is_a_sample_or_not_but_never_both() {
    let (_folder, registry) = registry().await;
    registry.register("flights", NewVersion { sample: true, ..new("a", &[]) }).await.unwrap();
    let problem = registry.register("flights", new("a", &[])).await.unwrap_err();
    assert_eq!(problem.kind(), Kind::Conflict);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_registered_at_the_same_time_get_numbers_of_their_own() {
    let (folder, registry) = registry().await;
    let other = Registry::open(&Store::open(&folder.path().join(".ropeway")).await.unwrap()).await.unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|i| {
            let registry = if i % 2 == 0 { registry.clone() } else { other.clone() };
            tokio::spawn(async move { registry.register("flights", new(&format!("{}", i / 2), &[])).await })
        })
        .collect();
    let mut versions = Vec::new();
    for task in tasks {
        let registered = task.await.unwrap().unwrap();
        versions.extend(registered.new.then_some(registered.version));
    }
    versions.sort_unstable();
    assert_eq!(versions, (1..=10).collect::<Vec<u64>>());
}

#[tokio::test]
async fn records_survive_the_process_that_wrote_them() {
    let (folder, registry) = registry().await;
    registry.register("flights", new("a", &[Some(true)])).await.unwrap();
    let before = registry.list().await.unwrap();
    registry.store.close().await;
    let again = Registry::open(&Store::open(&folder.path().join(".ropeway")).await.unwrap()).await.unwrap();
    assert_eq!(again.list().await.unwrap(), before);
}

/// Records as the first version of the tables kept them: they must load for ever.
const VERSION_1: &str = "
INSERT INTO registry_scorecard VALUES (1), (2);
INSERT INTO registry_figure VALUES (1, 'roc_auc', 0.7, 0.6, NULL), (2, 'expected_cost', 1.5, 1.25, 2.0);
INSERT INTO registry_model VALUES (1, 'flights');
INSERT INTO registry_version VALUES (1, 1, 1, 'r7',
  '1111111111111111111111111111111111111111111111111111111111111111',
  '2222222222222222222222222222222222222222222222222222222222222222',
  0, 1700000000000000, 1, 2, 7, '0.1.0', 'x86_64-linux');
INSERT INTO registry_source VALUES (1, 'planes', '3333333333333333333333333333333333333333333333333333333333333333');
INSERT INTO registry_file VALUES (1, 'planes', 0, 'data/planes.csv.gz',
  '4444444444444444444444444444444444444444444444444444444444444444', 38000);
INSERT INTO registry_gate VALUES (1, 0, 'validation.roc_auc.low >= 0.5', 1, 0.6);
INSERT INTO registry_alias VALUES (1, 1, 'champion', 1, 1700000000000001);
INSERT INTO registry_look VALUES (1, '5555555555555555555555555555555555555555555555555555555555555555',
  '1111111111111111111111111111111111111111111111111111111111111111', 1700000000000002, 2);
";

#[tokio::test]
async fn records_of_version_1_load_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join(".ropeway")).await.unwrap();
    store.migrate("registry", &tables::STEPS[..1]).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    sqlx::raw_sql(VERSION_1).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let registry = Registry::open(&store).await.unwrap();
    let found = registry.resolve("flights").await.unwrap();
    assert_eq!((found.version, found.run.as_str(), found.lineage.seed), (1, "r7", 7));
    assert_eq!(found.registered.to_string(), "2023-11-14T22:13:20Z");
    assert!(found.validation[&Metric::RocAuc].high.is_nan());
    assert_eq!(found.holdout.unwrap()[&Metric::ExpectedCost].low, 1.25);
    assert_eq!((found.gates[0].passed, found.gates[0].measured), (Some(true), Some(0.6)));
    assert_eq!(found.lineage.sources["planes"].files[0].bytes, 38_000);
    assert_eq!(found.looks, Some(1));
    assert_eq!(registry.looks(&Digest::from_bytes([0x55; 32])).await.unwrap(), 1);
}

#[tokio::test]
async fn records_of_a_newer_registry_are_refused() {
    let (_folder, registry) = registry().await;
    let newer = [tables::STEPS, &["CREATE TABLE registry_later (id INTEGER);"]].concat();
    registry.store.migrate("registry", &newer).await.unwrap();
    let problem = Registry::open(&registry.store).await.unwrap_err();
    assert_eq!((problem.kind(), problem.code()), (Kind::Corrupt, "newer-store"));
}

#[tokio::test]
async fn a_holdout_figure_comes_with_the_looks_that_were_taken() {
    let (_folder, registry) = registry().await;
    let holdout = holdout(&registry, b"holdout", &[1]);
    for (i, content) in ["a", "b", "c"].into_iter().enumerate() {
        let opened = NewVersion { holdout: Some(scorecard(0.5)), ..new(content, &[]) };
        registry.look(&opened.digest, &holdout, &scorecard(0.5)).await.unwrap();
        registry.register("flights", opened).await.unwrap();
        assert_eq!(registry.resolve("flights@1").await.unwrap().looks, Some(i as u64 + 1));
    }
    registry.register("flights", new("never opened", &[])).await.unwrap();
    assert_eq!(registry.resolve("flights@4").await.unwrap().looks, None);
}
