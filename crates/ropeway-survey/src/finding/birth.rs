//! Columns of days of birth, by what they are called in the exports that people have, in full and cut short.

use super::words::plain_words;

/// How words for a birth begin, in plain letters.
const BEGINS: &str = "birth bday geburt naissance naiss nacim nascita nascim geboorte urodz narozen naroden rojst rodenj rodjenj szulet szuelet \
     syntym fodsel foedsel fodelse foedelse faeding nasterii dogum рожд народж γεννησ lahir sunni dzimsan gimim";
/// Words that are cut so short that only dates tell that they are about a birth.
const SHORT: &str = "born dob ddn geb gebdat nac nasc nais ur nar fnac fecnac dtnasc datnar nele neele др гр";
/// What a word of a script without capitals holds.
const HOLDS: [&str; 9] = ["出生", "生年月", "誕生", "생년", "생일", "ميلاد", "לידה", "जन्म", "เกิด"];

/// Whether a column of dates is called as days of birth are.
pub(super) fn names_birth(name: &str) -> bool {
    let words = plain_words(name);
    let begins = |word: &str| BEGINS.split_ascii_whitespace().any(|begins| word.starts_with(begins));
    let short = |word: &str| SHORT.split_ascii_whitespace().any(|short| word == short);
    let holds = |word: &str| HOLDS.iter().any(|part| word.contains(part));
    words.iter().any(|word| begins(word) || short(word) || holds(word)) || short(&words.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_birth_are_called_so_in_many_languages_and_cut_short() {
        for name in ["Date of Birth", "BirthDt", "D.O.B.", "birthday", "Geb.-Datum", "Geb.dat.", "geb.", "Geburtstag"]
            .into_iter()
            .chain([
                "Date de naissance",
                "Date naiss.",
                "Né(e) le",
                "DDN",
                "Fecha de nacimiento",
                "F. Nacimiento",
                "Fec_Nac",
            ])
            .chain(["Data di nascita", "Data nasc.", "Dt. Nasc.", "Geboortedatum", "Data urodzenia", "Data ur."])
            .chain(["Födelsedatum", "Fødselsdato", "Syntymäaika", "Születési idő", "Doğum tarihi", "Datum narození"])
            .chain(["Дата рождения", "Д.р.", "Data nașterii", "Ημ. γέννησης", "生年月日", "出生日期", "생년월일"])
        {
            assert!(names_birth(name), "{name}");
        }
        for name in
            ["Date", "Bestelldatum", "Fecha", "Data", "created_at", "Datum", "Geld", "nacional", "nascar", "urgent"]
        {
            assert!(!names_birth(name), "{name}");
        }
    }
}
