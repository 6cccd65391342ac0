//! What columns are called that say when a row happened, in the languages of the exports that people have; and those that
//! hold another day of it.

use super::birth::names_birth;
use super::leak::names_afterwards;
use super::words::words;

/// When something happened, was put down, ordered or begun.
const HAPPENED: [&str; 52] = [
    "date",
    "time",
    "timestamp",
    "datetime",
    "occurred",
    "event",
    "created",
    "datum",
    "zeit",
    "zeitpunkt",
    "zeitstempel",
    "uhrzeit",
    "tag",
    "erstellt",
    "angelegt",
    "erfasst",
    "aufgenommen",
    "bestellt",
    "gebucht",
    "eingegangen",
    "eingang",
    "heure",
    "horodatage",
    "jour",
    "créé",
    "créée",
    "cree",
    "création",
    "creation",
    "commandé",
    "fecha",
    "hora",
    "día",
    "dia",
    "creado",
    "creada",
    "creación",
    "creacion",
    "registrado",
    "data",
    "ora",
    "giorno",
    "creato",
    "creata",
    "creazione",
    "registrato",
    "tijd",
    "tijdstip",
    "aangemaakt",
    "criado",
    "criada",
    "criação",
];
/// How German and Dutch words for a time end, whatever stands before it: `Bestelldatum`.
const ENDS: [&str; 6] = ["datum", "zeit", "zeitpunkt", "zeitstempel", "tijd", "tijdstip"];
/// An end, a change: no time at which the row came to be.
const OTHERWISE: [&str; 38] = [
    "updated",
    "modified",
    "expiry",
    "expires",
    "end",
    "ende",
    "ablauf",
    "gültig",
    "gueltig",
    "fällig",
    "faellig",
    "geändert",
    "geaendert",
    "änderung",
    "aenderung",
    "aktualisiert",
    "fin",
    "expiration",
    "échéance",
    "echeance",
    "modifié",
    "modification",
    "vencimiento",
    "caducidad",
    "actualizado",
    "modificado",
    "fine",
    "scadenza",
    "aggiornato",
    "modificato",
    "eind",
    "einde",
    "verval",
    "gewijzigd",
    "fim",
    "validade",
    "atualizado",
    "prazo",
];
/// How words of the same begin that are made of two: `Geburtsdatum`.
const OTHERWISE_BEGINS: [&str; 13] = [
    "ablauf",
    "verfall",
    "verval",
    "gültigkeit",
    "änderung",
    "aenderung",
    "fällig",
    "faellig",
    "eind",
    "enddat",
    "endzeit",
    "kündigung",
    "kuendigung",
];

/// How words begin of what follows on it: `Lieferdatum`.
const LATER_BEGINS: [&str; 16] = [
    "liefer",
    "lever",
    "zahl",
    "storno",
    "abschluss",
    "rückgabe",
    "rueckgabe",
    "retour",
    "livraison",
    "paiement",
    "entrega",
    "consegna",
    "pagamento",
    "deliver",
    "shipp",
    "closed",
];

/// Whether a column is called as the time at which rows happened.
pub(super) fn names_happening(name: &str) -> bool {
    let own = words(name);
    own.iter().any(|word| HAPPENED.contains(&word.as_str()) || ENDS.iter().any(|end| word.ends_with(end)))
}

/// Whether a column is called as another time of a row: a birth, an end, a change.
pub(super) fn names_another_time(name: &str) -> bool {
    let own = words(name);
    let another = |word: &String| {
        OTHERWISE.contains(&word.as_str()) || OTHERWISE_BEGINS.iter().any(|begins| word.starts_with(begins))
    };
    own.iter().any(another) || names_birth(name)
}

/// Whether a column is called as a time at which a thing that was begun goes on: a delivery, a payment, an end.
pub(super) fn names_later_time(name: &str) -> bool {
    names_afterwards(name) || words(name).iter().any(|word| LATER_BEGINS.iter().any(|begins| word.starts_with(begins)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_rows_is_told_by_its_name_in_many_languages() {
        for name in
            ["Date", "Bestelldatum", "Angelegt am", "Fecha de pedido", "Data ordine", "besteltijdstip", "créé le"]
        {
            assert!(names_happening(name) && !names_another_time(name), "{name}");
        }
        for name in
            ["Geburtsdatum", "date de naissance", "Fecha de vencimiento", "end_date", "Ablaufdatum", "data di nascita"]
        {
            assert!(names_another_time(name), "{name}");
        }
        assert!(
            names_later_time("Lieferdatum") && names_later_time("closed_date") && !names_later_time("Bestelldatum")
        );
        for name in ["amount", "Betrag", "update", "candidate", "Kalender"] {
            assert!(!names_happening(name) && !names_another_time(name), "{name}");
        }
    }
}
