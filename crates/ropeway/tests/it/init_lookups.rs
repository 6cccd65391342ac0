//! `ropeway init` of several files: those with a row a key that the rows of the first one find become lookups, with the share
//! of rows that do. Control: files whose keys do not match, or are none, are left alone, and it is said why.

use serde_json::{Value, json};

use crate::ropeway::Folder;

const ORDERS: u32 = 3_000;
const PRODUCTS: u32 = 150;

fn dice(row: u32, salt: u32) -> u32 {
    let mut x = (row + 1).wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 15)).wrapping_mul(0x2c1b_3c6d);
    x ^ (x >> 13)
}

/// What decides whether an order comes back, and only the file of products holds.
fn price(product: u32) -> u32 {
    500 + dice(product, 1) % 9_500
}

/// Orders, of which every thirtieth is of a product that the other file lacks.
fn orders() -> String {
    let row = |row: u32| {
        let product = dice(row, 2) % PRODUCTS;
        let name = if row.is_multiple_of(30) { "P999".to_owned() } else { format!("P{product:03}") };
        let returned = if price(product) + dice(row, 3) % 4_000 > 7_000 { "yes" } else { "no" };
        format!("{row},{name},{},{},{returned}\n", dice(row, 4) % 12, 1 + dice(row, 5) % 9)
    };
    "order_id,product_id,store_id,qty,returned\n".to_owned() + &(0..ORDERS).map(row).collect::<String>()
}

/// Products in the spelling of another country.
fn products() -> String {
    let row = |product: u32| {
        let kind = ["toys", "books", "food"][(dice(product, 6) % 3) as usize];
        format!("P{product:03};{kind};{},{:02} €\n", price(product) / 100, price(product) % 100)
    };
    "id;category;price\n".to_owned() + &(0..PRODUCTS).map(row).collect::<String>()
}

fn stores() -> String {
    let row = |store: u32| {
        format!("{store},{},{}\n", ["n", "s", "e"][(dice(store, 7) % 3) as usize], 50 + dice(store, 8) % 900)
    };
    "store_id,region,size\n".to_owned() + &(0..12).map(row).collect::<String>()
}

/// Files that are no lookups: another's keys, a key that comes twice, nothing but the key.
const OTHERS: [(&str, &str, &str); 7] = [
    ("codes.csv", "code,colour\nZ1,red\nZ2,blue\nZ3,red\n", "nor is one called as a column of it (`code`, `colour`)"),
    (
        "visits.csv",
        "store_id,day\n1,2\n1,2\n2,3\n2,3\n",
        "`store_id` is no key of it, with 2 different values in 4 rows",
    ),
    ("few.csv", "store_id,size\n0,5\n77,6\n78,7\n", "only 8."),
    ("gaps.csv", "product_id,size\nP001,5\n,6\nP003,7\n", "`product_id` is no key of it, missing in 1 of 3 rows"),
    ("names.csv", "qty,word\na,one\nb,two\nc,three\n", "`qty` is text in it and integer in `orders`"),
    ("labels.csv", "returned,word\nyes,one\nno,two\n", "`returned` is called as the label"),
    ("ids.csv", "store_id\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n", "it has no column to learn from"),
];

fn notes(started: &Value) -> String {
    started["notes"].to_string()
}

#[test]
fn files_whose_keys_match_are_looked_up_in() {
    let folder = Folder::new();
    folder.write("orders.csv", orders());
    folder.write("products.csv", products());
    folder.write("stores.csv", stores());
    // The file with the label is learned from, wherever it stands.
    let init =
        ["init", "products.csv", "orders.csv", "stores.csv", "--label", "returned", "--name", "returns", "--json"];
    let started = folder.run(&init).expect(0).json();
    let found = started["lookups"].as_array().unwrap();
    let check = |at: usize, file: &str, column: &str, key: &str, rows: u32, take: Value| {
        let lookup = &found[at];
        assert_eq!(
            (&lookup["file"], &lookup["column"], &lookup["key"]),
            (&json!(file), &json!([column]), &json!([key]))
        );
        assert_eq!((&lookup["found"], &lookup["of"], &lookup["take"]), (&json!(rows), &json!(ORDERS), &take), "{file}");
    };
    check(0, "products.csv", "product_id", "id", ORDERS - ORDERS / 30, json!(["category", "price"]));
    check(1, "stores.csv", "store_id", "store_id", ORDERS, json!(["region", "size"]));
    let toml = folder.read("ropeway.toml");
    for said in [
        "# 96.7% of the rows find their `product_id` in it, 2,900 of 3,000; the others get no value.\n[lookup.products]",
        "on = { product_id = \"id\" }",
        "on = [\"store_id\"]",
        "number = { decimal = \",\", unit = [\"€\"] }",
        "table = \"products_clean\"\nunique = [\"id\"]",
    ] {
        assert!(toml.contains(said), "`{said}` is not in\n{toml}");
    }
    let sql = folder.read("tables/products_clean.sql");
    assert!(sql.contains("one row for each id") && sql.ends_with("FROM products\n"), "{sql}");
    folder.run(&["check"]).expect(0);
    let report = folder.run(&["run", "--final", "--json", "--quiet"]).expect(0).json();
    assert_eq!(report["importance"][0]["feature"], "products_price", "{}", report["importance"]);
    // A key that comes twice later on stops the run.
    folder.write("products.csv", products() + "P000;toys;1,00 €\n");
    folder.run(&["run", "--quiet"]).expect(3).says("`products_clean` fails its check `unique (id)`");
}

