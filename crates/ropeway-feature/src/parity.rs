//! One definition, three uses: the features of a whole table, of one request and of a state grown by inserts
//! are the same bits, under any shuffle of the input and any number of partitions; and they are what brute
//! force over all rows gives.

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Float64Type, Int64Type, TimestampMicrosecondType};
use ropeway_stat::{ExactSum, Rng};
use ropeway_table::Relation;
use ropeway_vocab::KNOWN_AT;

use crate::kernel::{Reader, Value};
use crate::plan::{FeaturePlan, StepKind};
use crate::rule::Rule;
use crate::scenario::{MINUTE, made, rows, settings, shuffled, tables};
use crate::state::KeyedState;

/// All cells of a batch, bit for bit.
fn cells(batch: &RecordBatch, plan: &FeaturePlan) -> Vec<Vec<Option<Value>>> {
    let specs = plan.features();
    let readers: Vec<Reader<'_>> =
        specs.iter().map(|s| Reader::new(batch.column_by_name(&s.name).unwrap(), s.ty).unwrap()).collect();
    (0..batch.num_rows()).map(|row| readers.iter().map(|reader| reader.get(row)).collect()).collect()
}

#[test]
fn shuffles_partitions_requests_and_inserts_give_the_same_bits() {
    let mut rng = Rng::new(5);
    let tables_one = tables(&[]).with_partitions(1);
    let (plan, _) = FeaturePlan::new(&settings(), &tables_one).unwrap();
    let sources = rows(11, 400, true);
    let all = made(&tables_one, &sources);
    let examples = plan.examples(&all["trips_clean"]).unwrap();
    let state = KeyedState::build(&plan, &all).unwrap();
    let base = cells(&plan.compute(&state, &examples.batch, Rule::STRICT).unwrap(), &plan);
    assert_eq!(base.len(), 400);

    for partitions in [1, 3, 7] {
        let tables = tables(&[]).with_partitions(partitions);
        let all = made(&tables, &shuffled(&sources, &mut rng));
        let again = plan.examples(&all["trips_clean"]).unwrap();
        assert_eq!(again.batch, examples.batch);
        let state = KeyedState::build(&plan, &all).unwrap();
        assert_eq!(cells(&plan.compute(&state, &again.batch, Rule::STRICT).unwrap(), &plan), base);
    }

    for row in (0..400).step_by(7) {
        let one = examples.batch.slice(row, 1);
        let got = cells(&plan.compute(&state, &one, Rule::STRICT).unwrap(), &plan);
        assert_eq!(got[0], base[row], "row {row}");
    }

    let grown = grown(&plan, &all, &mut rng);
    assert_eq!(cells(&plan.compute(&grown, &examples.batch, Rule::STRICT).unwrap(), &plan), base);
}

/// A state that saw the first half of every table at once and the rest in shuffled small pieces.
fn grown(plan: &FeaturePlan, all: &std::collections::BTreeMap<String, Relation>, rng: &mut Rng) -> KeyedState {
    let piece = |relation: &Relation, rows: &[u32]| {
        let batch = take_record_batch(relation.batch(), &UInt32Array::from(rows.to_vec())).unwrap();
        Relation::new(relation.schema().clone(), &[batch]).unwrap()
    };
    let (mut first, mut later) = (std::collections::BTreeMap::new(), Vec::new());
    for (name, relation) in all {
        let mut order: Vec<u32> = (0..relation.rows() as u32).collect();
        rng.shuffle(&mut order);
        let (now, then) = order.split_at(order.len() / 2);
        first.insert(name.clone(), piece(relation, now));
        later.extend(then.chunks(9).map(|rows| (name.clone(), piece(relation, rows))));
    }
    let mut state = KeyedState::build(plan, &first).unwrap();
    rng.shuffle(&mut later);
    for (name, rows) in &later {
        state.insert(name, rows).unwrap();
    }
    state
}

#[test]
fn steps_alone_give_what_all_together_give() {
    let tables = tables(&[]);
    let (plan, _) = FeaturePlan::new(&settings(), &tables).unwrap();
    let all = made(&tables, &rows(12, 150, true));
    let examples = plan.examples(&all["trips_clean"]).unwrap();
    let state = KeyedState::build(&plan, &all).unwrap();
    let whole = plan.compute(&state, &examples.batch, Rule::STRICT).unwrap();
    for step in plan.steps() {
        let own = match step.kind {
            StepKind::Lookup => KeyedState::of_lookup(&plan, &step.name, &all).unwrap(),
            StepKind::Window => KeyedState::of_window(&plan, &step.name, &all).unwrap(),
            StepKind::Derive => KeyedState::default(),
        };
        let inputs = step.inputs.iter().map(|name| {
            let array = whole.column_by_name(name).or(examples.batch.column_by_name(name)).unwrap();
            (name.as_str(), array.clone(), true)
        });
        let inputs =
            RecordBatch::try_from_iter_with_nullable(inputs).or_else(|_| Ok::<_, ()>(examples.batch.clone())).unwrap();
        let alone =
            plan.compute_step((step.kind, &step.name), &own, &inputs, Rule::STRICT, &|_| String::new()).unwrap();
        for output in &step.outputs {
            assert_eq!(alone.column_by_name(output), whole.column_by_name(output), "{output}");
        }
    }
}

