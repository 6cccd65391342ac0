//! A CSV file whose columns something else than commas separates: told by what its header and rows show, and read so
//! only where that is declared.

use ropeway_source::SourceSettings;
use ropeway_vocab::Kind;

use crate::folder::{Folder, file};
use crate::hostile::refused;

#[test]
fn another_delimiter_than_commas_is_told_and_one_column_may_be_meant() {
    let check = |text: &str, says: &[&str]| {
        let folder = Folder::with("x.csv", text);
        refused(&folder, &file("x.csv"), Kind::Invalid, "delimiter", &[says, &["x.csv:1"]].concat());
        let proposed =
            ropeway_source::propose::propose("x.csv".as_ref(), folder.root(), &Default::default()).unwrap().settings;
        assert!(proposed.delimiter.is_some(), "what is refused is what would be proposed: {text}");
        assert!(folder.read_all(&proposed).columns.len() > 1, "{text}");
    };
    check("a\tb\n1\t2\n", &["1 column between commas, and 2 between tabs", "`delimiter = \"tab\"`"]);
    check("a;b;c\n1,5;2,5;x\n", &["1 column between commas, and 3 between semicolons", "`delimiter = \";\"`"]);
    check("a|b\n1|2\n", &["2 between pipes", "`delimiter = \"|\"`"]);
    check(
        "name, first\tage\tcity\nAda\t3\tBern\nBob, jr\t4\tBern\n",
        &["2 columns between commas, and 3 between tabs"],
    );
    let same = |text: &str, settings: SourceSettings, columns: usize| {
        let folder = Folder::with("x.csv", text);
        assert_eq!(folder.read_all(&settings).columns.len(), columns, "{text}");
    };
    same("a;b\n1\n2\n", file("x.csv"), 1);
    same("a;b\n1;2\n", SourceSettings { delimiter: Some(",".into()), ..file("x.csv") }, 1);
    same("\"a;b\",\"c;d\"\n\"1;2\",\"3;4\"\n", file("x.csv"), 2);
    same("id,tags\n1,x|y|z\n2,x|y|z\n", file("x.csv"), 2);
    same("a\n1;2\n", file("x.csv"), 1);
    refused(
        &Folder::with("x.csv", "a\tb,c\n1,2\n"),
        &file("x.csv"),
        Kind::Invalid,
        "column-name",
        &["delimiter = \"tab\""],
    );
}
