//! Rows of totals between the rows of a table: `init` leaves out what sums up the rows above it, and `predict` does so, too.

use std::fmt::Write as _;

use crate::profile::dice;
use crate::ropeway::Folder;

/// Rows in months of thirty, each of them closed by a row of this label and the sum of the amounts, more what `off` says.
fn months(label: impl Fn(u64) -> String, off: impl Fn(u64) -> u64) -> String {
    let mut text = "id,depot,amount,late\n".to_owned();
    for month in 0..8 {
        let mut sum = 0;
        for row in month * 30..(month + 1) * 30 {
            let amount = 10 + dice(row, 1) % 90;
            sum += amount;
            let _ = writeln!(text, "{row},D{},{amount},{}", dice(row, 2) % 3, u8::from(amount > 60));
        }
        let _ = writeln!(text, "{},,{},", label(month), sum + off(month));
    }
    text
}

#[test]
fn subtotals_between_the_rows_are_left_out_of_training_and_of_scoring() {
    let folder = Folder::new();
    folder.write("t.csv", months(|month| format!("Subtotal month {month}"), |_| 0));
    let ended = folder.run(&["init", "t.csv", "--label", "late", "--name", "late"]).expect(0);
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains("comment = \"Subtotal \"") && !toml.contains("skip_footer"), "{toml}");
    let told = "8 rows are sums of others above and called so: `Subtotal month 0` on line 32";
    assert!(ended.stdout.contains(told), "{}", ended.stdout);
    folder.run(&["run", "--quiet"]).expect(0);
    let predict = || folder.run(&["predict", "late", "--in", "t.csv", "--out", "o.csv", "--json"]).expect(0);
    let ended = predict();
    assert_eq!((ended.json()["rows"].as_u64(), ended.json()["scored"].as_u64()), (Some(240), Some(240)), "{ended:?}");
    assert!(ended.stdout.contains("8 rows are sums of others above"), "{}", ended.stdout);
    // Rows that are called so and are no sums are rows of the file.
    folder.write("t.csv", months(|month| format!("Subtotal month {month}"), |_| 3));
    assert_eq!(predict().json()["rows"], 248);
}

#[test]
fn totals_that_no_beginning_tells_are_told_aloud() {
    for (label, off, says) in [("North Total", 0, "are sums of others"), ("Subtotal", 3, "not the sum of those above")]
    {
        let folder = Folder::new();
        folder.write("t.csv", months(|_| label.to_owned(), |month| if month == 2 { off } else { 0 }));
        let told = folder.run(&["init", "t.csv", "--label", "amount"]).expect(0).stdout;
        assert!(told.contains("LOOK at rows of totals") && told.contains(says), "{told}");
        assert!(!folder.read("ropeway.toml").contains("\ncomment ="));
    }
}
