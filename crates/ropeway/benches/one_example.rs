//! How long one example takes in process, features and score together: the state is built once, then every row of a
//! file is asked for alone. Prints one JSON object; times are microseconds.
//!
//!     cargo bench -p ropeway --bench one_example -- PROJECT PACKAGE.ropeway EXAMPLES.parquet

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ropeway_package::{Package, Predictor, Relations};
use ropeway_project::{Project, SectionSpec};
use ropeway_registry::GateSettings;
use ropeway_source::{SourceSettings, Wanted, open_stream};
use ropeway_vocab::{Problem, Result};

/// Examples asked for before any is timed.
const WARM_UP: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [root, package, examples] = arguments.as_slice() else {
        return Err(Problem::invalid("usage", "give PROJECT PACKAGE.ropeway EXAMPLES.parquet"));
    };
    let project = Project::load_with(Path::new(root), &[SectionSpec::list::<GateSettings>("gate")])?;
    let package = Arc::new(Package::open_file(Path::new(package))?);
    let started = Instant::now();
    let relations =
        Relations::load(&package, &project.root, &project.source_paths(), &project.root.join(".ropeway")).await?;
    let predictor = Predictor::new(Arc::clone(&package), &relations.by_name)?;
    let state_s = started.elapsed().as_secs_f64();
    let mut micros = timed(&predictor, Path::new(examples))?;
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[((micros.len() - 1) as f64 * share).round() as usize];
    println!(
        "{}",
        serde_json::json!({
            "examples": micros.len(), "features": package.contents.model.features().len(),
            "trees": package.contents.model.fitted.trees(), "state_s": state_s,
            "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1.0),
        })
    );
    Ok(())
}

fn timed(predictor: &Predictor, examples: &Path) -> Result<Vec<f64>> {
    let columns = predictor.package().contents.plan.input_columns();
    let wanted: Vec<Wanted> = columns
        .into_iter()
        .map(|column| Wanted {
            name: column.name,
            called: None,
            ty: column.ty,
            required: true,
            personal: column.personal,
        })
        .collect();
    let mut micros = Vec::new();
    for batch in open_stream(examples, &SourceSettings::of_file(""), &wanted)? {
        let rows = batch?.rows;
        for row in 0..rows.num_rows() {
            let one = rows.slice(row, 1);
            let started = Instant::now();
            std::hint::black_box(predictor.answer(&one)?);
            micros.push(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    if micros.len() <= WARM_UP {
        return Err(Problem::invalid("few-examples", format!("give more than {WARM_UP} examples")));
    }
    Ok(micros.split_off(WARM_UP))
}
