//! Demonstration 2, Parity: a server over sources cut at the holdout, to which the holdout is replayed in time order,
//! answers with the bits of batch prediction over the whole sources; killed midway, it loses no acknowledged fact and
//! counts none twice. Control: the same facts posted without backfill change answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ropeway_stat::Rng;
use ropeway_vocab::{Instant, KNOWN_AT, Span};
use serde_json::{Map, Value, json};

use crate::ropeway::{Folder, signal};
use crate::served::Server;

type Row = Map<String, Value>;

/// The sources whose facts arrive while the holdout is replayed, with the table that windows and lookups read.
const SOURCES: [(&str, &str); 2] = [("flights", "flights_clean"), ("weather", "weather_clean")];
/// Hours replayed from the start of the holdout.
const HOURS: i64 = 48;
const REQUEST: [&str; 6] = ["carrier", "origin", "dest", "tailnum", "distance", "sched_at"];

fn hour() -> Span {
    "1 hour".parse().unwrap()
}

fn time(row: &Row, column: &str) -> Instant {
    row[column].as_str().unwrap().parse().unwrap()
}

/// Copies a folder, and what is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn lines(folder: &Folder, file: &str) -> Vec<Row> {
    folder.read(file).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The flagship with a small search, and with a model.
fn trained() -> Folder {
    let folder = Folder::new();
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/flights"), folder.path());
    let _ = std::fs::remove_dir_all(folder.path().join(".ropeway"));
    let mut toml = folder.read("ropeway.toml");
    for (from, to) in [
        ("learners = [\"linear\", \"boosted\"]", "learners = [\"boosted\"]"),
        ("trials = 20", "trials = 2"),
        ("[costs_of_error]", "[learn.boosted]\nrounds = 40\n\n[costs_of_error]"),
    ] {
        assert!(toml.contains(from), "{from}");
        toml = toml.replacen(from, to, 1);
    }
    folder.write("ropeway.toml", &toml);
    folder.run(&["run", "--sample", "5%", "--quiet"]).expect(0);
    folder
}

/// What is replayed, and what batch prediction says.
struct Replay {
    start: Instant,
    /// By source: its facts with when they became known, in that order.
    facts: BTreeMap<&'static str, Vec<(Instant, Row)>>,
    /// The examples with all their features as the run makes them, and the bits of their probability; by time.
    examples: Vec<(Row, u64)>,
    /// Rows of each table that the cut project starts with.
    before: BTreeMap<&'static str, u64>,
}

fn query(folder: &Folder, sql: &str, out: &str) {
    folder.run(&["query", sql, "--out", out]).expect(0);
}

/// Asks batch for the truth, and cuts the sources at the start of the holdout: what is known then or later leaves them.
fn cut(folder: &Folder) -> Replay {
    // The labels of the holdout are not shown: it begins after the last label that is.
    let last = folder.run(&["query", "SELECT max(at) AS at FROM examples WHERE label IS NOT NULL", "--json"]);
    let last = time(last.expect(0).json()["rows"][0].as_object().unwrap(), "at");
    let start = Instant::from_micros(last.micros() - last.micros().rem_euclid(hour().micros())).plus(hour());
    let end = Instant::from_micros(start.micros() + HOURS * hour().micros());
    let (from, to) = (format!("TIMESTAMP '{start}'"), format!("TIMESTAMP '{end}'"));

    query(folder, &format!("SELECT * FROM examples WHERE at >= {from} AND at < {to} ORDER BY at"), "asked.jsonl");
    folder.run(&["predict", "flight-delays", "--in", "asked.jsonl", "--out", "truth.jsonl", "--quiet"]).expect(0);
    let bits = |row: &Row| row["probability"].as_f64().unwrap().to_bits();
    let truth = lines(folder, "truth.jsonl");
    let examples: Vec<(Row, u64)> = truth.into_iter().map(|row| (row.clone(), bits(&row))).collect();
    assert!(examples.len() > 1000, "{} examples in {HOURS} hours", examples.len());

    let (mut facts, mut before) = (BTreeMap::new(), BTreeMap::new());
    for (source, table) in SOURCES {
        let known = |condition: &str| format!("SELECT * FROM {source} WHERE {condition}");
        query(
            folder,
            &known(&format!("{KNOWN_AT} >= {from} AND {KNOWN_AT} < {to} ORDER BY {KNOWN_AT}")),
            "facts.jsonl",
        );
        let of = |mut row: Row| {
            let known = time(&row, "known_at");
            row.remove("known_at");
            (known, row)
        };
        facts.insert(source, lines(folder, "facts.jsonl").into_iter().map(of).collect());
        let kept =
            format!("SELECT * EXCEPT ({KNOWN_AT}) FROM {source} WHERE {KNOWN_AT} < {from} OR {KNOWN_AT} IS NULL");
        query(folder, &kept, &format!("data/{source}_cut.parquet"));
        let count = format!("SELECT count(*) AS n FROM {table} WHERE {KNOWN_AT} < {from} OR {KNOWN_AT} IS NULL");
        let count = folder.run(&["query", &count, "--json"]).expect(0).json();
        before.insert(table, count["rows"][0]["n"].as_u64().unwrap());
        let whole = folder.read("ropeway.toml");
        folder.write(
            "ropeway.toml",
            whole.replace(&format!("data/{source}.csv.gz"), &format!("data/{source}_cut.parquet")),
        );
        std::fs::remove_file(folder.path().join(format!("data/{source}.csv.gz"))).unwrap();
    }
    std::fs::remove_dir_all(folder.path().join(".ropeway/cache")).unwrap();
    Replay { start, facts, examples, before }
}

