//! Columns that are called after things of which a table has rows: people, patients and machines, of which there are always others;
//! places, which come back; and what numbers any of them. In the languages of the exports that people have, as far as a list can
//! know them.

use ropeway_vocab::ascii_letters;

use super::words::{ends_so, has, words};

/// Of what tables have several rows each, and new ones all the time; a letter with an accent as it is written without.
const ENTITIES: [&str; 9] = [
    // English
    "customer client user patient subject person member account household student employee driver player visitor session device \
     machine sensor vehicle car house property family participant respondent donor author buyer seller merchant storm well animal \
     tailnum",
    // German
    "kunde kundin patient patientin proband person mitglied konto haushalt schueler schuelerin student studentin mitarbeiter \
     mitarbeiterin benutzer nutzer fahrer fahrerin spieler spielerin besucher sitzung geraet maschine anlage sensor fahrzeug haus \
     familie teilnehmer teilnehmerin spender autor kaeufer verkaeufer haendler lieferant sturm brunnen tier versicherter",
    // French
    "client cliente patient patiente sujet personne membre adherent compte menage eleve etudiant etudiante employe salarie \
     utilisateur conducteur joueur visiteur seance appareil machine capteur vehicule voiture maison famille participant donneur \
     auteur acheteur vendeur fournisseur animal",
    // Spanish
    "cliente paciente sujeto persona miembro socio cuenta hogar alumno alumna estudiante empleado usuario conductor jugador visitante \
     sesion dispositivo maquina sensor vehiculo coche familia participante donante autor comprador vendedor proveedor animal",
    // Italian
    "cliente paziente soggetto persona membro socio famiglia studente alunno dipendente utente conducente giocatore visitatore sessione \
     dispositivo macchina sensore veicolo partecipante donatore autore acquirente venditore fornitore animale",
    // Portuguese
    "cliente paciente sujeito pessoa membro conta aluno estudante funcionario usuario motorista jogador visitante sessao dispositivo \
     maquina veiculo carro familia participante doador autor comprador vendedor fornecedor animal",
    // Dutch
    "klant patient proefpersoon persoon rekening huishouden leerling medewerker gebruiker bestuurder speler bezoeker sessie apparaat \
     machine voertuig gezin deelnemer dier",
    // Polish
    "klient pacjent osoba konto uczen student pracownik uzytkownik kierowca gracz maszyna pojazd rodzina",
    // Swedish, Norwegian, Danish
    "kund kunde pasient patient person medlem konto hushall elev anstalld ansatt bruker anvandare maskin fordon familie deltagare",
];
/// What else is numbered.
const THINGS: [&str; 3] = [
    "row record order item product case test store shop station cust trip event loan",
    "auftrag bestellung artikel produkt fall filiale rechnung vertrag beleg vorgang kredit",
    "commande article produit pedido producto articulo ordine prodotto articolo produto bestelling",
];
/// Places that come back, and of which each has many rows.
const PLACES: [&str; 24] = [
    "store",
    "shop",
    "station",
    "branch",
    "clinic",
    "hospital",
    "school",
    "site",
    "warehouse",
    "filiale",
    "markt",
    "schule",
    "klinik",
    "krankenhaus",
    "standort",
    "werk",
    "magasin",
    "ecole",
    "hopital",
    "tienda",
    "sucursal",
    "escuela",
    "negozio",
    "scuola",
];
/// Words by which a number names something, alone or behind what it names.
const NUMBERS: [&str; 13] = [
    "id",
    "key",
    "uuid",
    "guid",
    "nr",
    "no",
    "number",
    "rownum",
    "nummer",
    "numero",
    "kennung",
    "schluessel",
    "matricule",
];
/// How such words are joined to what they number, where a language or a database joins them: `Kundennummer`, `storeid`.
const JOINED: [&str; 6] = ["id", "nr", "nummer", "kennung", "schluessel", "key"];

/// The words of a name with plain letters.
fn plain_words(name: &str) -> Vec<String> {
    let plain =
        |word: String| word.chars().map(|c| ascii_letters(c).map_or_else(|| c.to_string(), str::to_owned)).collect();
    words(name).into_iter().map(plain).collect()
}

fn lists(lists: &[&str], word: &str) -> bool {
    lists.iter().any(|list| list.split_ascii_whitespace().any(|own| own == word))
}

