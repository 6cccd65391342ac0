//! The profile of a table: each column with its counts, its quantiles and a small histogram, or its most frequent values.

use ropeway_run::{ColumnProfile, Profile, RelationProfile, TableProfile};
use ropeway_stat::{Histogram, NumberProfile, TextProfile};
use ropeway_vocab::{ColumnType, Instant};

use super::number::{count, to_the_second};
use super::paint::Paint;
use super::problem::visible;

/// Heights of a bar of the histogram, an empty bin first.
const BARS: [char; 9] = ['.', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The page of a run.
pub fn page(profile: &TableProfile, paint: Paint) -> String {
    let rows = profile.columns.first().map_or(0, |column| column.rows);
    let head = format!("{} in run {}: {} rows\n", paint.strong(&profile.table), profile.run, count(rows));
    head + &columns(&profile.columns, paint)
}

/// The page of a relation as it is by now.
pub fn by_now(profile: &RelationProfile, paint: Paint) -> String {
    let (rows, width) = (count(profile.rows), count(profile.columns.len() as u64));
    let head = format!("{}: {rows} rows, {width} columns\n", paint.strong(&profile.table));
    head + &columns(&profile.columns, paint)
}

fn columns(columns: &[ColumnProfile], paint: Paint) -> String {
    columns.iter().map(|column| of_column(column, paint)).collect()
}

fn of_column(column: &ColumnProfile, paint: Paint) -> String {
    let mut out = format!("\n{}  {}", paint.strong(&visible(&column.name)), column.ty);
    let missing = format!("{} missing{}", count(column.missing), share(column.missing, column.rows));
    match &column.values {
        None => out.push_str(&format!(": {missing}; its values are personal and are not recorded\n")),
        Some(Profile::Number(profile)) => {
            out.push_str(&format!(": {missing}, {} distinct\n{}", count(profile.distinct), number(profile, column.ty)));
        }
        Some(Profile::Text(profile)) => {
            out.push_str(&format!(": {missing}, {} distinct\n{}", count(profile.distinct), texts(profile, column.ty)));
        }
    }
    out
}

fn number(profile: &NumberProfile, ty: ColumnType) -> String {
    let mut out = String::new();
    let (Some(min), Some(max)) = (profile.min, profile.max) else { return out };
    let quantile = |at: f64, value: f64| format!("{:.0}% {}", at * 100.0, value_of(value, ty));
    let quantiles: Vec<String> = profile.quantiles.iter().map(|found| quantile(found.at, found.value)).collect();
    out.push_str(&format!("  min {}  {}  max {}\n", value_of(min, ty), quantiles.join("  "), value_of(max, ty)));
    if let Some(mean) = profile.mean {
        // The deviation of instants is a span, not an instant.
        let deviation = profile.stddev.filter(|_| is_number(ty));
        let deviation = deviation.map_or_else(String::new, |deviation| format!(", deviation {}", plain(deviation)));
        out.push_str(&format!("  mean {}{deviation}\n", value_of(mean, ty)));
    }
    if profile.not_finite > 0 {
        out.push_str(&format!("  {} not a number or infinite, left out of these figures\n", count(profile.not_finite)));
    }
    if let Some(histogram) = &profile.histogram {
        out.push_str(&format!(
            "  {} {} {}\n",
            value_of(histogram.low, ty),
            bars(histogram),
            value_of(histogram.high, ty)
        ));
    }
    out
}

/// A bar a bin; the fullest has full height, and a bin with any value shows at least the lowest bar.
pub(super) fn bars(histogram: &Histogram) -> String {
    let most = histogram.counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |count: &u64| BARS[(count * 8).div_ceil(most).min(8) as usize];
    histogram.counts.iter().map(bar).collect()
}

fn texts(profile: &TextProfile, ty: ColumnType) -> String {
    let mut out = String::new();
    if let (ColumnType::Text, Some(shortest), Some(longest)) = (ty, profile.shortest, profile.longest) {
        out.push_str(&format!("  {shortest} to {longest} characters\n"));
    }
    let width = profile.top.iter().map(|top| visible(&top.value).chars().count()).max().unwrap_or(0).min(40);
    for top in &profile.top {
        let value: String = visible(&top.value).replace('\n', " ").chars().take(40).collect();
        let gap = " ".repeat(width.saturating_sub(value.chars().count()));
        out.push_str(&format!("  {value}{gap}  {}{}\n", count(top.count), share(top.count, profile.count)));
    }
    let shown: u64 = profile.top.iter().map(|top| top.count).sum();
    if shown < profile.count {
        out.push_str(&format!("  and {} rows of other values\n", count(profile.count - shown)));
    }
    out
}

/// ` (12.5%)`; nothing where there is none.
pub(super) fn share(part: u64, of: u64) -> String {
    if part == 0 || of == 0 { String::new() } else { format!(" ({:.1}%)", 100.0 * part as f64 / of as f64) }
}

fn is_number(ty: ColumnType) -> bool {
    !matches!(ty, ColumnType::Timestamp | ColumnType::Date)
}

/// Instants are recorded in seconds since 1970, dates in days since then.
pub(super) fn value_of(value: f64, ty: ColumnType) -> String {
    match ty {
        ColumnType::Timestamp => to_the_second(Instant::from_micros((value * 1e6) as i64)),
        ColumnType::Date => to_the_second(Instant::from_micros((value * 86_400e6) as i64)).chars().take(10).collect(),
        _ => plain(value),
    }
}

/// Up to six significant digits, as short as they are.
pub(super) fn plain(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".into()
    } else if (1e-4..1e15).contains(&size) {
        let places = if size >= 1e5 { 0 } else { (5 - size.log10().floor() as i32).clamp(0, 9) as usize };
        let text = format!("{value:.places$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    } else {
        format!("{value:.4e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, ty: ColumnType, values: Option<Profile>) -> ColumnProfile {
        ColumnProfile { name: name.into(), ty, rows: 8, missing: 1, values }
    }

    #[test]
    fn every_kind_of_column_is_shown() {
        let seconds = |at: u64| Some(1_700_000_000.0 + at as f64);
        let columns = vec![
            column(
                "x",
                ColumnType::Float,
                Some(Profile::Number(NumberProfile::of((0..8).map(|x| Some(f64::from(x)))))),
            ),
            column("at", ColumnType::Timestamp, Some(Profile::Number(NumberProfile::of((0..8).map(seconds))))),
            column("city", ColumnType::Text, Some(Profile::Text(TextProfile::of([Some("Bern"), Some("Bern"), None])))),
            column("name", ColumnType::Text, None),
        ];
        let text = page(&TableProfile { run: "r1".into(), table: "people".into(), columns }, Paint::PLAIN);
        for part in [
            "people in run r1: 8 rows",
            "x  float: 1 missing (12.5%), 8 distinct",
            "50% 3.5",
            "mean 3.5, deviation 2.44949",
            "0 █.█..█",
            "2023-11-14 22:13:20",
            "4 to 4 characters",
            "Bern  2 (100.0%)",
            "name  text: 1 missing (12.5%); its values are personal and are not recorded",
        ] {
            assert!(text.contains(part), "`{part}` is not in:\n{text}");
        }
    }

    #[test]
    fn figures_are_short() {
        let texts = [0.0, 0.1, 1234.5, 336_776.4, 1e-9, -2.5].map(plain);
        assert_eq!(texts, ["0", "0.1", "1234.5", "336776", "1.0000e-9", "-2.5"]);
    }
}