#[test]
fn what_does_not_match_is_left_alone_and_it_is_said_why() {
    let folder = Folder::new();
    folder.write("orders.csv", orders());
    OTHERS.iter().for_each(|(name, text, _)| {
        folder.write(name, text);
    });
    let files: Vec<&str> = OTHERS.iter().map(|(name, ..)| *name).collect();
    let init = [&["init", "orders.csv"], &files[..], &["--label", "returned", "--json"]].concat();
    let started = folder.run(&init).expect(0).json();
    assert_eq!(started["lookups"], json!([]));
    for (name, _, why) in OTHERS {
        let said = notes(&started);
        assert!(said.contains(&format!("`{name}` is not used")) && said.contains(why), "{name}: {said}");
    }
    assert!(!folder.read("ropeway.toml").contains("lookup"), "{}", folder.read("ropeway.toml"));
    folder.run(&["check"]).expect(0);
}

#[test]
fn a_folder_of_different_files_is_taken_apart_and_one_of_equal_files_is_one_table() {
    let folder = Folder::new();
    folder.write("shop/orders.csv", orders());
    folder.write("shop/products.csv", products());
    folder.write("shop/stores.csv", stores());
    let started = folder.run(&["init", "shop", "--label", "returned", "--json"]).expect(0).json();
    assert_eq!((&started["rows"], started["lookups"].as_array().unwrap().len()), (&json!(ORDERS), 2), "{started}");
    folder.run(&["check"]).expect(0);
    let equal = Folder::new();
    equal.write("shop/1.csv", orders());
    equal.write("shop/2.csv", orders());
    let started = equal.run(&["init", "shop", "--label", "returned", "--json"]).expect(0).json();
    assert_eq!((&started["rows"], &started["lookups"]), (&json!(2 * ORDERS), &json!([])));
}

/// Rents by town and by kind of house, neither of which tells a row of them apart.
#[test]
fn columns_that_make_a_key_together_are_looked_up_by() {
    let rent = |town: u32, kind: u32| 400 + dice(town * 5 + kind, 11) % 900;
    let row = |row: u32| {
        let (town, kind) = (dice(row, 12) % 40, dice(row, 13) % 4);
        let paid = rent(town, kind) * 12 + dice(row, 14) % 300;
        format!("{row},t{town},{kind},{},{paid}\n", dice(row, 15) % 50)
    };
    let offers = "offer_id,Town,kind,age,paid\n".to_owned() + &(0..1_200).map(row).collect::<String>();
    let rents = |of: &dyn Fn(u32, u32) -> u32| {
        let rows =
            (0..160).map(|at| format!("t{},{},{},{}\n", of(at / 4, at % 4), at % 4, rent(at / 4, at % 4), at % 7));
        "town,kind,rent,seen\n".to_owned() + &rows.collect::<String>()
    };
    let started = |rents: &str| {
        let folder = Folder::new();
        folder.write("offers.csv", &offers);
        folder.write("rents.csv", rents);
        let init = ["init", "offers.csv", "rents.csv", "--label", "paid", "--name", "paid", "--json"];
        (folder.run(&init).expect(0).json(), folder)
    };
    let (said, folder) = started(&rents(&|town, _| town));
    let found = &said["lookups"][0];
    assert_eq!((&found["column"], &found["key"]), (&json!(["Town", "kind"]), &json!(["town", "kind"])), "{said}");
    assert_eq!(
        (&found["found"], &found["of"], &found["take"]),
        (&json!(1_200), &json!(1_200), &json!(["rent", "seen"]))
    );
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains("on = { Town = \"town\", kind = \"kind\" }"), "{toml}");
    folder.edit("ropeway.toml", "[\"linear\", \"boosted\"]", "[\"linear\"]");
    let report = folder.run(&["run", "--json", "--quiet"]).expect(0).json();
    let r2 = report["leaderboard"][0]["validation"]["r2"]["value"].as_f64().unwrap();
    assert!(r2 > 0.95, "the rent tells what was paid: {r2}");
    // Control: a town and a kind that stand twice are no key.
    let (said, _) = started(&rents(&|town, kind| if town == 3 && kind < 2 { 4 } else { town }));
    assert_eq!(said["lookups"], json!([]), "{said}");
    assert!(notes(&said).contains("nor do two or three together"), "{said}");
}

