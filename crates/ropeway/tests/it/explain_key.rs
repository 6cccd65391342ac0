//! `ropeway explain --key` as a person writes it: days as the file spells them, and values that hold commas.

use crate::ropeway::Folder;

#[test]
fn a_key_is_written_as_the_file_writes_it_and_a_comma_stands_in_quotes() {
    let folder = Folder::new();
    let mut csv = "customer;day;visits;gone\n".to_owned();
    for row in 0..300 {
        let customer = ["Smith, J", "Meier, \"\"K\"\"", "Ott"][row % 3];
        let gone = row * 7 % 13 > 6;
        csv.push_str(&format!(
            "\"{customer}\";{:02}.{:02}.2024;{};{gone}\n",
            1 + row / 3 % 25,
            1 + row / 75,
            row * 7 % 13
        ));
    }
    folder.write("d.csv", csv);
    folder.write(
        "ropeway.toml",
        "[project]\nname = \"shop\"\n[source.d]\npath = \"d.csv\"\ndelimiter = \";\"\ndates = [\"%d.%m.%Y\"]\nkey = [\"customer\", \"day\"]\n\
         static = true\n[examples]\ntable = \"d\"\nlabel = \"gone\"\nrequest = [\"visits\"]\n[learn]\nlearners = [\"linear\"]\n",
    );
    folder.run(&["run", "--quiet"]).expect(0);
    let explained = |key: &str| {
        let said = folder.run(&["explain", "shop@1", "--key", key, "--json"]).expect(0).json();
        said["probability"].as_f64().unwrap()
    };
    let iso = explained("Ott,2024-02-03");
    assert_eq!(explained("Ott,03.02.2024").to_bits(), iso.to_bits());
    assert_eq!(explained("day=03.02.2024,customer=Ott").to_bits(), iso.to_bits());
    explained("\"Smith, J\",03.02.2024");
    explained("customer=\"Meier, \"\"K\"\"\",day=03.02.2024");
    let refused = |key: &str, parts: &[&str]| folder.fails(&["explain", "shop@1", "--key", key], 1, parts);
    refused("Smith, J,03.02.2024", &["bad-key", "3 values were given", "stands in double quotes"]);
    refused("Ott,03.02.2025", &["unknown-example", "day=03.02.2025"]);
}
