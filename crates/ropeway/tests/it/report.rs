//! The page about a run: there after every run, whole by itself, with an account of rows that adds up, and with whatever stands in
//! the data as text.

use serde_json::Value;

use crate::people;
use crate::ropeway::Folder;
use crate::tasks;

const SECTIONS: [&str; 10] = [
    "data",
    "rows",
    "findings",
    "leaderboard",
    "evaluation",
    "importance",
    "dependence",
    "usage",
    "lineage",
    "reproduce",
];

/// Runs, and gives the report and the page.
fn run(folder: &Folder, arguments: &[&str]) -> (Value, String) {
    let report = folder.run(&[&["run", "--json", "--quiet"], arguments].concat()).expect(0).json();
    let page = folder.read(report["places"]["report"].as_str().unwrap());
    (report, page)
}

/// What a page must be, whatever it is of.
#[track_caller]
fn sound(page: &str) {
    assert!(page.starts_with("<!DOCTYPE html>") && page.len() < 3_000_000, "{} bytes", page.len());
    for foreign in ["http://", "https://", "<script", "@import", "url(", " src=", "<link", "<iframe", "javascript:"] {
        assert!(!page.contains(foreign), "the page has `{foreign}`");
    }
    for odd in ["NaN", "\"inf", "Infinity"] {
        assert!(!page.contains(odd), "the page has `{odd}`");
    }
    for (place, _) in page.match_indices("<svg") {
        let tag = &page[place..place + page[place..].find('>').unwrap()];
        let told = tag.contains("role=\"img\"") && tag.contains("aria-label=\"");
        assert!(told || tag.contains("aria-hidden=\"true\""), "nobody is told what `{tag}` shows");
    }
    assert!(!page.contains("\"></th>"), "a heading without words");
    for figure in page.split("<figure>").skip(1) {
        assert!(figure.split("</figure>").next().unwrap().contains("<table"), "a chart without a table: {figure:.200}");
    }
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("width=device-width"));
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    texts.iter().for_each(|text| assert!(page.contains(text), "`{text}` is not on the page"));
}

/// Follows every account of rows on the page; how many sums it checked, or the first that is wrong.
fn adds_up(page: &str) -> Result<usize, String> {
    let mut sums = 0;
    for account in page.split("aria-label=\"Account of rows\"").skip(1) {
        let table = account.split("</table>").next().unwrap();
        let mut running: Option<i64> = None;
        for row in table.split("<tr>").skip(2) {
            let text = |tag: &str| row.split(tag).nth(1).unwrap().split('>').nth(1).unwrap().split('<').next().unwrap();
            let (what, rows) = (text("<th "), text("<td "));
            let rows: i64 = rows.replace(',', "").parse().map_err(|_| format!("{what}: {rows}"))?;
            running = match (what.chars().next(), running) {
                (Some('−'), Some(sum)) => Some(sum - rows),
                (Some('+'), Some(sum)) => Some(sum + rows),
                (Some('='), Some(sum)) if sum == rows => {
                    sums += 1;
                    Some(rows)
                }
                (Some('='), Some(sum)) => return Err(format!("{what}: {rows} instead of {sum}")),
                _ => Some(rows),
            };
        }
    }
    Ok(sums)
}

#[test]
fn every_run_of_two_classes_has_a_page_with_all_its_figures() {
    let folder = people::project(people::table(
        |id| if id % 20 == 19 { "ancient".into() } else { people::age(id) },
        people::gone,
    ));
    folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\ntypes = { age = \"integer\" }\ntolerate = 0.06");
    let (report, page) = run(&folder, &["--final"]);
    sound(&page);
    SECTIONS.iter().for_each(|id| has(&page, &[&format!("<h2 id=\"{id}\"")]));
    has(&page, &["ROC", "Precision and recall", "Calibration", "Lift", "Threshold and expected cost", "Decisions"]);
    has(&page, &["1st look", "ropeway run --final", report["model"]["digest"].as_str().unwrap()]);
    // 300 rows of which 15 are in quarantine, with the reason and without the value.
    has(&page, &[">300<", ">285<", ">15<", "Rows in quarantine"]);
    assert_eq!(
        adds_up(&page),
        Ok(6),
        "kept, rows of the source; rows of the table; examples, labelled, to learn from of the table"
    );
    // The control: an account with another number in it does not add up.
    let (before, accounts) = page.split_once("Account of rows").unwrap();
    let wrong = format!("{before}Account of rows{}", accounts.replacen(">285<", ">286<", 1));
    assert_eq!(adds_up(&wrong), Err("= kept: 286 instead of 285".into()));

    // It can be made again from the record, also elsewhere, and is the same.
    let again = folder.run(&["report", "r1", "--out", "out/a page.html", "--json"]).expect(0).json();
    assert_eq!((again["run"].as_str(), again["bytes"].as_u64()), (Some("r1"), Some(page.len() as u64)));
    assert_eq!(folder.read("out/a page.html"), page);
    std::fs::remove_dir_all(folder.path().join(".ropeway/reports")).unwrap();
    folder.run(&["report"]).expect(0);
    assert_eq!(folder.read(".ropeway/reports/r1.html"), page);
    folder.fails(&["report", "r9"], 1, &["there is no run `r9`"]);
}

