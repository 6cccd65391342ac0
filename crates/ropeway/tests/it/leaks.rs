//! Ways by which an outcome could reach an example that lie beside the SQL of columns: rows that a check rejects, partners
//! that do not come, answers copied where there is no time.

use std::fmt::Write as _;

use serde_json::Value;

use crate::ropeway::{Ended, Folder};

pub const ROWS: u32 = 45;

/// Things, one each three hours, whose outcome `o` is known five hours later. An event of each is known before its time; one
/// more of each with `o = 1` is known a minute after it.
pub fn folder(sections: &str) -> Folder {
    let folder = Folder::new();
    let stamp = |hour: u32| format!("2024-01-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
    let (mut things, mut events, mut late) = ("id,t,x,o\n".to_string(), "eid,et\n".to_string(), "cid,ct\n".to_string());
    for id in 0..ROWS {
        let hour = 24 + id * 3;
        let outcome = outcome(id);
        let _ = writeln!(things, "{id},{},{},{outcome}", stamp(hour), id % 7);
        let _ = writeln!(events, "{id},{}", stamp(hour - 3));
        if outcome == 1 {
            let _ = writeln!(late, "{id},{}", stamp(hour));
        }
    }
    let dim: String = (0..ROWS).map(|id| format!("{id},1\n")).collect();
    let other = format!("id,o\n{dim}");
    for (name, text) in
        [("s", things), ("e", events), ("late", late), ("dim", format!("id,one\n{dim}")), ("other", other)]
    {
        folder.write(&format!("{name}.csv"), text);
    }
    folder.write("tables/pos.sql", "SELECT id FROM s WHERE o = 1");
    folder.write("tables/f.sql", "SELECT id, o, x AS one FROM s");
    folder.write("tables/w.sql", "SELECT e.eid, e.et FROM e\nLEFT JOIN late ON e.eid = late.cid");
    folder.write("ropeway.toml", format!("{SOURCES}{sections}{EXAMPLES}"));
    folder
}

pub fn outcome(id: u32) -> u32 {
    u32::from(id * 37 % 11 < 5)
}

const SOURCES: &str = r#"
[project]
name = "leaks"
[source.s]
path = "s.csv"
key = ["id"]
known_ahead = ["id", "t", "x"]
planned = true
known_at = "t + INTERVAL '5 hours'"
[source.e]
path = "e.csv"
key = ["eid"]
time = "et"
known_after = "1 hour"
[source.late]
path = "late.csv"
key = ["cid"]
time = "ct"
known_after = "1 minute"
[source.dim]
path = "dim.csv"
static = true
"#;

const EXAMPLES: &str = r#"
[examples]
table = "s"
key = ["id"]
at = "t"
label = "o = 1"
request = ["id", "x"]
[learn]
learners = ["linear"]
"#;

const DIM: &str = "[lookup.z]\ntable = \"dim\"\non = [\"id\"]\ntake = [\"one\"]\n";

fn refused(sections: &str, code: &str, piece: &str) {
    let answer = folder(sections).run(&["check", "--json"]).expect(3).json();
    let problem = answer["problem"].to_string();
    assert!(problem.contains(&format!("\"{code}\"")) && problem.contains(piece), "{problem}");
}

#[test]
fn rows_that_a_check_rejects_by_outcomes_are_refused_where_they_are_looked_up_or_counted() {
    let pos = "[table.pos]\nsql = \"tables/pos.sql\"\n";
    let check = |table: &str, column: &str, otherwise: &str| {
        format!(
            "{pos}[[check]]\ntable = \"{table}\"\nreferences = {{ columns = [\"{column}\"], table = \"pos\", to = [\"id\"] }}\n\
             tolerate = 1.0\notherwise = \"{otherwise}\"\n"
        )
    };
    let window = "[window.z]\ntable = \"e\"\nby = { id = \"eid\" }\nover = \"30 days\"\nvalue = \"count(*)\"\n";
    refused(
        &format!("{}{DIM}", check("dim", "id", "reject")),
        "known-later",
        "a check rejects rows by what another table holds",
    );
    refused(
        &format!("{}{window}", check("e", "eid", "reject")),
        "known-later",
        "a check rejects rows by what another table holds",
    );
    let own = "[table.f]\nsql = \"tables/f.sql\"\n[[check]]\ntable = \"f\"\nthat = \"o = 1\"\ntolerate = 1.0\n";
    refused(&format!("{own}{}", DIM.replace("\"dim\"", "\"f\"")), "known-later", "check of f: o = 1");
    // Of the examples themselves it is a finding, and their labels keep their time: the purge goes on.
    let examples = check("f", "id", "reject").replace("[[check]]", "[table.f]\nsql = \"tables/f.sql\"\n[[check]]");
    let folder_of_examples = folder("");
    folder_of_examples.write(
        "ropeway.toml",
        format!("{SOURCES}{examples}{EXAMPLES}").replace("table = \"s\"\nkey", "table = \"f\"\nkey"),
    );
    folder_of_examples.write("tables/f.sql", "SELECT * FROM s");
    let report = folder_of_examples.run(&["check", "--json"]).expect(0).json();
    let found = report["findings"].to_string();
    assert!(
        found.contains("later-known-check") && found.contains("`pos` does not have") && found.contains("s.o"),
        "{found}"
    );
    let tables = report["relations"].as_array().unwrap();
    let timing = tables.iter().find(|table| table["name"] == "f").unwrap()["timing"].to_string();
    assert!(!timing.contains("untimed"), "{timing}");
    // The same checks that only warn choose nothing.
    folder(&format!("{}{DIM}{window}", check("dim", "id", "warn"))).run(&["check"]).expect(0);
}

#[test]
fn that_no_partner_comes_is_seen_by_no_example() {
    let sections = "[table.w]\nsql = \"tables/w.sql\"\n\
                    [window.z]\ntable = \"w\"\nby = { id = \"eid\" }\nover = \"30 days\"\nvalue = \"count(*)\"\n";
    let folder = folder(sections);
    let found = folder.run(&["check", "--json"]).expect(0).json()["findings"][0].clone();
    assert_eq!(
        (&found["code"], &found["table"], &found["place"]["line"]),
        (&"open-join".into(), &"w".into(), &2.into())
    );
    let rows = folder.run(&["query", "SELECT id, z FROM examples ORDER BY id", "--json"]).expect(0).json();
    let counts: Vec<&Value> = rows["rows"].as_array().unwrap().iter().map(|row| &row["z"]).collect();
    assert_eq!(counts.len(), ROWS as usize);
    assert!(counts.iter().all(|count| **count == 0), "a row without a partner tells that none will come: {rows}");

    // With a time by which the partner must have come, both kinds of rows are seen alike.
    let stated = sections.replace("w.sql\"\n", "w.sql\"\nknown_at = \"et + INTERVAL '4 hours'\"\n");
    folder.write(
        "ropeway.toml",
        format!("{SOURCES}{stated}{EXAMPLES}").replace("at = \"t\"", "at = \"t + INTERVAL '2 hours'\""),
    );
    let report = folder.run(&["check", "--json"]).expect(0).json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{report}");
    let rows = folder.run(&["query", "SELECT id, z FROM examples", "--json"]).expect(0).json();
    assert!(rows["rows"].as_array().unwrap().iter().all(|row| row["z"] == 1), "{rows}");
    folder.run(&["check", "--prove"]).expect(0);
}

#[test]
fn without_time_an_answer_under_another_name_is_refused() {
    let check = |says: &str, sql: &str, request: &str, more: &str| {
        let folder = folder("");
        folder.write("tables/t.sql", sql);
        let source = format!("[project]\nname = \"leaks\"\n[source.s]\npath = \"s.csv\"\n{says}\n");
        let table = format!("[table.t]\nsql = \"tables/t.sql\"\n{more}");
        let examples = format!("[examples]\ntable = \"t\"\nlabel = \"o = 1\"\nrequest = [{request}]\n");
        folder.write("ropeway.toml", [source, table, examples].concat());
        folder.run(&["check", "--json"])
    };
    let problem = |ended: Ended| ended.expect(3).json()["problem"].to_string();
    let (ahead, fixed) = ("known_ahead = [\"id\", \"t\", \"x\"]", "static = true");
    check(ahead, "SELECT * FROM s", "\"x\"", "").expect(0);
    check(fixed, "SELECT * FROM s", "\"x\"", "").expect(0);
    let copy = problem(check(ahead, "SELECT *, 3 - 2 * o AS oops FROM s", "\"x\", \"oops\"", ""));
    assert!(copy.contains("answer-in-request") && copy.contains("oops") && copy.contains("s.o"), "{copy}");
    let unlisted = problem(check("known_ahead = [\"id\", \"x\"]", "SELECT * FROM s", "\"x\", \"t\"", ""));
    assert!(unlisted.contains("known-later") && unlisted.contains("s.t"), "{unlisted}");
    let of_static = problem(check(fixed, "SELECT *, 3 - 2 * o + 0 * x AS oops FROM s", "\"x\", \"oops\"", ""));
    assert!(of_static.contains("answer-in-request") && of_static.contains("s.o"), "{of_static}");
    let lookup = "[lookup.me]\ntable = \"s\"\non = [\"id\"]\ntake = [\"o\"]\n";
    let found = problem(check(fixed, "SELECT * FROM s", "\"id\", \"x\"", lookup));
    assert!(found.contains("answer-in-lookup") && found.contains("lookup.me"), "{found}");
    // The same file under another name is the same answer, row by row or as a mean.
    let again = "[source.again]\npath = \"./s.csv\"\nstatic = true\n[lookup.me]\ntable = \"again\"\non = [\"id\"]\ntake = [\"o\"]\n";
    let found = problem(check(fixed, "SELECT * FROM s", "\"id\", \"x\"", again));
    assert!(found.contains("answer-in-lookup") && found.contains("lookup.me"), "{found}");
    check(fixed, "SELECT * FROM s", "\"id\", \"x\"", &again.replace("\"o\"", "\"t\"")).expect(0);
    // A column of the same name in another file is another one.
    let other = "[source.other]\npath = \"other.csv\"\nstatic = true\n[lookup.me]\ntable = \"other\"\non = [\"id\"]\ntake = [\"o\"]\n";
    check(fixed, "SELECT * FROM s", "\"id\", \"x\"", other).expect(0);
}

#[test]
fn counts_of_rows_that_are_equal_but_for_the_outcome_are_refused() {
    let told = |rows: &str| {
        format!("SELECT s.*, q.v FROM s JOIN (SELECT id, count(*) AS v FROM ({rows}) d GROUP BY id) q ON s.id = q.id")
    };
    let union = "SELECT id, o FROM s UNION SELECT id, 0 FROM s";
    let all = union.replace("UNION", "UNION ALL");
    let forms = [
        union.to_string(),
        format!("SELECT DISTINCT id, o FROM ({all}) b"),
        format!("SELECT id, o FROM ({all}) b GROUP BY id, o"),
    ];
    for rows in &forms {
        let folder = folder("[table.t]\nsql = \"tables/t.sql\"\n");
        folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"t\"");
        folder.edit("ropeway.toml", "request = [\"id\", \"x\"]", "request = [\"x\", \"v\"]");
        folder.write("tables/t.sql", told(rows));
        folder.fails(&["check"], 3, &["request names `v`", "s.o"]);
        // The same of what is known ahead is no harm.
        folder.write("tables/t.sql", told(&rows.replace(", o", ", x")));
        folder.run(&["check"]).expect(0);
        // Without time the label is all that can be told by it.
        folder.write("tables/t.sql", told(rows));
        folder.write(
            "ropeway.toml",
            "[project]\nname = \"leaks\"\n[source.s]\npath = \"s.csv\"\nstatic = true\n[table.t]\nsql = \"tables/t.sql\"\n[examples]\n\
             table = \"t\"\nlabel = \"o = 1\"\nrequest = [\"x\", \"v\"]\n",
        );
        folder.fails(&["check"], 3, &["`v`", "s.o", "the request is its own answer"]);
    }
}