/// What a word numbers, where it is joined of both: the `kunde` of `kundennummer`.
fn numbered(word: &str) -> Option<&str> {
    let mut nouns = JOINED.iter().filter_map(|joined| word.strip_suffix(joined)).flat_map(nouns);
    nouns.find(|noun| lists(&ENTITIES, noun) || lists(&THINGS, noun) || PLACES.contains(noun))
}

/// The nouns that German may have made this of in order to join it.
fn nouns(joined: &str) -> impl Iterator<Item = &str> {
    ["", "s", "n", "en"].into_iter().filter_map(|end| joined.strip_suffix(end))
}

/// Whether it is called as identifiers are.
pub fn names_identifier(name: &str) -> bool {
    let words = plain_words(name);
    name.trim_end().ends_with('#')
        || begins_with_number_sign(name, &words)
        || words.last().is_some_and(|last| NUMBERS.contains(&last.as_str()))
        || words.iter().any(|word| numbered(word).is_some())
}

/// `Nº Episodio` and `№ заказа`; `Nº de hijos` is how many there are.
fn begins_with_number_sign(name: &str, words: &[String]) -> bool {
    let name = name.trim_start().to_lowercase();
    let counts = words.iter().any(|word| matches!(word.as_str(), "de" | "di" | "of" | "d"));
    ["nº", "n°", "№"].iter().any(|sign| name.starts_with(sign)) && !counts
}

/// Whether numbers of that name can but name things: an `id`, where a `number` or `no` may be counted.
pub(crate) fn numbers_things(name: &str) -> bool {
    let words = plain_words(name);
    let last = words.last().map_or("", String::as_str);
    matches!(last, "id" | "key" | "uuid" | "guid") || words.len() == 1 && numbered(last).is_some()
}

/// Whether it names places that come back, and of which each has many rows; their type or size is no name.
pub(crate) fn names_place(name: &str) -> bool {
    let plain = plain_words(name).join(" ");
    let of_number = || plain_words(name).iter().any(|word| numbered(word).is_some_and(|noun| PLACES.contains(&noun)));
    ends_so(&plain, &PLACES) || names_identifier(name) && has(&plain, &PLACES) || of_number()
}

/// Whether it names things of which a table has several rows each: customers, patients, machines.
pub(crate) fn names_entity(name: &str) -> bool {
    let words = plain_words(name);
    let before_number = |at: usize| words.get(at + 1).is_some_and(|next| NUMBERS.contains(&next.as_str()));
    let one = |(at, word): (usize, &String)| {
        lists(&ENTITIES, word)
            || numbered(word).is_some_and(|noun| lists(&ENTITIES, noun))
            || before_number(at) && nouns(word).any(|noun| lists(&ENTITIES, noun))
    };
    words.iter().enumerate().any(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_known_by_their_names_in_several_languages() {
        for name in [
            "Kunde",
            "Patientennummer",
            "cliente",
            "Maschine",
            "KundenNr",
            "Patienten-Nr",
            "Schülerkennung",
            "élève",
            "máquina",
            "subjectid",
            "customer",
        ] {
            assert!(names_entity(name), "{name}");
        }
        for name in ["store", "amount", "carat", "wellness", "housing", "personal"] {
            assert!(!names_entity(name), "{name}");
        }
    }

    #[test]
    fn what_numbers_things_is_told_from_what_is_counted() {
        for name in [
            "test_id",
            "No",
            "subjectid",
            "Patientennummer",
            "Kunden-Nr",
            "Auftragsnummer",
            "numero",
            "Numéro client id",
            "Load #",
            "Nº Episodio",
            "storeid",
        ] {
            assert!(names_identifier(name), "{name}");
        }
        for name in ["avoid", "paid", "void", "Nummern gezogen", "humid", "wellbeing", "Nº de hijos", "# of loads"] {
            assert!(!names_identifier(name), "{name}");
        }
        assert!(numbers_things("Customer ID") && numbers_things("storeid") && numbers_things("Kundennummer"));
        assert!(!numbers_things("flight_number") && !numbers_things("Hausnummer suchen"));
    }

    #[test]
    fn places_are_known_and_what_they_are_like_is_not() {
        assert!(
            names_place("school") && names_place("Filialennummer") && names_place("store_id") && names_place("École")
        );
        assert!(!names_place("store_type") && !names_place("site_area"));
    }
}
