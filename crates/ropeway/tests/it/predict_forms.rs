//! Files to score that look like the files of the source: numbers as it spells them, its lines around the table, its time.

use serde_json::Value;

use crate::ropeway::Folder;

/// An export with a title, decimal commas, units and a row of totals, and a project that `init` made of it.
fn export() -> Folder {
    let folder = Folder::new();
    let mut text = "Export of the cars\n\ncar;price;km;sold;gone\n".to_owned();
    let mut total = 0;
    for row in 0..400_usize {
        let (price, km) = (1_000 + row * 37 % 900, row * 7_919 % 1_000);
        total += price;
        let gone = if (km + row * 13 % 300) > 600 { "yes" } else { "no" };
        let (hour, day) = (row % 24, 1 + row / 24);
        text.push_str(&format!("C{row:03};{price},50 €;{km},5;{day:02}.01.2026 {hour:02}:00;{gone}\n"));
    }
    total += 200;
    text.push_str(&format!("Total;{total},00 €;;;\n"));
    folder.write("cars.csv", text);
    folder.run(&["init", "cars.csv", "--label", "gone"]).expect(0);
    folder.edit("ropeway.toml", "trials = 20", "trials = 2");
    folder.run(&["run", "--quiet"]).expect(0);
    folder
}

fn name(folder: &Folder) -> String {
    let model = folder.read("ropeway.toml");
    model.lines().find_map(|line| line.strip_prefix("name = ")).unwrap().trim_matches('"').to_owned()
}

fn scored(folder: &Folder, file: &str) -> Vec<Value> {
    let model = name(folder);
    folder.run(&["predict", &model, "--in", file, "--out", "out.jsonl"]).expect(0);
    folder.read("out.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn numbers_that_only_the_source_spells_so_are_numbers_in_json_lines_and_as_they_stand_in_csv() {
    let folder = export();
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains("skip_footer = 1") && toml.contains("skip_lines = 2"), "{toml}");
    let rows = scored(&folder, "cars.csv");
    assert_eq!(rows.len(), 400, "the row of totals is none");
    assert_eq!((&rows[1]["price"], &rows[1]["km"]), (&Value::from(1037.5), &Value::from(919.5)));
    let model = name(&folder);
    folder.run(&["predict", &model, "--in", "cars.csv", "--out", "out.csv"]).expect(0);
    assert!(folder.read("out.csv").contains("C001,\"1037,50 €\",\"919,5\","), "{}", &folder.read("out.csv")[..200]);
}

#[test]
fn a_row_at_the_end_is_left_out_only_where_it_is_no_part_of_the_table() {
    let folder = export();
    let model = name(&folder);
    let row = |car: &str| format!("{car};1500,50 €;700,5;03.02.2026 10:00;\n");
    let rows = ["Shell", "Esso", "Agip"].map(row).concat();
    let left_out = "warning: the last row is left out: `Total` labels it, and `4501,50 €` is the sum of those above";
    for title in ["Export of the cars\n\n", ""] {
        let head = format!("{title}car;price;km;sold;gone\n");
        // A firm may be called `Total`: of a whole row the name alone says nothing.
        for last in ["", &row("Total").replace("1500", "1700")] {
            folder.write("new.csv", format!("{head}{rows}{last}"));
            assert_eq!(scored(&folder, "new.csv").len(), 3 + last.lines().count(), "{title}{last}");
        }
        folder.write("new.csv", format!("{head}{rows}Total;4501,50 €;;;\n"));
        let ended = folder.run(&["predict", &model, "--in", "new.csv", "--out", "out.csv"]).expect(0);
        assert_eq!(folder.read("out.csv").lines().count(), 4, "{title}");
        ended.says(left_out);
    }
    // In the form that its name tells it is the same.
    let head = "car;price;km;sold;gone\n";
    let tabs = format!("{head}{rows}Total;4501,50 €;;;\n").replace(';', "\t");
    folder.write("new.tsv", tabs);
    folder.run(&["predict", &model, "--in", "new.tsv", "--out", "out.csv"]).expect(0).says(left_out);

    // A source whose files end so in part passes over such rows as comments: no other row is lost by that.
    folder.edit("ropeway.toml", "skip_footer = 1", "comment = \"Total;\"");
    folder.run(&["run", "--quiet"]).expect(0);
    for title in ["Export of the cars\n\n", ""] {
        folder.write("new.csv", format!("{title}{head}{rows}Total;4501,50 €;;;\n"));
        assert_eq!(scored(&folder, "new.csv").len(), 3, "{title}");
    }

    // The control: where no file of the sources ends so, such a row is one like others.
    folder.edit("ropeway.toml", "comment = \"Total;\"", "tolerate = 0.1");
    folder.run(&["run", "--quiet"]).expect(0);
    folder.write("new.csv", format!("{head}{rows}Total;4501,50 €;;;\n"));
    assert_eq!(scored(&folder, "new.csv").len(), 4);
}

