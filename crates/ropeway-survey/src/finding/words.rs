//! What the name of a column says.

pub(crate) use ropeway_vocab::name_words as words;

/// Whether the name holds one of these words.
pub(crate) fn has(name: &str, among: &[&str]) -> bool {
    words(name).iter().any(|word| among.contains(&word.as_str()))
}

/// Whether the name holds these words one after the other, or written as one.
pub(crate) fn has_phrase(name: &str, phrase: &str) -> bool {
    let joined = format!(" {} ", words(name).join(" "));
    joined.contains(&format!(" {phrase} ")) || joined.contains(&format!(" {} ", phrase.replace(' ', "")))
}

/// Whether a column of this name is about people, whatever its values are.
pub fn names_person(name: &str) -> bool {
    PERSONAL.iter().any(|phrase| has_phrase(name, phrase)) || ends_so(name, &NATIONAL)
}

/// Whether numbers of that name are of people: it says no more than that, where `phone_calls` are counted.
pub(crate) fn numbers_person(name: &str) -> bool {
    ends_so(name, &PERSONAL) || ends_so(name, &NATIONAL)
}

/// Whether the name ends with one of these, or with the number of it.
pub(crate) fn ends_so(name: &str, phrases: &[&str]) -> bool {
    let words = words(name);
    let own = words.iter().rposition(|word| {
        let counts = word.bytes().all(|byte| byte.is_ascii_digit());
        !counts && !matches!(word.as_str(), "nr" | "no" | "num" | "number" | "id" | "code" | "nummer" | "numero")
    });
    let joined = format!(" {}", words[..own.map_or(0, |at| at + 1)].join(" "));
    phrases.iter().any(|phrase| {
        joined.ends_with(&format!(" {phrase}")) || joined.ends_with(&format!(" {}", phrase.replace(' ', "")))
    })
}

/// Whether what the name says is whether there is one.
pub(crate) fn asks_whether(name: &str) -> bool {
    words(name).first().is_some_and(|first| matches!(first.as_str(), "has" | "is" | "hat" | "ist"))
}

/// Words in the names of columns that are about a person.
const PERSONAL: [&str; 54] = [
    "first name",
    "last name",
    "surname",
    "full name",
    "maiden name",
    "family name",
    "given name",
    "middle name",
    "customer name",
    "patient name",
    "contact name",
    "nachname",
    "vorname",
    "email",
    "e mail",
    "phone",
    "phone number",
    "telephone",
    "telefonnummer",
    "handynummer",
    "telefoonnummer",
    "ssn",
    "passport",
    "iban",
    "date of birth",
    "birth date",
    "birthday",
    "dob",
    "geburtsdatum",
    "geburtstag",
    "date de naissance",
    "date naissance",
    "fecha de nacimiento",
    "fecha nacimiento",
    "data di nascita",
    "data nascita",
    "geboortedatum",
    "data de nascimento",
    "data nascimento",
    "street address",
    "home address",
    "postal address",
    "anschrift",
    "wohnadresse",
    "adresse postale",
    "direccion postal",
    "domicilio",
    "indirizzo di casa",
    "woonadres",
    "codice fiscale",
    "personnummer",
    "burgerservicenummer",
    "sozialversicherungsnummer",
    "numero de telephone",
];

/// National numbers; a word behind them makes something else of them (`nhs_trust`).
const NATIONAL: [&str; 7] = ["cpf", "pesel", "bsn", "nhs", "ahv", "avs", "dni"];

/// Whether it names one of several things that may have one name: a storm, a street, a subject of a session.
pub(crate) fn names_one_of(name: &str) -> bool {
    let street = words(name).iter().any(|word| word.ends_with("strasse") || word.ends_with("straße"));
    street
        || has(
            name,
            &["name", "street", "address", "road", "rue", "calle", "via", "rua", "adresse", "nom", "nombre", "nome"],
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_are_about() {
        assert!(has_phrase("fake_first_name", "first name") && has_phrase("FIRSTNAME", "first name"));
        assert!(!has_phrase("first_named", "first name"));
        assert!(names_person("Geburtsdatum") && names_person("nhs_number") && names_person("AHV-Nr"));
        assert!(!names_person("nhs_trust") && !names_person("cpf_count") && !names_person("dobermann"));
        assert!(numbers_person("home_phone") && numbers_person("phone_number_2") && !numbers_person("phone_calls"));
        assert!(!numbers_person("email_opens") && !numbers_person("no") && !numbers_person(""));
    }
}
