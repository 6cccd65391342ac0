//! One pattern of directives, and what a text says by it.

use ropeway_vocab::{Problem, Result as Checked};

use super::NOT_WRITTEN;
use crate::value::calendar::{NO_SUCH_TIME, days_of};
use crate::value::months;

/// So many years the Buddhist era is ahead.
const BUDDHIST: u32 = 543;

/// One pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    text: String,
    items: Vec<Item>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Year,
    /// Of the Buddhist era, as Thailand counts.
    BuddhistYear,
    ShortYear,
    Month,
    MonthName,
    Quarter,
    Day,
    Hour,
    Hour12,
    Half,
    Minute,
    Second,
    Fraction,
    Offset,
    Weekday,
    Space,
    Mark(char),
}

/// What a text says by a pattern.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    micros: i64,
    pub(super) finer: bool,
    /// Whether the hour is of the second half of the day.
    late: Option<bool>,
    pub(super) offset: Option<i64>,
}

impl Pattern {
    /// A pattern that has a year, a month and a day, each once. Without a day it tells months, without a month quarters, by
    /// their first day; a time of day needs the day.
    pub(super) fn new(text: &str) -> Checked<Self> {
        let bad = |what: String| {
            Problem::invalid("source-settings", format!("`dates`: the pattern `{}` {what}", text.escape_debug()))
                .remedy(
                    "write one such as `%d.%m.%Y`, `%m/%d/%y %I:%M %p`, `%Y%m%d`, or `%m/%Y` for months; others are `iso`, `epoch_seconds`, \
                 `epoch_milliseconds` and `epoch_microseconds`",
                )
        };
        let long =
            text.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S").replace("%R", "%H:%M").replace("%D", "%m/%d/%y");
        let mut items = Vec::new();
        let mut chars = long.chars();
        while let Some(c) = chars.next() {
            items.push(match c {
                '%' => directive(&mut chars).ok_or_else(|| bad("has a directive that is not read".into()))?,
                ' ' if items.last() == Some(&Item::Space) => continue,
                ' ' => Item::Space,
                mark => Item::Mark(mark),
            });
        }
        let once = |kinds: &[Item]| items.iter().filter(|item| kinds.contains(item)).count();
        let month = [Item::Month, Item::MonthName, Item::Quarter];
        let days = once(&[Item::Day]);
        let whole = items.iter().any(|item| item.needs_day()) || once(&[Item::Quarter]) > 1;
        if once(&[Item::Year, Item::BuddhistYear, Item::ShortYear]) != 1
            || once(&month) != 1
            || days > 1
            || days == 0 && whole
        {
            return Err(bad("does not have a year, a month and a day, each once, or a year and a month alone".into()));
        }
        if days == 1 && once(&[Item::Quarter]) == 1 {
            return Err(bad("has a day of a quarter, which is not read".into()));
        }
        if once(&[Item::Hour12]) != once(&[Item::Half]) || once(&[Item::Hour, Item::Hour12]) > 1 {
            return Err(bad("needs `%I` and `%p` together, or `%H` alone".into()));
        }
        Ok(Self { text: text.to_owned(), items })
    }

    /// The pattern, as it is declared.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing but digits is written so.
    pub(super) fn is_digits(&self) -> bool {
        self.items.iter().all(|item| item.is_digits() || *item == Item::Fraction)
    }

    /// Five past two in the afternoon of Monday the third of November 2025.
    pub(super) fn example(&self) -> String {
        let spelled = |item: &Item| match item {
            Item::Year => "2025".into(),
            Item::BuddhistYear => "2568".into(),
            Item::ShortYear => "25".into(),
            Item::Month => "11".into(),
            Item::MonthName => "Nov".into(),
            Item::Quarter => "4".into(),
            Item::Day => "03".into(),
            Item::Hour => "14".into(),
            Item::Hour12 => "02".into(),
            Item::Half => "PM".into(),
            Item::Minute => "05".into(),
            Item::Second => "00".into(),
            Item::Fraction => "250".into(),
            Item::Offset => "+01:00".into(),
            Item::Weekday => "Mon".into(),
            Item::Space => " ".into(),
            Item::Mark(mark) => mark.to_string(),
        };
        self.items.iter().map(spelled).collect::<Vec<String>>().concat()
    }

