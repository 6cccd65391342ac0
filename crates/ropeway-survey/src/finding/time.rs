//! `time`: when rows happened, so that a model is judged on what comes after what it learned from.

use ropeway_vocab::ColumnType;

use super::label::LabelSurvey;
use super::leak::Order;
use super::when::{names_another_time, names_happening, names_later_time};
use super::words::plain_words;
use super::{Code, Finding};
use crate::column::show;
use crate::measure::in_order;
use crate::seen::{Column, Seen, number};

/// Fewer different times are no time to split by.
const TIMES: u64 = 20;
/// So many are those of events, also where rows do not stand in their order.
const MANY_TIMES: u64 = 100;
/// The rank correlation of time and place from which rows stand in the order of their time.
const SORTED: f64 = 0.9;
/// Where more than one row in so many goes back, rows are in order by and large at best.
const FEW: usize = 10;

/// A part of a date as a column: what it is called, in plain letters, and its range.
struct Part {
    called: &'static str,
    low: f64,
    high: f64,
}

const PARTS: [Part; 5] = [
    Part {
        called: "year yr jahr annee an ano anio anno jaar rok ev vuosi ar aar yil godina leto год рік ετοσ 年 年度 년 연도",
        low: 1800.0,
        high: 2200.0,
    },
    Part {
        called: "month monat mois mes mese maand miesiac mesic mesiac honap kuukausi maned maaned manad maanad ay mjesec luna месяц місяць \
                 μηνασ 月 월",
        low: 1.0,
        high: 12.0,
    },
    Part {
        called: "day tag jour dia giorno dag dzien den nap paiva paeivae gun guen dan zi день ημερα 日 일",
        low: 1.0,
        high: 31.0,
    },
    Part {
        called: "hour stunde heure hora ora uur godzina hodina tunti time timme saat sat час ωρα 時 时 시",
        low: 0.0,
        high: 23.0,
    },
    Part {
        called: "minute minuto minuut minuta perc minuutti minutt minut dakika минута хвилина λεπτο 分 분",
        low: 0.0,
        high: 59.0,
    },
];

impl Part {
    fn is(&self, words: &[String]) -> bool {
        matches!(words, [only] if self.called.split_ascii_whitespace().any(|called| called == only))
    }
}

/// Whether a column is called as a part of a date.
pub(super) fn is_date_part(name: &str) -> bool {
    let own = plain_words(name);
    PARTS.iter().any(|part| part.is(&own)) || matches!(own.as_slice(), [only] if only == "week" || only == "weekday")
}

/// The time of the rows: a column, or year, month, day and perhaps hour and minute.
pub(super) fn find(seen: &Seen<'_>, label: Option<&LabelSurvey>) -> Option<Finding> {
    column(seen, label).or_else(|| parts(seen))
}

fn column(seen: &Seen<'_>, label: Option<&LabelSurvey>) -> Option<Finding> {
    let may = seen.columns.iter().filter(|column| {
        column.is_time()
            && column.distinct >= TIMES
            && column.missing * 100 <= column.rows
            && label.is_none_or(|label| label.column != column.name)
            && !names_another_time(column.name)
    });
    // The one in whose order rows stand; a time that says nothing of the order has to be called as events are.
    let sorted = |column: &Column<'_>| {
        let times: Vec<f64> = seen.first(column).iter().filter_map(|cell| number(*cell)).collect();
        in_order(&times)
    };
    let called = |column: &Column<'_>| names_happening(column.name) && column.distinct >= MANY_TIMES;
    let may = may.map(|column| (sorted(column), column)).filter(|(share, column)| *share >= SORTED || called(column));
    // Of two days of an order the one on which it came, not that of its delivery.
    let first = |column: &Column<'_>| !names_later_time(column.name);
    let may: Vec<(f64, &Column<'_>)> = may.collect();
    let best = may.iter().copied().max_by(|a, b| {
        let sorted = (a.0 >= SORTED).cmp(&(b.0 >= SORTED));
        sorted.then(first(a.1).cmp(&first(b.1))).then(a.0.total_cmp(&b.0)).then(b.1.index.cmp(&a.1.index))
    })?;
    // What rows show goes before what times are called: a time that another of the row hardly ever comes before is when it happened.
    let before = |other: &&(f64, &Column<'_>)| {
        other.0 >= best.0 && Order::of(seen, other.1, best.1).is_some_and(|order| order.nearly_always())
    };
    let (share, time) =
        may.iter().copied().filter(|other| before(&other)).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or(best);
    let split_by = Finding::new(Code::Time, &[time.name], (time.present(), time.rows), said(seen, time, share));
    Some(split(split_by))
}

