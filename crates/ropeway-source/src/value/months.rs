//! The names of months, whole and shortened, in languages of files that are often met.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The twelve names in a language, in the case in which dates have them; where they are also written in another, a second row.
/// Croatian is none of them, since its tenth month is called as the eleventh is in Polish.
const NAMES: [&str; 36] = [
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
    "január február március április május június július augusztus szeptember október november december",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "януари февруари март април май юни юли август септември октомври ноември декември",
    "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου",
    "ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος",
];

/// How names begin, so that each name of a month in English, German, French, Spanish, Italian, Portuguese or Dutch begins
/// with one and no other month with it, also where it is misspelled.
const BEGIN: [&[&str]; 12] = [
    &["jan", "gen", "ene"],
    &["feb", "fev"],
    &["mar", "mrz", "maa", "mrt"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mag", "mei"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "dez", "dic"],
];

/// Names and beginnings that are those of other months in Croatian.
const DOUBTFUL: [&str; 5] = ["listopad", "listopada", "lis", "lip", "srp"];

/// Letters with marks, and what they are without, as many files have them.
const PLAIN: [(&str, char); 13] = [
    ("áàâãäåāă", 'a'),
    ("çčć", 'c'),
    ("éèêëěėē", 'e'),
    ("ğ", 'g'),
    ("íîïīı", 'i'),
    ("ńň", 'n'),
    ("óôöő", 'o'),
    ("řŕ", 'r'),
    ("şšśș", 's'),
    ("úùûüůűū", 'u'),
    ("žźż", 'z'),
    ("ά", 'α'),
    ("ίϊΐ", 'ι'),
];
/// The other letters of Greek and Cyrillic with marks.
const PLAIN_TOO: [(char, char); 7] =
    [('έ', 'ε'), ('ή', 'η'), ('ό', 'ο'), ('ύ', 'υ'), ('ώ', 'ω'), ('й', 'и'), ('ї', 'і')];

/// The month of each name and of each beginning of one from three letters on; nothing where it begins names of several.
static KNOWN: LazyLock<HashMap<String, Option<u32>>> = LazyLock::new(|| {
    let names = || NAMES.iter().flat_map(|names| names.split(' ').map(plain).zip(1..));
    let mut known = HashMap::new();
    for (name, month) in names() {
        for (end, _) in name.char_indices().skip(3) {
            let of = known.entry(name[..end].to_owned()).or_insert(Some(month));
            *of = of.filter(|other| *other == month);
        }
    }
    known.extend(names().map(|(name, month)| (name, Some(month))));
    known
});

/// The month of that name or its beginning, from 1.
pub(crate) fn named(word: &str) -> Option<u32> {
    let word = plain(word);
    if let Some(month) = KNOWN.get(&word).copied().flatten() {
        return Some(month);
    }
    begun(&word)
}

/// Whether a word names a month where no day stands beside it: three letters are easily another word (`Pro 2020`).
pub(crate) fn is_telling(word: &str) -> bool {
    word.chars().count() > 3 || begun(&plain(word)).is_some()
}

/// Whether a text names a month by a word that is another month in Croatian.
pub(crate) fn is_doubtful(text: &str) -> bool {
    text.split(|c: char| !c.is_alphabetic()).any(|word| DOUBTFUL.contains(&plain(word).as_str()))
}

fn begun(word: &str) -> Option<u32> {
    if !(3..=10).contains(&word.chars().count()) {
        return None;
    }
    let found = BEGIN.iter().position(|begins| begins.iter().any(|begin| word.starts_with(begin)));
    found.and_then(|at| u32::try_from(at + 1).ok())
}

/// Whether a character is a mark of its own over the letter before it.
pub(crate) fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// A word in small letters without marks.
fn plain(word: &str) -> String {
    let letter = |c: char| {
        let of = PLAIN.iter().find(|(marked, _)| !c.is_ascii() && marked.contains(c));
        let greek = || PLAIN_TOO.iter().find(|(marked, _)| *marked == c).map(|(_, plain)| *plain);
        of.map(|(_, plain)| *plain).or_else(greek).unwrap_or(c)
    };
    word.to_lowercase().chars().filter(|c| !is_mark(*c)).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_twelve_months() {
        let check = |names: &str| {
            let months: Vec<_> = names.split(' ').map(named).collect();
            assert_eq!(months, (1..=12).map(Some).collect::<Vec<_>>(), "{names}");
        };
        for names in NAMES {
            check(names);
            check(&names.to_uppercase());
            check(&plain(names));
        }
        for short in [
            "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
            "Jän Feb Mrz Apr Mai Jun Jul Aug Sept Okt Nov Dez",
            "janv févr mars avr mai juin juil août sept oct nov déc",
            "jan fev mar abr mai jun jul ago set out nov dez",
            "ene feb mar abr may jun jul ago sept oct nov dic",
            "jan feb mrt apr mei jun jul aug sep okt nov dec",
            "jan feb mar apr maj jun jul aug sep okt nov dec",
            "sty lut mar kwi maj cze lip sie wrz paź lis gru",
            "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
            "jan febr márc ápr máj jún júl aug szept okt nov dec",
            "oca şub mar nis may haz tem ağu eyl eki kas ara",
            "ian feb mar apr mai iun iul aug sept oct noi dec",
            "янв февр мар апр мая июн июл авг сент окт нояб дек",
            "січ лют бер квіт трав черв лип серп вер жовт лист груд",
            "Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
        ] {
            check(short);
        }
    }

    #[test]
    fn no_name_is_one_of_two_months_and_other_words_are_none() {
        let mut months: HashMap<String, u32> = HashMap::new();
        for (name, month) in NAMES.iter().flat_map(|names| names.split(' ').map(plain).zip(1..)) {
            assert_eq!(*months.entry(name.clone()).or_insert(month), month, "{name}");
        }
        for word in
            ["xyz", "de", "Decemberissimo", "ju", "cer", "červ", "ιου", "product", "value", "lipnja", "kolovoza"]
        {
            assert_eq!(named(word), None, "{word}");
        }
        // Misspelled as people do, and with marks beside their letters.
        assert_eq!((named("Febuary"), named("Septemer"), named("fe\u{301}vrier")), (Some(2), Some(9), Some(2)));
    }
}
