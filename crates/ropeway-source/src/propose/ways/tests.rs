//! Tests of the ways: what they read, and what they leave alone.

use ropeway_vocab::Instant;

use crate::propose::cells::Cells;
use crate::propose::dates::{Found, found};
use crate::value::pattern::Dates;
use crate::value::zone::{Zone, ZoneCounts};

fn of(values: &[&str]) -> Option<Found> {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    found(&Cells { name: "x".into(), values, ..Cells::default() }, &|_| false, None)
}

/// These values are found to be written in that way, and the first of them is read as that time.
fn check(way: &str, values: &[&str], want: &str) {
    let found = of(values).unwrap_or_else(|| panic!("{values:?} are no dates"));
    assert_eq!((found.ways.as_slice(), found.either), (&[way.to_owned()][..], None), "{values:?}");
    let dates = Dates::of(&found.ways).unwrap().unwrap();
    let at = dates.timestamp(values[0], &Zone::default(), &mut ZoneCounts::default()).unwrap();
    assert_eq!(Instant::from_micros(at).to_string().replace("T00:00:00Z", ""), want, "{values:?}");
}

#[test]
fn days_are_read_as_countries_write_them() {
    for (way, values) in [
        ("%Y.%m.%d.", ["2020.04.13.", "2021.12.01."]),
        ("%Y. %m. %d.", ["2020. 04. 13.", "2021. 12. 1."]),
        ("%Y. %b %d.", ["2020. április 13.", "2021. dec. 1."]),
        ("%Y年%m月%d日", ["2020年4月13日", "2021年12月01日"]),
        ("%Y년 %m월 %d일", ["2020년 4월 13일", "2021년 12월 01일"]),
        ("%d %b %Y г.", ["13 апреля 2020 г.", "1 декабря 2021 г."]),
        ("%d %b %Y", ["13 апр. 2020", "1 мая 2021"]),
        ("%d %b %Y р.", ["13 квітня 2020 р.", "1 травня 2021 р."]),
        ("%Y m. %b %d d.", ["2020 m. balandžio 13 d.", "2021 m. gruodžio 1 d."]),
        ("%d %b %Y", ["13 kwietnia 2020", "1 października 2021"]),
        ("%d. %b %Y", ["13. dubna 2020", "1. července 2021"]),
        ("%d. %b %Y", ["13. huhtikuuta 2020", "1. marraskuuta 2021"]),
        ("%d %b %Y", ["13 Nisan 2020", "1 Ağustos 2021"]),
        ("%d %b %Y", ["13 avril 2020", "1 août 2021"]),
        ("%d %b %Y", ["13 aprilie 2020", "1 noiembrie 2021"]),
        ("%d %b %Y", ["13 Απριλίου 2020", "1 Μαΐου 2021"]),
        ("%d %b %Y", ["13 April 2020", "1 January 2021"]),
        ("%d de %b de %Y", ["13 de abril de 2020", "1 de set. de 2021"]),
        ("%d. %m. %Y", ["13. 4. 2020", "1. 12. 2021"]),
        ("%d%b%Y", ["13APR2020", "01DEC2021"]),
    ] {
        check(way, &values, "2020-04-13");
    }
}

#[test]
fn days_of_the_week_may_stand_before_days() {
    check(
        "%a %d.%m.%Y",
        &["Mo 13.04.2020", "Mi 01.12.2021", "Mo 20.04.2020", "Mi 08.12.2021", "Mo 6.4.2020"],
        "2020-04-13",
    );
    for (way, values) in [
        (
            "%a, %d. %b %Y",
            ["Montag, 13. April 2020", "Montag, 6. April 2020", "Montag, 20. April 2020", "Montag, 30. März 2020"],
        ),
        ("%a %d %b %Y", ["lundi 13 avril 2020", "lundi 6 avril 2020", "lundi 20 avril 2020", "lundi 30 mars 2020"]),
        (
            "%a, %b %d, %Y",
            ["Monday, April 13, 2020", "Monday, April 6, 2020", "Monday, April 20, 2020", "Monday, March 30, 2020"],
        ),
        ("%a, %d.%m.%Y", ["Monday, 13.04.2020", "Monday, 06.04.2020", "Monday, 20.04.2020", "Monday, 30.03.2020"]),
    ] {
        check(way, &values, "2020-04-13");
    }
}

