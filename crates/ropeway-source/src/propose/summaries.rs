//! What rows that sum up those above them are called, and whether their numbers do so.

/// What a row says of those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summary {
    Sum,
    Mean,
    Least,
    Greatest,
    Median,
    Count,
    Deviation,
}

/// The sum of a large file is so many times the largest of the numbers at its end.
const FAR_ABOVE: f64 = 20.0;
/// What rows of sums are called, in small letters.
const SUMS: [&str; 48] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "subtotal",
    "summe",
    "gesamt",
    "gesamtsumme",
    "insgesamt",
    "zwischensumme",
    "totale",
    "subtotale",
    "somme",
    "total général",
    "sous-total",
    "suma",
    "total geral",
    "totaal",
    "tussentotaal",
    "som",
    "summa",
    "totalt",
    "i alt",
    "yhteensä",
    "razem",
    "łącznie",
    "celkem",
    "součet",
    "spolu",
    "ukupno",
    "összesen",
    "toplam",
    "genel toplam",
    "σύνολο",
    "итого",
    "всего",
    "сумма",
    "разом",
    "合計",
    "総計",
    "小計",
    "合计",
    "总计",
    "小计",
    "합계",
    "المجموع",
    "סה\"כ",
    "tổng cộng",
];
/// The same of means.
const MEANS: [&str; 33] = [
    "average",
    "avg",
    "mean",
    "mittelwert",
    "durchschnitt",
    "moyenne",
    "promedio",
    "valor medio",
    "valor médio",
    "valore medio",
    "gemiddelde",
    "medelvärde",
    "genomsnitt",
    "gennemsnit",
    "gjennomsnitt",
    "keskiarvo",
    "średnia",
    "průměr",
    "priemer",
    "prosjek",
    "átlag",
    "ortalama",
    "μέσος όρος",
    "среднее",
    "середнє",
    "平均",
    "平均値",
    "平均值",
    "평균",
    "المتوسط",
    "ממוצע",
    "trung bình",
    "rata-rata",
];
/// What is also a word or a name of its own, so that only numbers tell what it sums up.
const ALSO_WORDS: [(Summary, &[&str]); 6] = [
    (Summary::Mean, &["media", "média", "mittel", "medie"]),
    (Summary::Least, &["min", "minimum", "mínimo", "minimo", "мин", "минимум", "最小", "最小値", "最小值"]),
    (Summary::Greatest, &["max", "maximum", "máximo", "massimo", "макс", "максимум", "最大", "最大値", "最大值"]),
    (Summary::Median, &["median", "médiane", "mediana", "медиана", "中央値", "中位数"]),
    (Summary::Count, &["count", "anzahl", "nombre", "número", "numero", "aantal", "antal", "количество", "件数"]),
    (
        Summary::Deviation,
        &["std", "stdev", "stddev", "standard deviation", "standardabweichung", "écart-type", "desviación estándar"],
    ),
];

/// What rows of totals are called wherever they stand, in small letters.
pub(super) fn totals() -> impl Iterator<Item = &'static str> {
    SUMS.into_iter().chain(MEANS)
}

/// Whether a text is what rows of totals are called.
pub(super) fn is_total(text: &str) -> bool {
    let small = text.to_lowercase();
    totals().any(|total| total == small)
}

/// What a row of this label sums up.
pub(super) fn summary(label: &str) -> Option<Summary> {
    let small = label.to_lowercase();
    let has = |words: &[&str]| words.contains(&small.as_str());
    if has(&SUMS) {
        return Some(Summary::Sum);
    }
    if has(&MEANS) {
        return Some(Summary::Mean);
    }
    ALSO_WORDS.iter().find(|(_, words)| has(words)).map(|(summary, _)| *summary)
}

/// Whether a value is the sum, or the mean, of those above, by a point or by a comma before decimals; the mean of equal values is
/// one more of them. So many values are the least that tell it.
pub(super) fn is_sum(rows: &[Vec<String>], at: usize, value: &str, least: usize) -> bool {
    ['.', ','].into_iter().any(|mark| {
        let Some(number) = loose(value, mark).filter(|number| *number != 0.0) else { return false };
        let Some(values) = numbers(rows, at, mark) else { return false };
        let sum = sum(&values);
        // Rounding grows with what was added, not with what is left of it.
        let size: f64 = values.iter().map(|value| value.abs()).sum();
        let near = |want: f64| (want - number).abs() <= (1e-6 * want.abs()).max(1e-12 * size);
        let differ = values.iter().any(|value| !near(*value));
        values.len() >= least && (near(sum) || differ && near(sum / values.len() as f64))
    })
}

/// Whether every number of a row is what its label says of those above it, rounded as it is written; two of them are the least
/// that tell it, since one digit fits by chance.
pub(super) fn sums_up(summary: Summary, rows: &[Vec<String>], row: &[String]) -> bool {
    let filled = with_digits(row);
    let fits = |mark: char| {
        filled.iter().all(|at| {
            let number = loose(&row[*at], mark);
            let values = numbers(rows, *at, mark).filter(|values| values.len() > 2);
            let Some((number, values)) = number.zip(values) else { return false };
            (number - summary.of(&values)).abs() <= half_unit(&row[*at], mark) * (1.0 + 1e-9)
        })
    };
    filled.len() > 1 && ['.', ','].into_iter().any(fits)
}