    /// The day, the microseconds since midnight, and what else is said.
    pub(super) fn read(&self, text: &str) -> Result<(i32, i64, Parts), &'static str> {
        let parts = self.parts(text).ok_or(NOT_WRITTEN)?;
        let hour = match parts.late {
            None => parts.hour,
            Some(_) if !(1..=12).contains(&parts.hour) => return Err(NO_SUCH_TIME),
            Some(late) => parts.hour % 12 + if late { 12 } else { 0 },
        };
        if hour > 23 || parts.minute > 59 || parts.second > 59 {
            return Err(NO_SUCH_TIME);
        }
        let days = days_of(parts.year, parts.month, parts.day)?;
        let seconds = i64::from(hour * 3_600 + parts.minute * 60 + parts.second);
        Ok((days, seconds * 1_000_000 + parts.micros, parts))
    }

    /// Whether a text begins as the pattern says, whatever follows.
    pub(super) fn begins(&self, text: &str) -> bool {
        self.front(text).is_some()
    }

    fn parts(&self, text: &str) -> Option<Parts> {
        self.front(text).filter(|(_, rest)| rest.is_empty()).map(|(parts, _)| parts)
    }

    /// What the beginning of a text says, and what follows it.
    fn front<'a>(&self, text: &'a str) -> Option<(Parts, &'a str)> {
        let mut parts = Parts { day: 1, ..Parts::default() };
        let mut rest = text;
        for (at, item) in self.items.iter().enumerate() {
            let beside = |other: Option<&Item>| other.is_some_and(Item::is_digits);
            let tight =
                beside(at.checked_sub(1).and_then(|before| self.items.get(before))) || beside(self.items.get(at + 1));
            let least = if tight { 2 } else { 1 };
            match item {
                Item::Year => parts.year = digits(&mut rest, 4, 4)?,
                Item::BuddhistYear => parts.year = digits(&mut rest, 4, 4)?.saturating_sub(BUDDHIST),
                Item::ShortYear => {
                    let year = digits(&mut rest, 2, 2)?;
                    parts.year = if year < 69 { 2_000 + year } else { 1_900 + year };
                }
                Item::Month => parts.month = digits(&mut rest, least, 2)?,
                Item::Quarter => parts.month = quarter(&mut rest)?,
                Item::Day => parts.day = digits(&mut rest, least, 2)?,
                Item::Hour | Item::Hour12 => parts.hour = digits(&mut rest, least, 2)?,
                Item::Minute => parts.minute = digits(&mut rest, 2, 2)?,
                Item::Second => parts.second = digits(&mut rest, 2, 2)?,
                Item::MonthName => parts.month = months::named(word(&mut rest)?)?,
                Item::Weekday => {
                    word(&mut rest)?;
                }
                Item::Half => parts.late = Some(half(&mut rest)?),
                Item::Fraction => fraction(&mut rest, &mut parts)?,
                Item::Offset => parts.offset = Some(offset(&mut rest)?),
                Item::Space => {
                    let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
                    // An AM or PM may stand close to its hour.
                    if trimmed.len() == rest.len() && self.items.get(at + 1) != Some(&Item::Half) {
                        return None;
                    }
                    rest = trimmed;
                }
                Item::Mark(mark) => rest = rest.strip_prefix(*mark)?,
            }
        }
        Some((parts, rest))
    }
}

impl Item {
    /// Whether it says something of a day that has to be told.
    fn needs_day(&self) -> bool {
        matches!(
            self,
            Self::Hour
                | Self::Hour12
                | Self::Half
                | Self::Minute
                | Self::Second
                | Self::Fraction
                | Self::Offset
                | Self::Weekday
        )
    }

    fn is_digits(&self) -> bool {
        matches!(
            self,
            Self::Year
                | Self::BuddhistYear
                | Self::ShortYear
                | Self::Month
                | Self::Quarter
                | Self::Day
                | Self::Hour
                | Self::Hour12
                | Self::Minute
                | Self::Second
        )
    }
}

fn directive(chars: &mut std::str::Chars<'_>) -> Option<Item> {
    Some(match chars.next()? {
        'Y' => Item::Year,
        'E' if chars.next() == Some('Y') => Item::BuddhistYear,
        'y' => Item::ShortYear,
        'm' => Item::Month,
        'b' | 'B' | 'h' => Item::MonthName,
        'q' => Item::Quarter,
        'd' | 'e' => Item::Day,
        'H' | 'k' => Item::Hour,
        'I' | 'l' => Item::Hour12,
        'p' | 'P' => Item::Half,
        'M' => Item::Minute,
        'S' => Item::Second,
        'f' => Item::Fraction,
        'z' => Item::Offset,
        'a' | 'A' => Item::Weekday,
        '%' => Item::Mark('%'),
        _ => return None,
    })
}

/// A number of so many digits.
fn digits(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at_checked(count)?;
    *rest = after;
    if count < least { None } else { number.parse().ok() }
}

/// The first month of a quarter; of a fifth one that no calendar has.
fn quarter(rest: &mut &str) -> Option<u32> {
    Some(match digits(rest, 1, 1)? {
        quarter @ 1..=4 => quarter * 3 - 2,
        _ => 13,
    })
}

/// Letters, and a point that shortens them.
fn word<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let end = rest.find(|c: char| !c.is_alphabetic() && !months::is_mark(c)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after.strip_prefix('.').unwrap_or(after);
    (!word.is_empty()).then_some(word)
}

fn half(rest: &mut &str) -> Option<bool> {
    let text = *rest;
    for (spelled, late) in [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)] {
        if let Some((begin, after)) = text.split_at_checked(spelled.len())
            && begin.eq_ignore_ascii_case(spelled)
        {
            *rest = after;
            return Some(late);
        }
    }
    None
}

fn fraction(rest: &mut &str, parts: &mut Parts) -> Option<()> {
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(count);
    *rest = after;
    for digit in digits.bytes().chain(std::iter::repeat(b'0')).take(6) {
        parts.micros = parts.micros * 10 + i64::from(digit - b'0');
    }
    parts.finer = digits.bytes().skip(6).any(|digit| digit != b'0');
    (count > 0).then_some(())
}

fn offset(rest: &mut &str) -> Option<i64> {
    let utc = rest.strip_prefix("UTC").or_else(|| rest.strip_prefix("GMT"));
    if let Some(after) = utc.or_else(|| rest.strip_prefix(['Z', 'z'])) {
        *rest = after;
        return Some(0);
    }
    let minus = rest.starts_with('-');
    let mut after = rest.strip_prefix(['+', '-'])?;
    let hours = digits(&mut after, 2, 2)?;
    after = after.strip_prefix(':').unwrap_or(after);
    let minutes = if after.starts_with(|c: char| c.is_ascii_digit()) { digits(&mut after, 2, 2)? } else { 0 };
    *rest = after;
    let all = i64::from(hours * 60 + minutes);
    (hours <= 23 && minutes <= 59).then_some(if minus { -all } else { all })
}
