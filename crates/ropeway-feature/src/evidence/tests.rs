//! The facts shown are those behind the value, and the printed SQL shows exactly them.

use ropeway_table::{query, row_json};

use crate::plan::FeaturePlan;
use crate::rule::Rule;
use crate::scenario::{made, rows, settings, tables, wait};
use crate::state::KeyedState;

#[test]
fn the_printed_query_shows_exactly_the_facts() {
    // A table may have a column with the name that known-at has for people.
    let tables = tables(&[("said", "SELECT *, leaves AS known_at FROM trips")]);
    let mut settings = settings();
    settings.window["load_dev"].table = "said".into();
    let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
    let all = made(&tables, &rows(41, 300, true));
    let examples = plan.examples(&all["trips_clean"]).unwrap().batch;
    let state = KeyedState::build(&plan, &all).unwrap();
    let mut shown = 0;
    for row in (100..300).step_by(23) {
        let evidence = plan.evidence(&state, &examples.slice(row, 1), Rule::STRICT).unwrap();
        assert_eq!(evidence.len(), plan.features().len());
        for feature in &evidence {
            let Some(sql) = &feature.sql else { continue };
            let name = sql.split(" FROM \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert_eq!(sql.contains("__known_at"), name == "said", "{sql}");
            let batches = wait(query(sql, &all)).unwrap_or_else(|problem| panic!("{sql}: {problem}"));
            let found: usize = batches.iter().map(arrow::array::RecordBatch::num_rows).sum();
            assert_eq!(found as u64, feature.total, "{}: {sql}", feature.feature);
            let mut ours: Vec<String> = feature.facts.iter().map(|fact| format!("{:?}", fact.row)).collect();
            let mut theirs = Vec::new();
            for batch in &batches {
                let rows = 0..batch.num_rows();
                theirs.extend(rows.map(|row| format!("{:?}", row_json(all[name].schema(), batch, row, true))));
            }
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs, "{sql}");
            shown += found;
        }
    }
    assert!(shown > 200, "{shown}");
}
