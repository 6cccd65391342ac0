//! Fields of an example that the model does not read: a whole row of the file is taken, a slip is refused.

use serde_json::{Value, json};

use crate::served::Server;
use crate::shop;

const PREDICT: &str = "/v1/models/shop/predict";

#[test]
fn a_whole_row_of_the_source_is_answered_as_what_is_asked_of_it_and_a_slip_is_refused() {
    let folder = shop::trained();
    let server = Server::start(folder.path(), &[]);
    let row = shop::order(200);
    let mut example = json!({"amount": row["amount"], "country": row["country"], "at": row["placed"]});
    let asked = server.post(PREDICT, &json!({ "examples": [example] })).json();
    // `placed` is the column that `at` names; `id` and `returned` are not read.
    let whole = server.post(PREDICT, &json!({ "examples": [row] })).json();
    assert_eq!((&whole["predictions"], &whole["warnings"]), (&asked["predictions"], &Value::Null));
    let mut both = row.clone();
    both.insert("at".into(), row["placed"].clone());
    assert_eq!(server.post(PREDICT, &json!({ "examples": [both] })).json()["predictions"], asked["predictions"]);
    // Columns of other tables, and slips, are refused.
    example["amuont"] = json!(3);
    server.post(PREDICT, &json!({ "examples": [example] })).problem(422, "bad-row", &["did you mean `amount`?"]);
    server.post(PREDICT, &json!({ "examples": [{"visit": 3}] })).problem(422, "bad-row", &["`visit`", "is not known"]);
}