/// Depots, whose number the loads write without zeros, with people in them that other columns of the loads name, too.
#[test]
fn people_in_a_lookup_stay_masked_and_are_not_what_rows_are_found_by() {
    let name = |at: u32| {
        let given = ["Anna", "Peter", "Maria", "Thomas", "Julia", "Martin", "Laura", "David"][(at % 8) as usize];
        format!("{given} {}", ["Huber", "Novak", "Silva", "Moreau", "Keller", "Rossi"][(at / 8 % 6) as usize])
    };
    let mut loads = "load,depot_no,checked_in_by,pallets,late\n".to_owned();
    for row in 0..900 {
        let depot = dice(row, 21) % 40;
        let late = if dice(depot, 22) % 10 < 4 { "yes" } else { "no" };
        loads += &format!("{row},{},{},{},{late}\n", depot + 1, name(dice(row, 23) % 40), 1 + dice(row, 24) % 30);
    }
    let depots =
        (0..40).map(|at| format!("{:03},{},d{at}@depots.example,{}\n", at + 1, name(at), 10 + dice(at, 25) % 90));
    let folder = Folder::new();
    folder.write("loads.csv", loads);
    folder.write("depots.csv", "depot_no,manager,contact,doors\n".to_owned() + &depots.collect::<String>());
    let said =
        folder.run(&["init", "loads.csv", "depots.csv", "--label", "late", "--name", "p", "--json"]).expect(0).json();
    let found = &said["lookups"][0];
    assert_eq!((&found["column"], &found["take"]), (&json!(["depot_no"]), &json!(["doors"])), "{}", said["notes"]);
    let toml = folder.read("ropeway.toml");
    assert!(toml.contains("personal = [\"manager\", \"contact\"]"), "{toml}");
    for command in [&["table", "depots"][..], &["query", "SELECT * FROM depots LIMIT 3"]] {
        let shown = folder.run(command).expect(0).stdout;
        assert!(!shown.contains("@depots.example") && !shown.contains("Huber"), "{shown}");
    }
}

/// Codes with zeros in front, and the numbers of a list that is called otherwise, which most of them are.
#[test]
fn keys_that_match_under_another_name_are_told_with_the_share_of_rows() {
    let folder = Folder::new();
    let order = |row: u32| {
        let returned = if dice(row, 3).is_multiple_of(3) { "yes" } else { "no" };
        format!("{:04},{},{returned}\n", 1 + dice(row, 2) % 79, 1 + dice(row, 5) % 9)
    };
    folder.write("orders.csv", "prod,qty,returned\n".to_owned() + &(0..ORDERS).map(order).collect::<String>());
    let list = |of: u32| format!("{of},{}\n", dice(of, 8) % 900);
    folder.write("items.csv", "product_code,margin\n".to_owned() + &(1..75).map(list).collect::<String>());
    // Control: a list of which the numbers are those of no column that has as many.
    folder.write("days.csv", "day,note\n".to_owned() + &(1..366).map(list).collect::<String>());
    let started =
        folder.run(&["init", "orders.csv", "items.csv", "days.csv", "--label", "returned", "--json"]).expect(0).json();
    assert_eq!(started["lookups"], json!([]));
    let said = notes(&started);
    assert!(said.contains("of the rows would find their `prod` in it by `product_code`, 2,8"), "{said}");
    assert!(said.contains("`days.csv` is not used: no column of `orders` holds the values"), "{said}");
}
