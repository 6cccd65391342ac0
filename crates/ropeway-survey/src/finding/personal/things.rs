//! Columns that are called after things and nothing else: `brand`, `Hotelname`, `nom du produit`, `商品名`.

use std::sync::LazyLock;

use super::names::{Words, words};
use super::roles::names_role;
use crate::finding::words::plain_words;

static THINGS: Words = LazyLock::new(|| words(include_str!("things.txt")).collect());
/// What may stand beside the word for the thing; any other word may be about people (`brand_manager`).
const BESIDE: &str = "name names nom nombre nome naam nazwa nazev namn navn nimi ad adi isim nama nev title titel titre titulo titolo tytul \
     label bezeichnung denomination denominacion denominazione of the de du des del della do da d l la le les los las el der die das van \
     id code no nr number main primary original old new название наименование имя اسم שם नाम ชื่อ 名 名称 名稱 이름 명";
/// How the word for a name is joined to what it names.
const JOINED: [&str; 7] = ["name", "titel", "bezeichnung", "名称", "名稱", "名", "명"];
/// Shorter words end others by chance.
const LONG: usize = 5;

/// Whether it says a thing, and no word of it says anything else.
pub(super) fn names_thing(name: &str) -> bool {
    let words = plain_words(name);
    let beside = |word: &str| {
        BESIDE.split_ascii_whitespace().any(|own| own == word) || word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let own: Vec<&String> = words.iter().filter(|word| !beside(word)).collect();
    !own.is_empty() && own.iter().all(|word| is_thing(word))
}

/// Whether the word is one for a thing, ends with one (`Automarke`), or joins it to that for a name.
fn is_thing(word: &str) -> bool {
    let listed = |word: &str| {
        THINGS.contains(word) || THINGS.iter().any(|thing| thing.chars().count() >= LONG && word.ends_with(thing))
    };
    let joined = |end: &&str| word.strip_suffix(*end).filter(|stem| !stem.is_empty());
    let stems =
        JOINED.iter().filter_map(joined).flat_map(|stem| ["", "s", "n", "en", "e"].map(|end| stem.strip_suffix(end)));
    // `driver` ends like `river`.
    !names_role(word) && (listed(word) || stems.flatten().any(|stem| THINGS.contains(stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_a_thing_where_no_word_of_it_may_say_a_person() {
        for name in [
            "brand",
            "hotel_name",
            "Hotelname",
            "Markenname",
            "Automarke",
            "nom du produit",
            "商品名",
            "제품명",
            "brand2",
        ]
        .into_iter()
        .chain(["wine", "Modell", "название фильма", "Schulname", "école", "الفندق", "product title", "marke"])
        {
            assert!(names_thing(name), "{name}");
        }
        for name in
            ["brand_manager", "hotel guest", "Produktverantwortlicher", "kontakt", "c7", "field_3", "name", "nom", ""]
                .into_iter()
                .chain(["Filmregisseur", "school_teacher", "gerente de producto", "supplier", "客户", "1"])
        {
            assert!(!names_thing(name), "{name}");
        }
    }
}
