//! The examples of `docs/project-file.md` are one project, which is sound and runs.

use crate::ropeway::Folder;
use crate::shop;

const PAGE: &str = include_str!("../../../../docs/project-file.md");

/// All examples of the page, one after the other.
fn examples() -> String {
    let mut inside = false;
    let mut out = String::new();
    for line in PAGE.lines() {
        match line {
            "```toml" => inside = true,
            "```" => inside = false,
            _ if inside => out.push_str(&format!("{line}\n")),
            _ => {}
        }
    }
    out
}

/// The shop with the project file of the page, and the one file that it reads and the shop has not.
fn folder() -> Folder {
    let folder = shop::folder();
    folder.write("ropeway.toml", examples());
    let mut prices = b"Prices of the season\r\narticle;buyer;price;since\r\n".to_vec();
    prices.extend_from_slice(
        b"00123;J\xf6rg;1.234,50 \x80;31.12.2023\r\n00124;Ana;n/a;01.02.2024\r\nTotal;;1.234,50;\r\n",
    );
    folder.write("data/prices.csv", prices);
    folder
}

#[test]
fn the_examples_are_a_project_that_runs() {
    let folder = folder();
    folder.run(&["check"]).expect(0);
    let report = folder.run(&["run", "--final", "--json"]).expect(0).json();
    assert_eq!(report["gates"][0]["passed"], true, "{report}");
    let read = folder.run(&["table", "prices", "--json"]).expect(0).json();
    assert_eq!(read["rows"][0]["buyer"], "***", "{read}");
    assert_eq!(read["rows"][0]["article"], "00123", "{read}");
    assert_eq!(read["rows"][0]["price"], 1234.5, "{read}");
    assert_eq!(read["rows"][0]["since"], "2023-12-31", "{read}");
}

#[test]
fn a_key_that_the_page_does_not_have_is_refused() {
    let folder = folder();
    folder.edit("ropeway.toml", "skip_footer = 1", "skip_footers = 1");
    folder.fails(&["check"], 1, &["skip_footers", "did you mean `skip_footer`?"]);
}
