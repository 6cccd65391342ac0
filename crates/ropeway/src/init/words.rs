//! What the name of a column says: that it needs quotes in SQL, that examples or predictions have taken it.

use std::collections::BTreeSet;

use ropeway_project::is_reserved_feature;

/// Words that SQL does not take for a column without quotes, at any place where a column may stand.
const RESERVED: &str = "\
    all analyze and any array as asc between by case cast check cluster column cross current current_catalog \
    current_date current_time current_timestamp current_user date default desc distinct distribute else end \
    except exclude exists explain false fetch filter for from full group having in inner intersect interval \
    into is join lateral left like limit localtime localtimestamp minus natural not null offset on or order \
    outer over partition returning right select session_user set sort struct table then time timestamp top \
    trim true union user using values view when where with";

/// Whether a name in lower case needs quotes in SQL.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.split_ascii_whitespace().any(|word| word == name)
}

/// What a table calls its columns: as the file does, but for names that examples or predictions have themselves.
pub(super) fn called<'a>(names: impl IntoIterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut taken: BTreeSet<String> = names.clone().into_iter().map(str::to_lowercase).collect();
    let call = |name: &str| {
        if !is_reserved_feature(name) {
            return name.to_owned();
        }
        free(&format!("{name}_value"), &mut taken)
    };
    names.into_iter().map(call).collect()
}

/// The name, with a number behind it where it is taken, whatever its case; it is taken from now on.
pub(super) fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut free = name.to_owned();
    for number in 2.. {
        if taken.insert(free.to_lowercase()) {
            break;
        }
        free = format!("{name}_{number}");
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut taken: BTreeSet<String> = ["month".to_owned()].into();
        assert_eq!(["Month", "year", "month"].map(|name| free(name, &mut taken)), ["Month_2", "year", "month_3"]);
    }

    #[test]
    fn names_that_are_taken_get_one_that_is_free() {
        let check = |names: &[&str], want: &[&str]| assert_eq!(called(names.iter().copied()), want);
        check(&["at", "At", "x"], &["at_value", "At", "x"]);
        check(
            &["probability", "Probability_Value", "decision"],
            &["probability_value_2", "Probability_Value", "decision_value"],
        );
        check(&["label", "label_value", "label_value_2"], &["label_value_3", "label_value", "label_value_2"]);
        check(&[], &[]);
    }
}