#[test]
fn what_filters_and_distinct_take_and_what_stands_around_a_table_is_in_the_account() {
    let mut text = format!("# made by hand\nPeople\n{}", people::sound());
    let copies: Vec<&str> = text.lines().skip(10).take(5).collect();
    let copies = copies.join("\n");
    text += &format!("{copies}\n# the end\nTotal,,,,\n");
    let folder = people::project(text);
    folder.edit("ropeway.toml", "key = [\"id\"]\n", "comment = \"#\"\nskip_lines = 2\nskip_footer = 1\n");
    folder.write(
        "tables/people_clean.sql",
        "SELECT DISTINCT id, age, city, joined, gone\nFROM people\nWHERE\n  age < 80",
    );
    let check = "\n[[check]]\ntable = \"people_clean\"\nthat = \"age > 18\"\notherwise = \"reject\"\ntolerate = 0.5\n";
    folder.write("ropeway.toml", folder.read("ropeway.toml") + check);
    let (_, page) = run(&folder, &[]);
    sound(&page);
    // 305 rows in the file; of 300 people 35 are of 80 or more, and 5 of 18.
    has(&page, &["lines and rows in files", "comments", "rows below the table, such as totals"]);
    has(&page, &["left out by a filter (tables/people_clean.sql:4)", "left out by the check age &gt; 18"]);
    has(&page, &["left out by DISTINCT, which takes equal rows as one (tables/people_clean.sql:1)"]);
    assert_eq!(adds_up(&page), Ok(7));
    // A join is no step by itself, and adds up with what it makes.
    folder.write(
        "tables/people_clean.sql",
        "SELECT p.id, p.age, p.city, p.joined, p.gone FROM people p JOIN people q ON p.id = q.id WHERE p.age < 80",
    );
    let (_, page) = run(&folder, &[]);
    has(&page, &["+ rows of people", "left out by the joins and filters of tables/people_clean.sql"]);
    assert_eq!(adds_up(&page), Ok(7));
}

#[test]
fn a_run_that_came_to_no_end_has_no_page_and_says_what_shows_it() {
    let folder = people::project(people::sound());
    folder.edit("ropeway.toml", "label = \"gone\"", "label = \"gone and id < 0\"");
    folder.run(&["run", "--quiet"]).expect(1);
    folder.fails(&["report"], 1, &["run r1 ended as failed", "`ropeway show r1`"]);
}

#[test]
fn labels_of_several_classes_and_numbers_have_their_own_charts() {
    let (_, page) = run(&tasks::classes(""), &["--final"]);
    sound(&page);
    has(&page, &["Decisions", "ROC of each class against the rest", "storm", "Calibration", "is ↓ decided →"]);
    assert!(adds_up(&page).unwrap() >= 5);
    let (_, page) = run(&tasks::number(""), &[]);
    sound(&page);
    has(&page, &["Predicted and true", "Residuals", "Error by tenth of the predictions", "How often intervals hold"]);
    has(&page, &["The holdout was not opened", "of the baseline"]);
    let number = |after: &str| page.split_once(after).unwrap().1.split(' ').next().unwrap().to_owned();
    let answers = page.split_once("The answers of ").unwrap().1.split_once(" to ").unwrap().1;
    assert_eq!(number(" in validation on "), answers.split(' ').next().unwrap(), "the rows that the figure is of");
    has(&page, &["the project has no time", "dealt into five parts"]);
    assert!(adds_up(&page).unwrap() >= 5);
}

#[test]
fn where_there_is_nothing_to_learn_the_page_says_so() {
    let folder =
        people::project(people::table(people::age, |id| (id.wrapping_mul(2_654_435_761) >> 13 & 1 == 1).to_string()));
    let (_, page) = run(&folder, &[]);
    has(&page, &["There is nothing to learn here"]);
    let (_, page) = run(&tasks::number(""), &[]);
    assert!(!page.contains("There is nothing to learn here"), "the control has something to learn");
}