/// How many times there are, from when to when, and how far rows stand in their order.
fn said(seen: &Seen<'_>, time: &Column<'_>, share: f64) -> String {
    let ends = [time.numbers().first(), time.numbers().last()];
    let span = match ends {
        [Some((_, first, _)), Some((_, last, _))] if time.exact => {
            format!(" from {} to {}", show(*first, time.ty), show(*last, time.ty))
        }
        _ => String::new(),
    };
    let times: Vec<f64> = seen.first(time).iter().filter_map(|cell| number(*cell)).collect();
    let back = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let order = match back {
        _ if share < SORTED => String::new(),
        0 => ", and rows stand in its order".to_owned(),
        back => {
            let how = if back * FEW <= times.len() { "nearly" } else { "by and large" };
            format!(", and rows stand {how} in its order: {back} of {} are earlier than the row above", times.len())
        }
    };
    let about = if time.exact { "" } else { "about " };
    format!("{about}{} different times{span}{order}", time.distinct)
}

fn split(finding: Finding) -> Finding {
    finding.decide(
        "the split is by time: what is judged comes after what was learned from, as it will when the model is used",
    )
}

/// Year, month and day as columns, and whether rows stand in their order.
fn parts(seen: &Seen<'_>) -> Option<Finding> {
    let part = |part: &Part| {
        seen.columns.iter().find(|column| {
            let within = |x: f64| part.low <= x && x <= part.high;
            let numbers = column.numbers();
            part.is(&plain_words(column.name))
                && column.ty == ColumnType::Integer
                && column.missing == 0
                && numbers.first().is_some_and(|(first, ..)| within(*first))
                && numbers.last().is_some_and(|(last, ..)| within(*last))
        })
    };
    let found: Vec<&Column<'_>> = PARTS.iter().map_while(part).collect();
    if found.len() < 3 {
        return None;
    }
    let cells: Vec<&[u64]> = found.iter().map(|column| seen.first(column)).collect();
    let time = |row: usize| {
        let limits = [10_000.0, 13.0, 32.0, 24.0, 60.0];
        cells.iter().zip(limits).fold(0.0, |time, (cells, limit)| time * limit + f64::from_bits(cells[row]))
    };
    let times: Vec<f64> = (0..cells.first().map_or(0, |cells| cells.len())).map(time).collect();
    let mut different = times.clone();
    different.sort_unstable_by(f64::total_cmp);
    different.dedup();
    let share = in_order(&times);
    if (different.len() as u64) < TIMES || share < SORTED {
        return None;
    }
    let names: Vec<&str> = found.iter().map(|column| column.name).collect();
    let evidence =
        format!("`{}` together are a time, in whose order {:.1}% of the rows stand", names.join("`, `"), 100.0 * share);
    Some(split(Finding::new(Code::Time, &names, (seen.rows, seen.rows), evidence)))
}

#[cfg(test)]
mod tests {
    use crate::Code;
    use crate::finding::surveyed::{dice, survey};

    #[test]
    fn parts_of_a_date_are_a_time_in_many_languages() {
        for names in ["year,month,day,hour", "Jahr,Monat,Tag,Stunde", "año,mes,día,hora", "année,mois,jour,heure"]
            .into_iter()
            .chain(["ano,mês,dia,hora", "anno,mese,giorno,ora", "rok,miesiąc,dzień,godzina", "год,месяц,день,час"])
            .chain(["年,月,日,時"])
        {
            let row = |row: u64| {
                let (day, hour) = (row / 6, row % 6 * 4);
                format!(
                    "{},{},{},{hour},{},{}",
                    2021 + day / 168,
                    1 + day % 168 / 14,
                    1 + day % 14,
                    dice(row, 1) % 90,
                    dice(row, 2) % 2
                )
            };
            let rows: Vec<String> = (0..1_500).map(row).collect();
            let found = survey(&format!("{names},x,y\n{}\n", rows.join("\n")), Some("y"));
            let time = found.found(Code::Time).next().map(|time| time.columns.join(","));
            assert_eq!(time.as_deref(), Some(names), "{:?}", found.findings);
        }
    }
}
