//! The champion over several runs: a version of which a gate says no by now gives the alias back.

use crate::ropeway::{Ended, Folder};
use crate::shop::{PROJECT, folder};

/// Runs the shop with this window and gate.
fn run(shop: &Folder, window: &str, least: &str, code: i32) -> Ended {
    let gate = format!("\n[[gate]]\nthat = \"validation.roc_auc.value >= {least}\"\n");
    shop.write("ropeway.toml", format!("{}{gate}", PROJECT.replace("over = \"30 days\"", window)));
    shop.run(&["run", "--json"]).expect(code)
}

#[test]
fn the_champion_before_takes_over_where_a_gate_says_no_by_now() {
    let shop = folder();
    let (first, second) = ("over = \"30 days\"", "over = \"20 days\"");
    assert_eq!(run(&shop, first, "0.0", 0).json()["model"]["champion"], true);
    assert_eq!(run(&shop, second, "0.0", 0).json()["model"]["version"], 2);

    let fallen = run(&shop, second, "1.0", 3).says("shop@1, the champion before it, takes over");
    let model = &fallen.json()["model"];
    assert_eq!((&model["version"], &model["champion"]), (&2.into(), &false.into()));
    assert_eq!(model["lost"], serde_json::json!({ "gate": "validation.roc_auc.value >= 1.0", "heir": 1 }));
    let page = shop.run(&["show"]).expect(0).stdout;
    assert!(page.contains("shop@2 is the champion no more"), "{page}");
    assert_eq!(shop.run(&["models", "--json"]).expect(0).json()["models"][0]["aliases"]["champion"], 1);

    let none = run(&shop, first, "1.0", 3).says("there is none now").json();
    assert_eq!(none["model"]["lost"]["heir"], serde_json::Value::Null);
    let models = shop.run(&["models"]).expect(0).stdout;
    assert!(models.contains("champion became 1: the gate `validation.roc_auc.value >= 1.0` says no"), "{models}");
    assert!(models.contains("champion became none"), "{models}");
}
