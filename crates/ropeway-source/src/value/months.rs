//! The names of months, whole and shortened, in languages of files that are often met.

/// How names begin, so that each name of a month in English, German, French, Spanish, Italian, Portuguese or Dutch begins
/// with one and no other month with it.
const BEGIN: [&[&str]; 12] = [
    &["jan", "jän", "gen", "ene"],
    &["feb", "fév", "fev"],
    &["mar", "mär", "mrz", "maa", "mrt"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mag", "mei"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aoû", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// The month of that name or its beginning, from 1.
pub(crate) fn named(word: &str) -> Option<u32> {
    let lower = word.to_lowercase();
    if !(3..=10).contains(&lower.chars().count()) {
        return None;
    }
    let found = BEGIN.iter().position(|begins| begins.iter().any(|begin| lower.starts_with(begin)));
    found.and_then(|at| u32::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_twelve_months() {
        for names in [
            "January February March April May June July August September October November December",
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "januari februari maart april mei juni juli augustus september oktober november december",
            "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
        ] {
            let months: Vec<_> = names.split(' ').map(named).collect();
            assert_eq!(months, (1..=12).map(Some).collect::<Vec<_>>(), "{names}");
        }
        assert_eq!((named("xyz"), named("de"), named("Decemberissimo")), (None, None, None));
    }
}
