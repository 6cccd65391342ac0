//! Project files and SQL of any content: `check` accepts them or says what is wrong and what to do; it never panics and
//! never calls it a defect.

use ropeway_stat::Rng;

use crate::ropeway::Folder;
use crate::shop;

/// How many projects are tried: the same ones every time, in some seconds.
const PROJECTS: u32 = 140;

/// What a slip or a malicious hand may put anywhere in a project file.
const SLIPS: [&str; 28] = [
    "",
    " ",
    "\n",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ",",
    "#",
    "0",
    "-1",
    "1e999",
    "nan",
    "true",
    "\"\"",
    "[]",
    "{}",
    "\u{feff}",
    "é",
    "\u{0}",
    "\\",
    "[source.orders]",
    "9999999999999999999",
];

const COLUMNS: [&str; 6] = ["id", "placed", "amount", "country", "returned", "nothing"];
const LITERALS: [&str; 13] = [
    "1",
    "0",
    "2.5",
    "NULL",
    "'DE'",
    "''",
    "TRUE",
    "INTERVAL '1 month'",
    "DATE '2024-01-01'",
    "TIMESTAMP '2024-01-01'",
    "9223372036854775807",
    "1e308",
    "X'00'",
];
const OPERATORS: [&str; 14] =
    ["+", "-", "*", "/", "%", "=", "<>", "<", "AND", "OR", "||", "IS DISTINCT FROM", "LIKE", "~"];
const FUNCTIONS: [&str; 20] = [
    "abs",
    "coalesce",
    "length",
    "date_part",
    "date_trunc",
    "sqrt",
    "nullif",
    "concat",
    "substr",
    "round",
    "count",
    "sum",
    "max",
    "stddev",
    "array_agg",
    "now",
    "random",
    "make_array",
    "to_timestamp",
    "no_such_function",
];
const TYPES: [&str; 8] = ["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "DECIMAL(10,2)", "BYTEA"];

/// Where an expression stands in the project file.
const PLACES: [&str; 8] = [
    "label = \"returned\"",
    "large = \"amount > 50\"",
    "that = \"amount >= 0\"",
    "value = \"count(returned)\"",
    "value = \"sum(visits)\"",
    "known_at = \"placed + 7 * INTERVAL '1 day'\"",
    "at = \"placed\"",
    "holdout = { by = \"time\", share = 0.2 }",
];

/// Sections that may be added, whole.
const SECTIONS: [&str; 7] = [
    "[window.more]\ntable = \"orders\"\nby = [\"country\"]\nover = \"9 days\"\nvalue = \"sum(amount)\"\nwhere = \"EXPR\"\n",
    "[lookup.more]\ntable = \"visits_daily\"\non = [\"country\"]\nas_of = \"EXPR\"\ntake = [\"visits\"]\n",
    "[[check]]\ntable = \"orders\"\nunique = [\"EXPR\"]\n",
    "[[check]]\ntable = \"orders\"\nreferences = { columns = [\"id\"], table = \"orders_clean\", to = [\"EXPR\"] }\n",
    "[[check]]\ntable = \"orders\"\nrows = \"EXPR\"\n",
    "[[gate]]\nthat = \"EXPR\"\n",
    "[source.more]\npath = \"data/orders.csv\"\nknown_at = \"EXPR\"\n",
];

/// Statements in place of `tables/orders_clean.sql`.
const STATEMENTS: [&str; 9] = [
    "SELECT id, placed, amount, country, returned, EXPR AS more FROM orders",
    "SELECT id, placed, amount, country, returned FROM orders WHERE EXPR",
    "SELECT id, placed, EXPR AS amount, country, returned FROM orders",
    "SELECT o.* FROM orders o LEFT JOIN countries c ON o.country = c.country AND EXPR",
    "SELECT * FROM orders UNION ALL SELECT * FROM orders WHERE EXPR",
    "SELECT max(id) AS id, placed, EXPR AS amount, country, returned FROM orders GROUP BY placed, country, returned",
    "WITH x AS (SELECT * FROM orders WHERE EXPR) SELECT * FROM x ORDER BY EXPR LIMIT 9",
    "SELECT * FROM orders WHERE id IN (SELECT visit FROM visits WHERE EXPR)",
    "SELECT id, placed, amount, country, EXPR OVER (PARTITION BY country ORDER BY id) AS returned FROM orders",
];

fn one_of<'a>(rng: &mut Rng, parts: &[&'a str]) -> &'a str {
    parts[rng.index(parts.len())]
}