#[test]
fn times_are_read_as_people_and_programs_write_them() {
    for (way, values) in [
        ("%Y.%m.%d. %H:%M", ["2020.04.13. 13:45", "2021.12.01. 07:05"]),
        ("%Y年%m月%d日 %H時%M分", ["2020年04月13日 13時45分", "2021年12月01日 7時05分"]),
        ("%Y年%m月%d日%H時%M分", ["2020年04月13日13時45分", "2021年12月01日7時05分"]),
        ("%d %b %Y г., %H:%M", ["13 апреля 2020 г., 13:45", "1 мая 2021 г., 07:05"]),
        ("%d%b%Y:%H:%M:%S", ["13APR2020:13:45:00", "01DEC2021:07:05:06"]),
        ("%Y%m%dT%H%M%S%z", ["20200413T134500Z", "20211201T070506Z"]),
        ("%Y-%m-%d %H:%M:%S,%f", ["2020-04-13 13:45:00,000", "2021-12-01 07:05:06,250"]),
        ("%d.%m.%Y %H:%M Uhr", ["13.04.2020 13:45 Uhr", "01.12.2021 07:05 Uhr"]),
        ("%d/%m/%Y %H.%M.%S", ["13/04/2020 13.45.00", "01/12/2021 07.05.06"]),
        ("%d-%m-%Y %H.%M", ["13-04-2020 13.45", "01-12-2021 07.05"]),
        ("%a, %d %b %Y %H:%M:%S %z", ["Mon, 13 Apr 2020 14:45:00 +0100", "Wed, 01 Dec 2021 07:05:06 GMT"]),
        ("%a %b %d %H:%M:%S %z %Y", ["Mon Apr 13 13:45:00 +0000 2020", "Wed Dec 01 07:05:06 +0000 2021"]),
        ("%d/%b/%Y:%H:%M:%S %z", ["13/Apr/2020:13:45:00 +0000", "01/Dec/2021:07:05:06 +0000"]),
        ("%b %d, %Y, %I:%M %p", ["Apr 13, 2020, 1:45 PM", "Dec 1, 2021, 7:05\u{202f}AM"]),
        ("%d %b %Y à %H:%M", ["13 avril 2020 à 13:45", "1 mai 2021 à 07:05"]),
    ] {
        check(way, &values, "2020-04-13T13:45:00Z");
    }
    let digits = ["20200413134500", "20211201070506", "20211201070507"];
    let values: Vec<String> = (0..40)
        .map(|at| format!("2020{:02}{:02}13{:02}00", 4 + (at + 12) / 28, (at + 12) % 28 + 1, 45 + at % 7))
        .collect();
    let rows: Vec<&str> = values.iter().map(String::as_str).collect();
    assert_eq!(of(&digits), None, "three numbers of a column that is called nothing tell little");
    check("%Y%m%d%H%M%S", &rows, "2020-04-13T13:45:00Z");
}

#[test]
fn the_order_of_day_and_month_is_evidence_in_every_spelling() {
    let open = of(&["01/02/2023 09.34.50", "03/02/2023 10.34.50", "02/02/2023 09.00.00"]).unwrap();
    assert_eq!(open.either.unwrap().len(), 1);
    check("%m/%d/%Y %H.%M.%S", &["01/31/2023 09.34.50", "03/02/2023 10.34.50"], "2023-01-31T09:34:50Z");
    // The days of the week tell it, where no number is beyond twelve.
    let days =
        ["Mon 01/07/2019", "Tue 01/08/2019", "Mon 02/04/2019", "Sat 01/12/2019", "Mon 03/04/2019", "Tue 02/05/2019"];
    check("%a %m/%d/%Y", &days, "2019-01-07");
}

#[test]
fn years_of_the_buddhist_era_are_told_aloud() {
    let found = of(&["02/11/2563", "29/02/2563", "22/03/2564", "13/04/2565"]).unwrap();
    assert!(found.aloud && found.why.contains("Buddhist era"), "{}", found.why);
    check("%d/%m/%EY", &["02/11/2563", "29/02/2563", "22/03/2564", "13/04/2565"], "2020-11-02");
    check("%EY-%m-%d", &["2563-11-02", "2563-02-29", "2564-03-22", "2565-04-13"], "2020-11-02");
    for (way, values) in [
        ("%d/%m/%Y", ["02/11/2563", "29/02/2020", "22/03/2564"]),
        ("%d/%m/%Y", ["31/12/2500", "31/12/2500", "31/12/2500"]),
        ("%d/%m/%y", ["02/11/63", "29/02/64", "22/03/64"]),
    ] {
        let found = of(&values).unwrap();
        assert_eq!((found.ways, found.aloud), (vec![way.to_owned()], false));
    }
}

#[test]
fn a_month_that_is_another_one_in_croatian_is_told_aloud_where_no_other_stands_beside_it() {
    let found = of(&["13 listopada 2020", "1 listopada 2021"]).unwrap();
    assert!(found.aloud && found.why.contains("Croatian"), "{}", found.why);
    check("%d %b %Y", &["13 listopada 2020", "1 grudnia 2021"], "2020-11-13");
    assert!(!of(&["13 listopada 2020", "1 grudnia 2021"]).unwrap().aloud);
    assert_eq!(of(&["13. listopada 2020", "1. svibnja 2021", "2. rujna 2021"]), None);
}

#[test]
fn versions_codes_and_words_are_no_dates() {
    let numbers = |of: fn(i64) -> i64| (0..200).map(|row| of(row).to_string()).collect::<Vec<_>>();
    let gtin = numbers(|row| 10_012_345_678_902 + row * 123_456_789_013);
    // The orders of a day, one after the other.
    let orders = numbers(|row| 20_200_413_000_001 + row / 50 * 1_000_000 + row % 50);
    let refs = |values: &[String]| values.iter().map(|value| (*value).clone()).collect::<Vec<_>>();
    for values in [refs(&gtin), refs(&orders)] {
        assert_eq!(of(&values.iter().map(String::as_str).collect::<Vec<_>>()), None, "{}", values[1]);
    }
    for values in [
        &["1.2.3.", "10.20.30."][..],
        &["3.12.", "4.11."],
        &["192.168.10.12", "10.20.30.40"],
        &["may", "mar"],
        &["13 de abril", "1 de mayo"],
        &["bis 31.12.2023", "bis 30.06.2024", "bis 31.12.2024", "ab 01.01.2020", "ab 01.06.2020"],
        &["Product 2019", "Protein 2020"],
        &["Pro 2019", "Led 2020"],
    ] {
        assert_eq!(of(values), None, "{values:?}");
    }
}