/// Asks for examples, shuffled; gives the bits in the order of `asked`.
fn ask(server: &Server, asked: &[&Row], rng: &mut Rng) -> Vec<u64> {
    let mut order: Vec<usize> = (0..asked.len()).collect();
    rng.shuffle(&mut order);
    let mut bits = vec![0; asked.len()];
    for part in order.chunks(777) {
        let examples: Vec<Value> = part.iter().map(|place| example(asked[*place])).collect();
        let answer = server.post("/v1/models/flight-delays/predict", &json!({ "examples": examples })).json();
        let predictions = answer["predictions"].as_array().unwrap();
        assert_eq!(predictions.len(), part.len());
        for (place, prediction) in part.iter().zip(predictions) {
            bits[*place] = prediction["probability"].as_f64().unwrap().to_bits();
        }
    }
    bits
}

/// Only what a client would send.
fn example(row: &Row) -> Value {
    let known = |(name, _): &(&String, &Value)| REQUEST.contains(&name.as_str()) || *name == "at";
    Value::Object(row.iter().filter(known).map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Posts rows; gives (acknowledged, repeated), or nothing where the server went away.
fn post(server: &Server, source: &str, rows: &[Row], backfill: bool) -> Option<(u64, u64)> {
    let body = json!({ "rows": rows, "backfill": backfill }).to_string();
    let answer = server.try_post(&format!("/v1/tables/{source}/rows"), &body).ok()?.json();
    Some((answer["acknowledged"].as_u64()?, answer["repeated"].as_u64()?))
}

/// Posts what became known in a step, shuffled and some of it twice, and one earlier fact again; expects exact counts.
fn post_step(server: &Server, source: &str, known: &[(Instant, Row)], step: &[(Instant, Row)], rng: &mut Rng) {
    let mut rows: Vec<Row> = step.iter().map(|(_, row)| row.clone()).collect();
    let twice: Vec<Row> = rows.iter().step_by(7).cloned().collect();
    let again = known.get(usize::try_from(rng.below(known.len().max(1) as u64)).unwrap()).map(|(_, row)| row.clone());
    rows.extend(twice.iter().cloned().chain(again));
    rng.shuffle(&mut rows);
    let (sent, repeated) = (rows.len() as u64, (rows.len() - step.len()) as u64);
    if sent > 0 {
        assert_eq!(post(server, source, &rows, true), Some((sent, repeated)), "{source}");
    }
}

/// Kills the server while it takes facts; after a restart the post is there whole or not at all.
fn kill_while_posting(folder: &Folder, server: Server, source: &str, step: &[(Instant, Row)]) -> Server {
    let rows: Vec<Row> = step.iter().map(|(_, row)| row.clone()).collect();
    let acknowledged = std::thread::scope(|scope| {
        let posting = scope.spawn(|| post(&server, source, &rows, true));
        signal("KILL", server.id());
        posting.join().unwrap()
    });
    drop(server);
    let server = Server::start(folder.path(), &[]);
    let all = rows.len() as u64;
    let (again, repeated) = post(&server, source, &rows, true).unwrap();
    assert!(all > 0 && again == all);
    assert!(repeated == all || (repeated == 0 && acknowledged.is_none()), "{acknowledged:?}, then {repeated} of {all}");
    server
}

fn within(facts: &[(Instant, Row)], from: Instant, to: Instant) -> std::ops::Range<usize> {
    facts.partition_point(|(known, _)| *known < from)..facts.partition_point(|(known, _)| *known < to)
}

/// Replays the holdout hour by hour; gives how many answers differ from batch.
fn replay(folder: &Folder, replay: &Replay, rng: &mut Rng) -> usize {
    let mut server = Server::start(folder.path(), &[]);
    let mut differing = 0;
    for step in 0..HOURS {
        let from = Instant::from_micros(replay.start.micros() + step * hour().micros());
        for (source, facts) in &replay.facts {
            let range = within(facts, from, from.plus(hour()));
            if step == HOURS / 2 && *source == "flights" {
                server = kill_while_posting(folder, server, source, &facts[range.clone()]);
                // All that was acknowledged before is there, once.
                let earlier: Vec<Row> = facts[..range.start].iter().map(|(_, row)| row.clone()).collect();
                let all = earlier.len() as u64;
                assert_eq!(post(&server, source, &earlier, true), Some((all, all)));
            } else {
                post_step(&server, source, &facts[..range.start], &facts[range], rng);
            }
        }
        let asked = replay.examples.iter().filter(|(row, _)| (from..from.plus(hour())).contains(&time(row, "at")));
        let (asked, truth): (Vec<&Row>, Vec<u64>) = asked.map(|(row, bits)| (row, *bits)).unzip();
        differing += ask(&server, &asked, rng).iter().zip(&truth).filter(|(served, truth)| served != truth).count();
    }
    features_are_those_of_the_run(&server, replay);
    let metrics = server.get("/metrics").body;
    for (source, table) in SOURCES {
        let rows = replay.before[table] + replay.facts[source].len() as u64;
        let line = format!("ropeway_state_rows{{model=\"flight-delays\",table=\"{table}\"}} {rows}");
        assert!(metrics.lines().any(|found| found == line), "`{line}` is not in\n{metrics}");
    }
    differing
}

/// The features behind an answer are those that training computed for the same example.
fn features_are_those_of_the_run(server: &Server, replay: &Replay) {
    for (row, _) in replay.examples.iter().step_by(150) {
        let body = json!({"examples": [example(row)], "explain": true});
        let answer = server.post("/v1/models/flight-delays/predict", &body).json();
        let features = answer["predictions"][0]["explanation"]["features"].as_array().unwrap().clone();
        assert_eq!(features.len(), 29);
        for feature in features {
            let (served, made) = (&feature["value"], &row[feature["feature"].as_str().unwrap()]);
            let same = match (served.as_f64(), made.as_f64()) {
                (Some(served), Some(made)) => served.to_bits() == made.to_bits(),
                _ => served == made,
            };
            assert!(same, "{}: served {served}, and training has {made} for {row:?}", feature["feature"]);
        }
    }
}

#[test]
fn the_replayed_holdout_has_the_bits_of_batch() {
    let folder = trained();
    let truth = cut(&folder);
    let control = Folder::new();
    copy(folder.path(), control.path());
    let mut rng = Rng::new(7);

    assert_eq!(replay(&folder, &truth, &mut rng), 0, "answers differ from batch prediction");
    for (source, facts) in &truth.facts {
        let sql = format!("SELECT count(*) AS n FROM {source} WHERE {KNOWN_AT} >= TIMESTAMP '{}'", truth.start);
        let counted = folder.run(&["query", &sql, "--json"]).expect(0).json();
        assert_eq!(counted["rows"][0]["n"], facts.len(), "posted {source} in the next run");
    }

    // Control: facts that count from their arrival, which is today, are not visible in 2013.
    let server = Server::start(control.path(), &[]);
    for (source, facts) in &truth.facts {
        let rows: Vec<Row> = facts.iter().map(|(_, row)| row.clone()).collect();
        let all = rows.len() as u64;
        assert_eq!(post(&server, source, &rows, false), Some((all, 0)));
    }
    let (asked, bits): (Vec<&Row>, Vec<u64>) = truth.examples.iter().map(|(row, bits)| (row, *bits)).unzip();
    let changed = ask(&server, &asked, &mut rng).iter().zip(&bits).filter(|(served, truth)| served != truth).count();
    assert!(changed * 2 > bits.len(), "without backfill only {changed} of {} answers changed", bits.len());
}