#[test]
fn a_value_that_an_outcome_picks_is_refused_with_time_and_without() {
    let pairs = "SELECT s.*, v.k FROM s CROSS JOIN (VALUES (0), (1)) v (k)";
    let forms = [
        "SELECT s.*, v.k FROM (SELECT DISTINCT x % 2 AS k FROM s) v JOIN s ON s.o = v.k".to_string(),
        format!("SELECT * FROM ({pairs}) j\nWHERE k = o"),
        "SELECT * FROM (SELECT *, 0 AS k FROM s UNION ALL SELECT *, 1 AS k FROM s) u WHERE k = o".to_string(),
        format!("{pairs} QUALIFY row_number() OVER (PARTITION BY s.id ORDER BY abs(v.k - s.o)) = 1"),
        format!(
            "SELECT id, t, x, k, max(o) AS o FROM ({pairs}) u GROUP BY id, t, x, k HAVING max(CASE WHEN k = o THEN 1 ELSE 0 END) = 1"
        ),
    ];
    for sql in &forms {
        let folder = folder("[table.t]\nsql = \"tables/t.sql\"\n");
        folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"t\"");
        folder.edit("ropeway.toml", "request = [\"id\", \"x\"]", "request = [\"k\"]");
        folder.write("tables/t.sql", sql);
        folder.fails(&["check"], 3, &["request names `k`", "s.o", "not known at the example's time"]);
        // What is picked by what is known ahead is no harm.
        folder.write(
            "tables/t.sql",
            sql.replace("k = o", "k = x % 2")
                .replace("s.o = v.k", "s.x % 2 = v.k")
                .replace("v.k - s.o", "v.k - s.x % 2"),
        );
        folder.run(&["check"]).expect(0);
        // Without time.
        folder.write("tables/t.sql", sql);
        folder.write(
            "ropeway.toml",
            "[project]\nname = \"leaks\"\n[source.s]\npath = \"s.csv\"\nkey = [\"id\"]\nstatic = true\n[table.t]\nsql = \"tables/t.sql\"\n\
             [examples]\ntable = \"t\"\nkey = [\"id\"]\nlabel = \"o = 1\"\nrequest = [\"k\"]\n",
        );
        folder.fails(&["check"], 3, &["`k`", "s.o", "the request is its own answer"]);
    }
}