/// An SQL expression that mostly parses; whether it means anything is another matter.
fn expression(rng: &mut Rng, depth: u32) -> String {
    let deeper = |rng: &mut Rng| expression(rng, depth - 1);
    match if depth == 0 { 0 } else { rng.index(13) } {
        0..=2 => one_of(rng, &COLUMNS).into(),
        3 | 4 => one_of(rng, &LITERALS).into(),
        5 | 6 => format!("({} {} {})", deeper(rng), one_of(rng, &OPERATORS), deeper(rng)),
        7 | 8 => {
            let arguments: Vec<String> = (0..rng.index(4)).map(|_| deeper(rng)).collect();
            format!("{}({})", one_of(rng, &FUNCTIONS), arguments.join(", "))
        }
        9 => format!("CASE WHEN {} THEN {} ELSE {} END", deeper(rng), deeper(rng), deeper(rng)),
        10 => format!("CAST({} AS {})", deeper(rng), one_of(rng, &TYPES)),
        11 => format!("{} IN ({}, {})", deeper(rng), deeper(rng), deeper(rng)),
        _ => format!("(SELECT max({}) FROM orders)", deeper(rng)),
    }
}

/// Replaces a random stretch of the text.
fn spoilt(text: &str, rng: &mut Rng) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let from = rng.index(places.len());
    let to = (from + [0, 0, 1, 3, 12][rng.index(5)]).min(places.len() - 1);
    format!("{}{}{}", &text[..places[from]], one_of(rng, &SLIPS), &text[places[to]..])
}

/// Puts an expression, a section, a statement or a slip into the shop; gives what is wrong with it, for messages.
fn spoil(folder: &Folder, sound: &str, rng: &mut Rng) -> String {
    let mut file = shop::PROJECT.to_owned();
    folder.write("tables/orders_clean.sql", sound);
    let expression = expression(rng, 3);
    match rng.index(8) {
        0..=2 => {
            let place = one_of(rng, &PLACES);
            assert!(file.contains(place), "`{place}` is not in the project file");
            let key = place.split_once(" = ").unwrap().0;
            file = file.replacen(place, &format!("{key} = \"{expression}\""), 1);
        }
        3 => file = format!("{file}\n{}", one_of(rng, &SECTIONS).replace("EXPR", &expression)),
        4..=6 => {
            let statement = one_of(rng, &STATEMENTS).replace("EXPR", &expression);
            folder.write("tables/orders_clean.sql", &statement);
            file.push_str(&format!("# {}\n", statement.replace('\n', " ")));
        }
        _ => file = spoilt(&file, rng),
    }
    folder.write("ropeway.toml", &file);
    file
}

#[test]
fn check_says_what_is_wrong_with_anything() {
    let folder = shop::folder();
    let sound = folder.read("tables/orders_clean.sql");
    let mut rng = Rng::new(7);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..PROJECTS {
        let file = spoil(&folder, &sound, &mut rng);
        let ended = folder.run(&["check", "--json"]);
        let said = &ended.stderr;
        assert!([0, 1, 3].contains(&ended.code), "{}: {said}\n{file}", ended.code);
        assert!(!said.contains("panicked") && !said.contains("defect"), "{said}\n{file}");
        if ended.code == 0 {
            accepted += 1;
            continue;
        }
        refused += 1;
        for problem in ended.json()["problems"].as_array().unwrap() {
            let remedy = problem["remedy"].as_str().unwrap_or_default();
            assert!(!remedy.is_empty() && problem["code"] != "internal", "{problem}\n{file}");
        }
    }
    assert!(accepted >= 3 && refused > 50, "{accepted} accepted, {refused} refused");
}
