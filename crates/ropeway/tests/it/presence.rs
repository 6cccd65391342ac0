//! Ways by which that a row is there, or in which file, could be the outcome.

use crate::leaks::{ROWS, folder, outcome};

#[test]
fn a_unique_check_that_keeps_what_is_known_first_is_told_with_its_rows() {
    let sections = "[source.offers]\npath = \"offers.csv\"\nkey = [\"id\"]\nknown_ahead = [\"id\", \"t\", \"x\"]\n\
                    known_at = \"done\"\n[[check]]\ntable = \"offers\"\nunique = [\"id\"]\ntolerate = 1.0\n";
    let folder = folder(sections);
    folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"offers\"");
    // Of two offers of each thing the accepted one is settled first.
    let offers = |both: bool| {
        let row = |id: u32, x: u32, hour: u32| {
            format!("{id},2024-01-{:02}T00:00:00Z,{x},{},2024-03-01T{hour:02}:00:00Z\n", 1 + id % 28, outcome(id))
        };
        let rows = (0..ROWS).map(|id| {
            let accepted = row(id, outcome(id), 5);
            if both { accepted + &row(id, 1 - outcome(id), 9) } else { accepted }
        });
        "id,t,x,o,done\n".to_string() + &rows.collect::<String>()
    };
    folder.write("offers.csv", offers(true));
    let found = folder.run(&["check", "--json"]).expect(0).json()["findings"].clone();
    let first = found.as_array().unwrap().iter().find(|finding| finding["code"] == "first-known-kept").unwrap();
    assert_eq!((&first["rows"]["left_out"], &first["rows"]["of"]), (&45.into(), &90.into()), "{found}");
    assert!(first["message"].to_string().contains("`id`"), "{found}");
    folder.write("offers.csv", offers(false));
    let found = folder.run(&["check", "--json"]).expect(0).json()["findings"].clone();
    assert!(!found.to_string().contains("first-known-kept"), "{found}");
}

#[test]
fn rows_that_come_later_tell_by_being_there_and_neither_a_union_nor_a_join_hides_it() {
    let folder = folder("[table.t]\nsql = \"tables/t.sql\"\n");
    folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"t\"");
    // A join that leaves out things chooses examples: told with its rows, and refuted.
    folder.write("tables/t.sql", "SELECT s.* FROM s\nJOIN late ON late.cid = s.id");
    let found = folder.run(&["check", "--json"]).expect(0).json()["findings"][0].clone();
    let late = (0..ROWS).filter(|id| outcome(*id) == 1).count();
    let told = (&found["code"], &found["column"], &found["place"]["line"], &found["rows"]["left_out"]);
    assert_eq!(told, (&"later-known-rows".into(), &"late.cid".into(), &2.into(), &(ROWS as usize - late).into()));
    let refuted = folder.run(&["check", "--prove"]).expect(3).stdout;
    assert!(refuted.contains("refuted") && refuted.contains("gone"), "{refuted}");
    // Whether there is one is no feature, in one table or in two glued together.
    let back = "SELECT s.id, s.t, s.o, late.cid IS NOT NULL AS x FROM s LEFT JOIN late ON late.cid = s.id";
    let years = format!("{back} WHERE s.id < 20\nUNION ALL {back} WHERE s.id >= 20");
    for sql in [back, &years] {
        folder.write("tables/t.sql", sql);
        folder.fails(&["check"], 3, &["not known at the example's time", "late"]);
    }
}

#[test]
fn files_that_an_outcome_parted_are_the_answer_of_whoever_asks_which_one_it_is() {
    let source = |name: &str| {
        format!(
            "[source.{name}]\npath = \"{name}.csv\"\nkey = [\"id\"]\nknown_ahead = [\"id\", \"t\"]\nknown_at = \"t\"\n"
        )
    };
    let folder = folder(&format!("{}{}[table.t]\nsql = \"tables/t.sql\"\n", source("good"), source("bad")));
    for (name, first) in [("good", 0), ("bad", 1)] {
        let rows: String = (0..20).map(|id| format!("{},2024-01-{:02}T00:00:00Z\n", 2 * id + first, id + 1)).collect();
        folder.write(&format!("{name}.csv"), format!("id,t\n{rows}"));
    }
    folder.edit("ropeway.toml", "[examples]\ntable = \"s\"", "[examples]\ntable = \"t\"");
    folder.edit(
        "ropeway.toml",
        "label = \"o = 1\"\nrequest = [\"id\", \"x\"]",
        "label = \"y = 1\"\nrequest = [\"id\", \"f\"]",
    );
    folder.write("tables/t.sql", "SELECT id, t, 1 AS f, 1 AS y FROM bad UNION ALL SELECT id, t, 7, 0 FROM good");
    folder.fails(&["check"], 3, &["the request is its own answer", "`f`"]);
    folder.edit("ropeway.toml", "label = \"y = 1\"", "label = \"f = 1\"");
    folder.fails(&["check"], 3, &["the request is its own answer", "`f`"]);
}
