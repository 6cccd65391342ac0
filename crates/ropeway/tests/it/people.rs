//! A project about people, small and without time, whose only file the test can spoil.

use std::fmt::Write;

use crate::ropeway::Folder;

/// The project file.
pub const PROJECT: &str = include_str!("people.toml");

/// Rows in the sound file.
pub const ROWS: u32 = 300;

/// The sound file, `age` and `gone` as these functions of the id say.
pub fn table(age: impl Fn(u32) -> String, gone: impl Fn(u32) -> String) -> String {
    let mut text = String::from("id,age,city,joined,gone\n");
    for id in 0..ROWS {
        let city = ["Bern", "Wien", "Graz"][id as usize % 3];
        let _ = writeln!(text, "{id},{},{city},2024-01-{:02},{}", age(id), 1 + id % 28, gone(id));
    }
    text
}

/// An age.
pub fn age(id: u32) -> String {
    format!("{}", 18 + id * 13 % 70)
}

/// Whether someone is gone: the old more often.
pub fn gone(id: u32) -> String {
    (id.wrapping_mul(2_654_435_761) >> 16 & 127 < 18 + id * 13 % 70).to_string()
}

/// The sound file.
pub fn sound() -> String {
    table(age, gone)
}

/// The project over a file with these bytes.
pub fn project(data: impl AsRef<[u8]>) -> Folder {
    let folder = Folder::new();
    folder.write("ropeway.toml", PROJECT);
    folder.write("tables/people_clean.sql", "SELECT id, age, city, joined, gone\nFROM people\n");
    folder.write("data/people.csv", data);
    folder
}