/// Whether every number of a row is far above those of the rows before it, of which a sum would have to be many times more.
pub(super) fn towers(rows: &[Vec<String>], row: &[String]) -> bool {
    let filled = with_digits(row);
    let above = |mark: char| {
        filled.iter().all(|at| {
            let values = numbers(rows, *at, mark).filter(|values| !values.is_empty());
            let Some((number, values)) = loose(&row[*at], mark).zip(values) else { return false };
            number > FAR_ABOVE * values.iter().copied().fold(0.0, f64::max)
        })
    };
    !filled.is_empty() && ['.', ','].into_iter().any(above)
}

impl Summary {
    /// Of at least two numbers; the deviation is that of a sample.
    fn of(self, values: &[f64]) -> f64 {
        let count = values.len() as f64;
        let mean = sum(values) / count;
        match self {
            Self::Sum => sum(values),
            Self::Mean => mean,
            Self::Least => values.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Greatest => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Median => median(values),
            Self::Count => count,
            Self::Deviation => (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt(),
        }
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// The places of a row that hold a digit.
fn with_digits(row: &[String]) -> Vec<usize> {
    (0..row.len()).filter(|at| row[*at].bytes().any(|byte| byte.is_ascii_digit())).collect()
}

/// Half of what the last written digit stands for.
fn half_unit(value: &str, mark: char) -> f64 {
    let places =
        value.rsplit_once(mark).map_or(0, |(_, decimals)| decimals.chars().filter(char::is_ascii_digit).count());
    0.5 * 10_f64.powi(-i32::try_from(places).unwrap_or(0))
}

/// The numbers of a column, none where a value with digits is no number.
fn numbers(rows: &[Vec<String>], at: usize, mark: char) -> Option<Vec<f64>> {
    let values = rows.iter().filter_map(|row| row.get(at)).map(|value| value.trim());
    let told = values.filter(|value| value.bytes().any(|byte| byte.is_ascii_digit()));
    told.map(|value| loose(value, mark)).collect()
}

/// A number with this mark before its decimals and whatever signs around its digits, near enough for a sum.
fn loose(text: &str, mark: char) -> Option<f64> {
    let digits = text.chars().filter(|c| c.is_ascii_digit() || *c == mark || *c == '-');
    digits.map(|c| if c == mark { '.' } else { c }).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of thousandths, which integers hold exactly.
    #[test]
    fn a_sum_of_decimals_is_told_in_both_spellings_and_nothing_near_it() {
        let mut state = 11_u64;
        let mut dice = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as i64
        };
        for round in 0..200 {
            let places = [1_000, 100, 10, 1];
            let thousandths: Vec<i64> =
                (0..12).map(|at| (dice() % 90_000 + 1) / places[at % 4] * places[at % 4]).collect();
            let signed: Vec<i64> = thousandths
                .iter()
                .map(|value| if round % 3 == 0 && value % 2 == 0 { -value } else { *value })
                .collect();
            let spelled = |value: i64, mark: char, fill: bool| {
                let text =
                    format!("{}{}.{:03}", if value < 0 { "-" } else { "" }, value.abs() / 1_000, value.abs() % 1_000);
                let text = if fill { text } else { text.trim_end_matches('0').trim_end_matches('.').to_owned() };
                text.replace('.', &mark.to_string())
            };
            let exact: i64 = signed.iter().sum();
            for (mark, fill) in [('.', true), ('.', false), (',', true), (',', false)] {
                let rows: Vec<Vec<String>> = signed.iter().map(|value| vec![spelled(*value, mark, fill)]).collect();
                assert_eq!(is_sum(&rows, 0, &spelled(exact, mark, fill), 3), exact != 0, "{rows:?} {exact}");
                assert!(!is_sum(&rows, 0, &spelled(exact + 1_501, mark, true), 3), "{rows:?} {exact}");
            }
        }
    }

    #[test]
    fn groups_of_thousands_and_units_are_summed() {
        let check = |values: &[&str], sum: &str, want: bool| {
            let rows: Vec<Vec<String>> = values.iter().map(|value| vec![(*value).to_owned()]).collect();
            assert_eq!(is_sum(&rows, 0, sum, 3), want, "{values:?} {sum}");
        };
        check(&["1.234,50 €", "0,50 €", "765 €"], "2.000,00 €", true);
        check(&["$1,234.50", "$0.50", "$765"], "$2,000.00", true);
        check(&["1,234", "766", "5"], "2005", true);
        check(&["1.250", "2.500", "0.25"], "4", true);
        check(&["1", "2", "3"], "7", false);
        check(&["100.1", "-100", "0.05"], "0.15", true);
    }
}