#[test]
fn one_far_label_does_not_hide_what_is_learned() {
    let project = |far: u32| {
        let folder = Folder::new();
        let mut csv = "id,x,amount\n".to_owned();
        for id in 0_u32..400 {
            let noise = f64::from(id.wrapping_mul(2_654_435_761) >> 20) / 200.0;
            let x = f64::from(id * 7 % 101) / 4.0;
            let amount = if id == far { 300.0 } else { x + noise };
            csv.push_str(&format!("{id},{x},{amount}\n"));
        }
        folder.write("d.csv", csv);
        folder.write(
            "ropeway.toml",
            "[project]\nname = \"far\"\n[source.d]\npath = \"d.csv\"\nkey = [\"id\"]\nstatic = true\n[examples]\ntable = \"d\"\n\
             label = \"amount\"\nrequest = [\"x\"]\n[learn]\ntask = \"regression\"\nlearners = [\"linear\"]\n",
        );
        folder
    };
    let says = |far: u32, flags: &[&str], part: &str| {
        let (_, page) = run(&project(far), flags);
        has(&page, &[part]);
    };
    // Far where the model expects much: the interval holds the figure of the baseline, and row by row they differ.
    says(12, &[], "Linear won: rmse ");
    // Where it expects little, that row costs what all others gain, and only rows without one like it tell.
    says(29, &[], "There is nothing to learn here that can be told from chance");
    says(29, &["--final"], "does not tell linear from the baseline");
    says(29, &["--final"], "but the holdout does: r2 there is ");
}

#[test]
fn the_worst_segment_is_the_one_that_nobody_can_predict() {
    let folder = Folder::new();
    let mut csv = "id,kind,x,amount\n".to_owned();
    for id in 0_u32..3_000 {
        let (kind, x) = (["plain", "wild", "calm"][id as usize % 3], f64::from(id * 7 % 101));
        let noise = f64::from(id.wrapping_mul(2_654_435_761) >> 20) / 20.0;
        csv.push_str(&format!("{id},{kind},{x},{}\n", x + if kind == "wild" { noise } else { noise / 100.0 }));
    }
    folder.write("d.csv", csv);
    folder.write(
        "ropeway.toml",
        "[project]\nname = \"wild\"\n[source.d]\npath = \"d.csv\"\nkey = [\"id\"]\nstatic = true\n[examples]\ntable = \"d\"\n\
         label = \"amount\"\nrequest = [\"kind\", \"x\"]\n[learn]\ntask = \"regression\"\nlearners = [\"linear\"]\n",
    );
    let (_, page) = run(&folder, &[]);
    sound(&page);
    let worst = page.split("aria-label=\"Worst segments\"").nth(1).unwrap().split("</table>").next().unwrap();
    let row = |number: usize| worst.split("<tr>").nth(number).unwrap();
    assert!(row(2).contains(">wild<"), "{}", row(2));
    assert!(!row(3).contains(">wild<") && row(1).contains("where it is"));
}

#[test]
fn html_in_names_and_values_is_text() {
    let folder = Folder::new();
    let (script, image) = ("<script>alert(1)</script>", "<img src=x onerror=alert(2)>");
    let mut csv = format!("id,\"{script}\",kind\n");
    for id in 0..400 {
        let (value, kind) = ([script, "plain"][id % 2], [image, "calm", "\"\"\" onload=alert(3)"][id % 3]);
        let kind = if id % 7 == 0 { "calm" } else { kind };
        csv.push_str(&format!("{id},\"{value}\",\"{}\"\n", kind.replace("\"\"\"", "'")));
    }
    csv.push_str("x,\"a\",\"<b>no number</b>\"\n");
    folder.write("d.csv", csv);
    folder.write(
        "ropeway.toml",
        format!(
            "[project]\nname = \"odd\"\ngoal = \"</title>{script}\"\n[source.d]\npath = \"d.csv\"\nkey = [\"id\"]\nstatic = true\n\
             types = {{ id = \"integer\" }}\ntolerate = 0.1\n[examples]\ntable = \"d\"\nlabel = \"kind\"\n\
             request = [\"{script}\"]\n[learn]\ntask = \"multiclass\"\nlearners = [\"linear\"]\n"
        ),
    );
    let (_, page) = run(&folder, &["--final"]);
    sound(&page.replace("&lt;img src=x", ""));
    has(
        &page,
        &["&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;img src=x onerror=alert(2)&gt;", "Goal: &lt;/title&gt;"],
    );
    assert!(
        !page.contains("<img")
            && !page.contains("<b>")
            && page.matches("</title>").count() == page.matches("<title>").count()
    );
    has(&page, &["default-src &#39;none&#39;"]);
}

#[test]
fn nothing_of_a_person_is_on_the_page() {
    let folder = people::project(people::sound());
    folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\npersonal = [\"city\"]");
    let (_, page) = run(&folder, &[]);
    assert!(!page.contains("Wien") && page.contains("personal, not shown"));
    folder.edit("ropeway.toml", "personal = [\"city\"]", "");
    let (_, page) = run(&folder, &[]);
    has(&page, &["Wien"]);
    // What is personal by now is not shown of earlier runs either.
    folder.edit("ropeway.toml", "key = [\"id\"]", "key = [\"id\"]\npersonal = [\"city\"]");
    folder.run(&["report", "r2", "--out", "r2.html"]).expect(0);
    assert!(!folder.read("r2.html").contains("Wien"));
}
