//! Streets with the number of a house, as they are written in several languages.

/// What streets are called, before their name or behind it.
const STREETS: &str = "street st st. road rd rd. avenue ave ave. lane ln drive dr dr. boulevard blvd way court square weg caddesi cad. \
     sokak sok. utca u. út tér katu vej";
/// The same where the name of the street follows it: that one word makes it one.
const BEFORE: &str = "rue avenue av. av bd bd. boulevard chemin impasse allée place quai via viale v.le piazza p.za corso largo vicolo calle \
     c/ avenida avda. avda plaza paseo rua travessa praça alameda ul. ul ulica al. aleja pl. os. улица ул. ул проспект пр. пр-т просп. \
     переулок пер. бульвар бул. шоссе площадь наб. вул. вулиця str. strada calea jl. jalan";
/// What a word ends with that is one with it.
const ENDS: [&str; 21] = [
    "strasse", "straße", "str.", "gasse", "allee", "platz", "weg", "chaussee", "ufer", "damm", "straat", "laan",
    "gracht", "plein", "kade", "gatan", "gata", "gade", "vägen", "veien", "vej",
];

fn lists(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|own| own == word)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',', '\u{a0}']).filter(|word| !word.is_empty())
}

/// A number and a word that streets are called by.
pub(super) fn is_street(text: &str) -> bool {
    let lower = text.to_lowercase();
    let number = lower.contains(|c: char| c.is_ascii_digit());
    let street = words(&lower).any(|word| {
        lists(STREETS, word)
            || lists(BEFORE, word)
            || ENDS.iter().any(|end| word.len() > end.len() && word.ends_with(end))
    });
    number && street && lower.contains(' ') || is_east_asian(text)
}

/// A street that has a name, and the number of a house before or behind it: `12 Main Street`, `Hauptstr. 95a`; a town, with its
/// postal code, may stand before it or behind it, after a comma or on a line of its own.
pub(super) fn is_house(text: &str) -> bool {
    is_bare_house(text) || text.split([',', ';', '\n']).any(|part| is_bare_house(part.trim())) || is_east_asian(text)
}

fn is_bare_house(text: &str) -> bool {
    // The word for the street alone (`500 Way`) is no name of one, unless it is written as one word with it.
    let names = words(text).filter(|word| is_name(word)).count();
    let joined = words(text).any(|word| is_name(word) && word.chars().count() >= 7);
    let is_before = |word: &str| lists(BEFORE, &word.to_lowercase());
    let of_one = words(text).any(is_before) && words(text).any(|word| is_name(word) && !is_before(word));
    is_street(text) && has_number(text) && (names >= 2 || joined && !words(text).any(is_before) || of_one)
}

/// A name and the number of a house, without a word that says that it is a street: `Am Markt 5`.
pub(super) fn is_like_house(text: &str) -> bool {
    // Sentences are longer, and there may be many.
    const LONGEST: usize = 200;
    let may = text.len() <= LONGEST && text.contains(|c: char| c.is_ascii_digit());
    may && (is_house(text) || has_number(text) && words(text).any(is_name))
}

fn has_number(text: &str) -> bool {
    [words(text).next(), words(text).last()].into_iter().flatten().any(is_number)
}

/// `12`, `5b`, `17/4`, `12-14`, `No:5`.
fn is_number(word: &str) -> bool {
    let word = ["No:", "no:", "Nr.", "nr.", "n°", "№"].iter().find_map(|sign| word.strip_prefix(sign)).unwrap_or(word);
    let one = |part: &str| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        (1..=5).contains(&(part.len() - rest.len()))
            && rest.chars().count() <= 1
            && rest.chars().all(char::is_alphabetic)
    };
    word.split(['/', '-']).count() <= 2 && word.split(['/', '-']).all(one)
}

/// A word with a capital letter, or in capitals.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let all = word.chars().count() >= 3 && word.chars().all(char::is_uppercase);
    capital && (letters.next().is_some_and(char::is_lowercase) || all)
}

/// `建国路88号`, `丸の内1-1-1`, `테헤란로 152`.
fn is_east_asian(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let after = |marks: &[char]| {
        text.rfind(marks).is_some_and(|at| {
            let rest = text[at..].chars().skip(1).collect::<String>();
            rest.trim_start().starts_with(digit)
        })
    };
    let chinese = text.contains('号') && after(&['路', '街', '巷', '弄', '道']);
    let korean = after(&['로', '길']);
    let blocks = text
        .split(|c: char| !c.is_ascii_digit() && c != '-')
        .any(|part| part.matches('-').count() >= 1 && is_blocks(part));
    let japanese = text.contains(['都', '道', '府', '県', '市', '区', '町', '村']) && (blocks || text.contains("丁目"));
    chinese || korean || japanese
}

fn is_blocks(part: &str) -> bool {
    part.split('-').all(|block| (1..=4).contains(&block.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_are_told_from_what_looks_like_one() {
        assert!(is_street("12 Main Street") && is_street("Hauptstraße 5"));
        assert!(!is_street("First Street") && !is_street("12 apples"));
        for street in
            ["657 Main Street", "Hauptstr. 95", "Lindenweg 189a", "Via Roma 12", "12 Rue de la Paix", "9 Elm St"]
                .into_iter()
                .chain(["Meierstr. 12, 12345 Berlin", "10115 Berlin, Meierstraße 12", "Calle Mayor 12, Madrid"])
                .chain(["132 rue de la Paix", "ul. Długa 17", "Calle Mayor 5", "ул. Ленина 5", "12 RUE VICTOR HUGO"])
                .chain([
                    "ул. Ленина, д. 5",
                    "C/ Mayor 5",
                    "Drottninggatan 5",
                    "Rua Augusta, 1500",
                    "Atatürk Caddesi No:5",
                ])
                .chain(["建国路88号", "東京都千代田区丸の内1-1-1", "서울특별시 강남구 테헤란로 152"])
        {
            assert!(is_house(street), "{street}");
        }
        for other in ["500 GB Drive", "3 Way", "First Street", "King Street Station", "12 apples", "Drive 5", "Weg 3"]
            .into_iter()
            .chain(["12345 Berlin, Paris", "", "500 Rue", "Via 3", "Calle 12", "ул. 5", "Rue 12 km", "Avenue 5"])
            .chain(["Paris", "Aix-en-Provence", "2024-01-05", "第3号", "1号"])
        {
            assert!(!is_house(other), "{other}");
        }
        assert!(is_like_house("Am Markt 5") && !is_like_house("Am Markt") && !is_like_house("5"));
    }
}
