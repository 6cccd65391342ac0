//! Names in scripts that have blanks and no capital letters: Arabic, Hebrew, those of India, Thai.

use super::lists::{GIVEN_OF_SCRIPTS, SURNAMES_OF_SCRIPTS};
use super::{Form, Name};

/// What stands before a name.
const TITLES: &str = "د. د الدكتور السيد السيدة الاستاذ آقای خانم מר גב׳ ד״ר श्री श्रीमती सुश्री डॉ. डॉ মোঃ";
/// The same in Thai, where the name is joined to it.
const THAI_TITLES: [&str; 8] = ["นางสาว", "นาย", "นาง", "น.ส.", "ด.ช.", "ด.ญ.", "คุณ", "ดร."];

/// An Arabic letter as it is written where the forms of one are not told apart; a mark is none.
fn simple(c: char) -> Option<char> {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ة' => Some('ه'),
        'ى' | 'ی' | 'ئ' => Some('ي'),
        'ؤ' => Some('و'),
        'ک' => Some('ك'),
        'ء' | '\u{640}' | '\u{64b}'..='\u{65f}' => None,
        c => Some(c),
    }
}

fn plain(word: &str) -> String {
    word.chars().filter_map(simple).collect()
}

fn is_word(word: &str) -> bool {
    let letter = |c: char| {
        let mark =
            matches!(c, '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{d7f}' | '\u{e30}'..='\u{e4e}');
        let digit = c.is_numeric() || matches!(c, '\u{964}' | '\u{965}');
        (c.is_alphabetic() || mark || matches!(c, '\'' | '׳' | '-' | '.' | '\u{200c}' | '\u{200d}'))
            && !digit
            && !c.is_ascii()
            || matches!(c, '\'' | '-' | '.')
    };
    word.chars().count() >= 2 && word.chars().all(letter)
}

fn lists(list: &super::Words, word: &str) -> bool {
    list.contains(plain(word).as_str())
}

/// The name of two to five words.
pub(super) fn read(text: &str) -> Option<Name> {
    let title = |word: &&str| TITLES.split_ascii_whitespace().any(|own| own == *word);
    let words: Vec<&str> = text.split_whitespace().skip_while(title).collect();
    if !(2..=5).contains(&words.len()) || !words.iter().all(|word| is_word(word)) {
        return None;
    }
    let family = words.last().is_some_and(|last| lists(&SURNAMES_OF_SCRIPTS, last));
    Some(Name { form: Form::Words, known: lists(&GIVEN_OF_SCRIPTS, words[0]) || family })
}

/// Two words, of which the first may have a title joined to it.
pub(super) fn read_thai(text: &str) -> Option<Name> {
    const FEWEST: usize = 3;
    let titled = THAI_TITLES.iter().find_map(|title| text.strip_prefix(title));
    let words: Vec<&str> = titled.unwrap_or(text).split_whitespace().collect();
    let written = words.len() == 2 && words.iter().all(|word| is_word(word) && word.chars().count() >= FEWEST);
    written.then(|| Name { form: Form::Thai, known: titled.is_some() || lists(&GIVEN_OF_SCRIPTS, words[0]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_lists_are_written_as_they_are_looked_up() {
        for word in GIVEN_OF_SCRIPTS.iter().chain(SURNAMES_OF_SCRIPTS.iter()) {
            assert_eq!(*word, plain(word));
        }
    }

    #[test]
    fn given_names_and_titles_are_known_and_towns_are_not() {
        let known = |text: &str| read(text).is_some_and(|name| name.known);
        for name in ["محمد علي", "فاطمة حسن", "أحمد محمود", "د. خالد سالم", "عبد الله عمر", "זינב כהן", "משה לוי"]
            .into_iter()
            .chain(["राजेश शर्मा", "श्री अमित पटेल", "অমিত দাস"])
        {
            assert!(known(name), "{name}");
        }
        for other in
            ["مكة المكرمة", "المدينة المنورة", "أبو ظبي", "شارع محمد", "תל אביב", "באר שבע", "नई दिल्ली", "محمد", ""]
        {
            assert!(!known(other), "{other}");
        }
        let thai = |text: &str| read_thai(text).is_some_and(|name| name.known);
        assert!(thai("สมชาย ใจดี") && thai("นางสาวกมลชนก รักไทย") && !thai("กรุงเทพ มหานคร") && !thai("เชียงใหม่"));
    }
}
