//! Columns that are called after what is about a person, in the languages of the exports that people have; a letter with an accent as
//! it is written without, with and without the `e` that some put in its place.

use super::words::{ends_so, has_phrase, plain_name, plain_words};

/// What people are called, phrase by phrase.
const NAMES: [&str; 8] = [
    "first name|last name|surname|full name|maiden name|family name|given name|middle name|customer name|patient name|contact name",
    "vorname|nachname|familienname|geburtsname|rufname|kundenname|patientenname|voornaam|achternaam|familienaam|klantnaam|fornamn|\
     foernamn|efternamn|fornavn|etternavn|efternavn|etunimi|sukunimi",
    "prenom|prenoms|nom de famille|nom complet|nom de naissance|nom client|nom du client|nom patient|nom du patient|apellido|apellidos|\
     nombre completo|nombres y apellidos|nombre y apellidos|nombre cliente|nombre del cliente|nombre paciente|nombre del paciente|\
     cognome|nome completo|nome cliente|nome del cliente|nome paziente|sobrenome|apelido|nome do cliente|nome do paciente",
    "imie|imiona|nazwisko|prijmeni|priezvisko|krestni jmeno|prenume|nume de familie|vezeteknev|keresztnev|csaladnev|soyad|soyadi|\
     soyisim|nama lengkap|nama depan|nama belakang|nama pelanggan|nama pasien",
    "фамилия|отчество|фио|имя отчество|имя клиента|имя пациента|прізвище|επωνυμο|ονοματεπωνυμο",
    "اسم العائلة|الاسم الكامل|اسم العميل|اسم المريض|نام خانوادگی|שם פרטי|שם משפחה|שם מלא|उपनाम|पूरा नाम|นามสกุล",
    "姓名|姓|客户姓名|患者姓名|氏名|患者氏名|患者名|顧客名|お名前|氏名カナ|フリガナ|ふりがな",
    "성명|성함|고객명|환자명",
];
/// What else is about one: how to reach it, when it was born, what numbers it.
const OTHERS: [&str; 3] = [
    "email|e mail|phone|phone number|telephone|telefonnummer|handynummer|telefoonnummer|ssn|passport|iban|date of birth|birth date|birthday|dob|geburtsdatum|geburtstag|date de naissance|date naissance|fecha de nacimiento|fecha nacimiento|data di nascita|data nascita|geboortedatum|data de nascimento|data nascimento|street address|home address|postal address|anschrift|wohnadresse|adresse postale|direccion postal|domicilio|indirizzo di casa|woonadres|codice fiscale|personnummer|burgerservicenummer|sozialversicherungsnummer|numero de telephone",
    "data urodzenia|datum narozeni|fodelsedatum|foedelsedatum|fodselsdato|syntymaaika|dogum tarihi|дата рождения|день рождения|\
     дата народження|ημερομηνια γεννησησ|تاريخ الميلاد|生年月日|出生日期|생년월일",
    "numero de telefono|numero di telefono|numero de telefone|courriel|номер телефона|電話番号|电话号码|手机号|手机号码|전화번호|휴대폰번호",
];
/// National numbers; a word behind them makes something else of them (`nhs_trust`).
const NATIONAL: [&str; 7] = ["cpf", "pesel", "bsn", "nhs", "ahv", "avs", "dni"];
/// A bare word for a name, of a person or of a product.
const BARE: &str = "nom nombre nome naam nume nama imie jmeno meno navn namn nimi nev ad adi isim имя имена ονομα اسم الاسم שם नाम ชื่อ 名前 名字 이름";

fn phrases(lists: &[&'static str]) -> Vec<&'static str> {
    lists.iter().flat_map(|list| list.split('|')).collect()
}

fn called(name: &str, lists: &[&'static str]) -> bool {
    let plain = plain_name(name);
    phrases(lists).iter().any(|phrase| has_phrase(&plain, phrase))
}

/// Whether a column of this name is about people, whatever its values are.
pub fn names_person(name: &str) -> bool {
    names_name(name) || called(name, &OTHERS) || ends_so(name, &NATIONAL)
}

/// Whether it is called as what people are called by.
pub(crate) fn names_name(name: &str) -> bool {
    called(name, &NAMES)
}

/// Whether it is called a name and nothing else, which products have, too.
pub(crate) fn is_bare_name(name: &str) -> bool {
    matches!(plain_words(name).as_slice(), [only] if BARE.split_ascii_whitespace().any(|own| own == only))
}

/// Whether numbers of that name are of people: it says no more than that, where `phone_calls` are counted.
pub(crate) fn numbers_person(name: &str) -> bool {
    let plain = plain_name(name);
    [phrases(&NAMES), phrases(&OTHERS), NATIONAL.to_vec()].iter().any(|of| ends_so(&plain, of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_whether_they_are_about_people() {
        assert!(names_person("Geburtsdatum") && names_person("nhs_number") && names_person("AHV-Nr"));
        assert!(!names_person("nhs_trust") && !names_person("cpf_count") && !names_person("dobermann"));
        assert!(numbers_person("home_phone") && numbers_person("phone_number_2") && !numbers_person("phone_calls"));
        assert!(!numbers_person("email_opens") && !numbers_person("no") && !numbers_person(""));
        assert!(is_bare_name("Nom") && is_bare_name("имя") && !is_bare_name("nom_produit") && !is_bare_name("name"));
    }
}
