//! `cargo xtask generate`: the files with known truth that the tests of the binary make, for `bench/tables`.

#[path = "../../crates/ropeway/tests/it/generated/mod.rs"]
mod files;

use std::path::Path;

use files::{FIRST, SENTINELS, Truth};

/// As many customers as the demonstration has.
const CUSTOMERS: u64 = 6_000;

/// Writes both files into a folder and says what is true of them.
pub fn run(folder: &str) -> Result<bool, String> {
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))
    };
    let (text, truth): (String, Truth) = files::messy(CUSTOMERS, 0);
    write("messy.csv", &text)?;
    println!(
        "messy.csv: {} rows of {} customers from {FIRST} on; {} with words in a number, {} others stand there twice; \
         `refund_reason` tells the label",
        truth.rows,
        truth.drawn.len(),
        truth.unreadable,
        truth.repeated
    );
    for (value, rows) in SENTINELS.iter().zip(truth.sentinels) {
        println!("  `{value}` stands for nothing in {rows} rows");
    }
    write("wide.csv", &files::wide())?;
    println!("wide.csv: 1000 rows of 200 columns, of which `c003`, `c077` and `c150` matter");
    Ok(true)
}
