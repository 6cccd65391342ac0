//! Features that are computed from dates: parts of the time of an example, and the days that lie between two dates.

use ropeway_source::propose::is_month;
use ropeway_survey::ColumnSurvey;
use ropeway_vocab::{ColumnType, DAY_MICROS, civil_from_days};

use crate::init::decide::columns::Use;
use crate::init::decide::split::Split;
use crate::init::names::plain;
use crate::init::quoted::sql_name;
use crate::init::write::Plan;

/// So many dates are taken in pairs; with more, pairs would be more than a reader follows.
const DATES: usize = 5;
/// Days from which the seasons of the last part of a table were there before.
const SEASONS: f64 = 550.0;

/// A feature under `[derive]`.
pub(super) struct Derived {
    pub(super) name: String,
    pub(super) sql: String,
    /// The columns it is made of that are suspected of telling the label.
    pub(super) suspects: Vec<String>,
}

impl Plan<'_> {
    /// Each of them.
    pub(super) fn of_dates(&self) -> Vec<Derived> {
        let parts = self.parts().into_iter().map(|(name, sql)| Derived { name, sql, suspects: Vec::new() });
        parts.chain(self.between()).collect()
    }

    /// Parts of `at`. A day of the year repeats with the seasons, as elapsed time does not, and in less than a year and a half the days that
    /// are judged on were never learned from; the year is what does not repeat, and tells nothing where all rows are of one.
    fn parts(&self) -> Vec<(String, String)> {
        let Split::Time { columns, .. } = self.split else { return Vec::new() };
        let part = |(name, part): &(&str, &str)| ((*name).to_owned(), format!("date_part('{part}', at)"));
        let [only] = columns.as_slice() else {
            // What the columns of the parts do not say by themselves.
            return [("day_of_week", "dow"), ("day_of_year", "doy")].iter().map(part).collect();
        };
        let survey = self.looked.survey.column(only);
        let mut parts = match survey.map(|column| column.ty) {
            Some(ColumnType::Timestamp) => vec![("hour", "hour")],
            _ => Vec::new(),
        };
        let of_days = !self.of_months(only);
        if of_days {
            parts.push(("day_of_week", "dow"));
        }
        if survey.and_then(days_spanned).is_none_or(|days| days >= SEASONS) {
            parts.extend(of_days.then_some(("day_of_year", "doy")));
            parts.push(("month", "month"));
        }
        if survey.is_some_and(|column| year(column, column.min) != year(column, column.max)) {
            parts.push(("year", "year"));
        }
        parts.iter().map(part).collect()
    }

    /// The days from each date to each other and to `at`: what a tree does not find in dates that stand side by side.
    fn between(&self) -> Vec<Derived> {
        let epoch = |sql: &str| format!("date_part('epoch', {sql})");
        let days = |from: &str, to: &str| format!("({} - {}) / 86400.0", epoch(to), epoch(from));
        let is_date = |ty| matches!(ty, ColumnType::Date | ColumnType::Timestamp);
        let dates = self.of(Use::Feature).filter(|column| is_date(column.ty)).take(DATES);
        let dates: Vec<(String, String, Vec<String>)> = dates
            .map(|column| {
                let suspects = if column.suspect { vec![column.called.clone()] } else { Vec::new() };
                (plain(&column.called, '_', "date"), sql_name(&column.called), suspects)
            })
            .collect();
        let mut found = Vec::new();
        if matches!(self.split, Split::Time { .. }) {
            found.extend(dates.iter().map(|(name, sql, suspects)| Derived {
                name: format!("days_since_{name}"),
                sql: days(sql, "at"),
                suspects: suspects.clone(),
            }));
        }
        for (place, (from, from_sql, suspects)) in dates.iter().enumerate() {
            for (to, to_sql, more) in &dates[place + 1..] {
                found.push(Derived {
                    name: format!("days_from_{from}_to_{to}"),
                    sql: days(from_sql, to_sql),
                    suspects: [suspects.as_slice(), more.as_slice()].concat(),
                });
            }
        }
        found
    }

    /// Whether the dates of a column are months, which have no day of the week.
    fn of_months(&self, column: &str) -> bool {
        let ways = self.looked.settings.column.get(column).and_then(|own| own.dates.as_ref());
        ways.is_some_and(|ways| ways.iter().all(|way| is_month(way)))
    }
}

/// The days between the least and the greatest value of a column of dates or times.
fn days_spanned(column: &ColumnSurvey) -> Option<f64> {
    Some(days(column, column.max)? - days(column, column.min)?)
}

/// The year of the least or the greatest value of a column of dates (in days) or times (in seconds).
fn year(column: &ColumnSurvey, value: Option<f64>) -> Option<i64> {
    Some(civil_from_days(days(column, value)?.floor() as i64).0)
}

/// A date or time in days.
fn days(column: &ColumnSurvey, value: Option<f64>) -> Option<f64> {
    Some(match column.ty {
        ColumnType::Date => value?,
        _ => value? / (DAY_MICROS / 1_000_000) as f64,
    })
}