#[test]
fn the_column_that_at_names_is_the_time_of_a_row_that_brings_no_other() {
    let folder = Folder::new();
    let mut text = "id,placed,amount,shop,paid,late\n".to_owned();
    for row in 0..400_usize {
        let day = 1 + row / 16;
        let late = row * 7_919 % 1_000 > 500;
        text.push_str(&format!(
            "{row},2024-01-{day:02}T{:02}:00:00Z,{},here,2024-01-{day:02}T23:00:00Z,{late}\n",
            row % 16,
            row * 7_919 % 1_000
        ));
    }
    folder.write("orders.csv", &text);
    folder.write(
        "ropeway.toml",
        "[project]\nname = \"orders\"\n[source.orders]\npath = \"orders.csv\"\nkey = [\"id\"]\ntime = \"placed\"\n\
         known_at = \"paid\"\nknown_ahead = [\"id\", \"placed\", \"amount\", \"shop\"]\n\
         [examples]\ntable = \"orders\"\nkey = [\"id\"]\nat = \"placed\"\nlabel = \"late\"\nrequest = [\"amount\", \"shop\"]\n\
         [window.before]\ntable = \"orders\"\nby = [\"shop\"]\nover = \"60 days\"\nvalue = \"count(late)\"\n\
         [split]\nholdout = { by = \"random\", share = 0.2 }\nfolds = { by = \"random\", count = 3 }\n\
         [learn]\nlearners = [\"linear\"]\n",
    );
    folder.run(&["run", "--quiet"]).expect(0);
    let ended = folder.run(&["predict", "orders", "--in", "orders.csv", "--out", "named.csv"]).expect(0);
    let ended = ended.says("the prediction time of a row is its `placed`");
    assert!(!ended.stderr.contains("as of now"), "{}", ended.stderr);
    folder.write("at.csv", text.replacen("placed", "at", 1));
    folder.run(&["predict", "orders", "--in", "at.csv", "--out", "at_out.csv"]).expect(0);
    let last = |file: &str| -> Vec<String> {
        folder.read(file).lines().map(|line| line.rsplitn(4, ',').take(3).collect::<Vec<_>>().join(",")).collect()
    };
    assert_eq!(last("named.csv"), last("at_out.csv"));
    // The control: rows without any time are scored as of now, when more is known.
    folder.write("none.csv", text.replacen("placed", "ordered", 1));
    folder.run(&["predict", "orders", "--in", "none.csv", "--out", "none_out.csv"]).expect(0).says("as of now");
    assert_ne!(last("named.csv"), last("none_out.csv"));
    // A time about a person stays out of what is said of it.
    folder.edit("ropeway.toml", "key = [\"id\"]\ntime", "key = [\"id\"]\npersonal = [\"placed\"]\ntime");
    folder.run(&["run", "--quiet"]).expect(0);
    folder.write("odd.csv", text.replacen("2024-01-01T00:00:00Z", "the day of Ada", 1));
    let ended = folder.run(&["predict", "orders", "--in", "odd.csv", "--out", "odd_out.csv"]).expect(3);
    assert!(ended.stderr.contains("placed") && !ended.stderr.contains("Ada"), "{}", ended.stderr);
}

#[test]
fn a_file_in_single_quotes_is_scored_as_its_source_is_read_and_one_in_the_usual_quotes_too() {
    let folder = Folder::new();
    let row = |row: usize| {
        format!("'O''Neil; {}';{};{}\n", row % 7, row * 37 % 101, if row * 37 % 101 > 50 { "yes" } else { "no" })
    };
    folder.write("d.csv", "name;val;y\n".to_owned() + &(0..400).map(row).collect::<String>());
    folder.run(&["init", "d.csv", "--label", "y", "--name", "p"]).expect(0);
    folder.edit("ropeway.toml", "trials = 20", "trials = 1");
    folder.run(&["run", "--quiet"]).expect(0);
    for text in ["name;val\n'O''Neil; 3';80\n", "name;val\n\"O'Neil; 3\";80\n", "name,val\nO'Neil; 3,80\n"] {
        folder.write("new.csv", text);
        let rows = scored(&folder, "new.csv");
        assert_eq!(
            (&rows[0]["name"], rows[0]["decision"].is_null()),
            (&Value::from("O'Neil; 3"), false),
            "{text}: {rows:?}"
        );
    }
}
