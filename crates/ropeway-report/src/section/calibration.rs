//! What was said against what happened.

use ropeway_learn::views::CalibrationBin;

use crate::chart::{Frame, Scale};
use crate::html::Html;
use crate::number::{counted, figure};
use crate::table::Table;

/// The chart; `happened` says of what the share is.
pub fn chart(bins: &[CalibrationBin], happened: &'static str) -> Html {
    let unit = || Scale::of([0.0, 1.0]);
    let mut frame = Frame::new("Calibration", (unit(), "mean probability that was said"), (unit(), happened))
        .line("reference", [(0.0, 0.0), (1.0, 1.0)])
        .key("reference", "as said")
        .key("interval", "ten parts of the rows, 95% intervals");
    let mut table = Table::new(&["said", ">happened", ">95% interval", ">rows"]);
    for bin in bins {
        let share = bin.hits / bin.rows;
        let (low, high) = wilson(share, bin.effective.unwrap_or(bin.rows));
        let says = format!("said {}, happened {} of {} rows", figure(bin.mean), figure(share), counted(bin.rows));
        frame = frame.whisker("interval", bin.mean, (low, high)).dot("dot", (bin.mean, share), &says);
        table.row([figure(bin.mean), figure(share), format!("{} – {}", figure(low), figure(high)), counted(bin.rows)]);
    }
    frame.figure("On the dashed line what is said happens as often as it is said.", &table)
}

/// The interval of a share of so many rows (Wilson 1927, equation for 95%).
fn wilson(share: f64, n: f64) -> (f64, f64) {
    let z = 1.959_964;
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn the_interval_of_a_share_is_wilsons() {
        // statsmodels 0.14: proportion_confint(8, 20, method="wilson").
        let (low, high) = wilson(0.4, 20.0);
        assert!((low - 0.218_806_6).abs() < 1e-5 && (high - 0.613_418_5).abs() < 1e-5, "{low} {high}");
        let (low, high) = wilson(0.0, 5.0);
        assert!(low == 0.0 && high > 0.4, "{low} {high}");
    }
}