#[test]
fn two_sources_of_one_file_are_the_same_rows_twice() {
    let again = "[source.again]\npath = \"./s.csv\"\nkey = [\"id\"]\nknown_ahead = [\"id\", \"t\", \"x\"]\nplanned = true\n\
                 known_at = \"t + INTERVAL '5 hours'\"\n[table.t]\nsql = \"tables/t.sql\"\n";
    let folder = folder(again);
    folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"t\"");
    folder.edit("ropeway.toml", "request = [\"id\", \"x\"]", "request = [\"k\"]");
    folder.write(
        "tables/t.sql",
        "SELECT * FROM (SELECT *, 0 AS k FROM s UNION ALL SELECT *, 1 AS k FROM again) u\nWHERE k = o",
    );
    folder.fails(&["check"], 3, &["request names `k`", "again.o"]);
}

#[test]
fn what_stands_beside_a_row_is_not_picked_by_a_filter_of_its_own_outcomes() {
    let folder = folder("[table.t]\nsql = \"tables/t.sql\"\n");
    folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"t\"");
    folder.edit("ropeway.toml", "request = [\"id\", \"x\"]", "request = [\"x\", \"one\"]");
    for from in ["FROM s LEFT JOIN dim USING (id)", "FROM dim JOIN s ON s.id = dim.id"] {
        folder.write("tables/t.sql", format!("SELECT s.*, dim.one {from}\nWHERE o >= 0 AND dim.one > 0"));
        let found = folder.run(&["check", "--json"]).expect(0).json()["findings"].clone();
        assert_eq!(found[0]["code"], "later-known-rows", "{found}");
    }
}

