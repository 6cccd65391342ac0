//! Few rows and many columns.

use super::Dice;

/// A thousand rows of 200 columns and a label, for which `c003`, `c077` and `c150` matter alone.
pub fn wide() -> String {
    let mut dice = Dice(11);
    let names: Vec<String> = (0..200).map(|column| format!("c{column:03}")).collect();
    let mut text = format!("{},target\n", names.join(","));
    for _ in 0..1_000 {
        let values: Vec<f64> = (0..200).map(|_| (dice.unit() + dice.unit() + dice.unit() - 1.5) * 2.0).collect();
        let raw = 2.0 * values[3] - 1.5 * values[77] + values[150];
        let target = u8::from(dice.unit() < 1.0 / (1.0 + (-1.5 * raw).exp()));
        let cells: Vec<String> = values.iter().map(|value| format!("{value:.4}")).collect();
        text += &format!("{},{target}\n", cells.join(","));
    }
    text
}