#[test]
fn windows_and_lookups_are_what_brute_force_over_all_rows_gives() {
    let tables = tables(&[]);
    let (plan, _) = FeaturePlan::new(&settings(), &tables).unwrap();
    let all = made(&tables, &rows(13, 300, true));
    let examples = plan.examples(&all["trips_clean"]).unwrap();
    let state = KeyedState::build(&plan, &all).unwrap();
    let got = plan.compute(&state, &examples.batch, Rule::STRICT).unwrap();
    let text = |batch: &RecordBatch, name: &str, row: usize| {
        let array = batch.column_by_name(name).unwrap().as_string::<i32>();
        array.is_valid(row).then(|| array.value(row).to_string())
    };
    let time = |batch: &RecordBatch, name: &str, row: usize| {
        let array = batch.column_by_name(name).unwrap().as_primitive::<TimestampMicrosecondType>();
        array.is_valid(row).then(|| array.value(row))
    };
    let float = |batch: &RecordBatch, name: &str, row: usize| {
        let array = batch.column_by_name(name).unwrap().as_primitive::<Float64Type>();
        array.is_valid(row).then(|| array.value(row))
    };
    let integer = |batch: &RecordBatch, name: &str, row: usize| {
        let array = batch.column_by_name(name).unwrap().as_primitive::<Int64Type>();
        array.is_valid(row).then(|| array.value(row))
    };
    let (trips, weather) = (all["trips"].batch(), all["weather"].batch());
    for row in 0..examples.rows() {
        let at = time(&examples.batch, "at", row).unwrap();
        let seen = |over: i64, key: &str| {
            let wanted = text(&examples.batch, key, row);
            (0..trips.num_rows())
                .filter(|fact| {
                    let known = time(trips, KNOWN_AT, *fact);
                    let same = wanted.is_some() && text(trips, key, *fact) == wanted;
                    same && known.is_some_and(|known| known < at && at - over * 60 * MINUTE <= known)
                })
                .collect::<Vec<usize>>()
        };
        let sum: Vec<f64> = seen(12, "origin").into_iter().filter_map(|fact| float(trips, "load", fact)).collect();
        let expected = (!sum.is_empty()).then(|| sum.iter().copied().collect::<ExactSum>().round().to_bits());
        assert_eq!(float(&got, "load_sum", row).map(f64::to_bits), expected, "load_sum of {row}");
        let stamps: Vec<i128> =
            seen(12, "origin").into_iter().filter_map(|fact| integer(trips, "stamp", fact)).map(i128::from).collect();
        let expected = (!stamps.is_empty()).then(|| (stamps.iter().sum::<i128>() as f64).to_bits());
        assert_eq!(float(&got, "stamp_sum", row).map(f64::to_bits), expected, "stamp_sum of {row}");
        let count = got.column_by_name("trips").unwrap().as_primitive::<Int64Type>().value(row);
        assert_eq!(count, seen(6, "carrier").len() as i64, "trips of {row}");
        let newest = (0..weather.num_rows())
            .filter(|fact| {
                let hour = time(weather, "hour", *fact).unwrap();
                text(weather, "origin", *fact) == text(&examples.batch, "origin", row)
                    && hour <= at
                    && hour >= at - 180 * MINUTE
                    && time(weather, KNOWN_AT, *fact).unwrap() < at
            })
            .filter_map(|fact| time(weather, "hour", fact))
            .max();
        assert_eq!(time(&got, "weather_hour", row), newest, "weather of {row}");
    }
}

#[test]
fn a_duplicate_key_in_an_exact_lookup_is_named_and_changes_nothing() {
    let tables = tables(&[]);
    let (plan, _) = FeaturePlan::new(&settings(), &tables).unwrap();
    let all = made(&tables, &rows(14, 20, false));
    let mut state = KeyedState::build(&plan, &all).unwrap();
    let again = Relation::new(all["planes"].schema().clone(), &[all["planes"].batch().slice(3, 1)]).unwrap();
    let problem = state.insert("planes", &again).unwrap_err();
    assert!(problem.to_string().contains("tail = T"), "{problem}");
    assert_eq!(state.rows("planes"), 10);
    let planes = all["planes"].batch();
    let twice = concat_batches(planes.schema_ref(), [planes, &planes.slice(0, 1)]).unwrap();
    let mut broken = all.clone();
    broken.insert("planes".into(), Relation::new(all["planes"].schema().clone(), &[twice]).unwrap());
    assert!(KeyedState::build(&plan, &broken).unwrap_err().to_string().contains("unique"));
}

#[test]
fn examples_without_a_time_are_counted_and_labels_may_be_missing() {
    let tables = tables(&[]);
    let mut settings = settings();
    settings.examples.at = Some("CASE WHEN distance > 500 THEN sched_at END".into());
    let (plan, _) = FeaturePlan::new(&settings, &tables).unwrap();
    let all = made(&tables, &rows(15, 200, false));
    let examples = plan.examples(&all["trips_clean"]).unwrap();
    assert!(examples.without_at > 0 && examples.rows() as u64 + examples.without_at == 200);
    assert!(examples.labels().unwrap().null_count() > 0);
    assert_eq!(examples.labels().unwrap().null_count(), examples.label_known_at().unwrap().null_count());
    let hashes = examples.key_hashes(&plan).unwrap();
    assert_eq!(hashes.iter().collect::<std::collections::BTreeSet<_>>().len(), examples.rows());
}

#[test]
fn a_missing_input_column_is_named() {
    let tables = tables(&[]);
    let (plan, _) = FeaturePlan::new(&settings(), &tables).unwrap();
    let all = made(&tables, &rows(16, 20, false));
    let examples = plan.examples(&all["trips_clean"]).unwrap().batch;
    let state = KeyedState::build(&plan, &all).unwrap();
    let keep: Vec<usize> =
        (0..examples.num_columns()).filter(|i| examples.schema().field(*i).name() != "tail").collect();
    let problem = plan.compute(&state, &examples.project(&keep).unwrap(), Rule::STRICT).unwrap_err();
    assert!(problem.to_string().contains("`tail`"), "{problem}");
}