#[test]
fn rows_that_may_still_come_tell_no_example_unless_they_are_planned() {
    let folder = folder("[table.t]\nsql = \"tables/t.sql\"\n");
    folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"t\"");
    folder.edit("ropeway.toml", "request = [\"id\", \"x\"]", "request = [\"x\", \"next\"]");
    folder.write("tables/t.sql", "SELECT *, lead(t) OVER (PARTITION BY x ORDER BY t) AS next FROM s");
    folder.run(&["check"]).expect(0);
    folder.edit("ropeway.toml", "planned = true\n", "");
    folder.fails(&["check"], 3, &["request names `next`", "rows of s", "planned = true in [source.s]"]);
    // Nor where they are looked up.
    folder.edit("ropeway.toml", "request = [\"x\", \"next\"]", "request = [\"x\"]");
    folder.run(&["check"]).expect(0);
    let last = "[table.last]\nsql = \"tables/last.sql\"\n[lookup.last]\ntable = \"last\"\non = [\"x\"]\ntake = [\"t\"]\n[examples]";
    folder.edit("ropeway.toml", "[examples]", last);
    folder.write("tables/last.sql", "SELECT x, max(t) AS t FROM s GROUP BY x");
    folder.fails(&["check"], 3, &["[lookup.last]", "rows of s", "planned = true in [source.s]"]);
}
