//! Columns that are called after who did, owns or gets something: names of few people stand there in many rows.

use crate::finding::words::plain_words;

/// Who does or gets something, in plain letters.
const ROLES: [&str; 9] = [
    "rep representative salesperson salesman salesrep seller driver employee patient doctor physician surgeon nurse therapist dentist \
     teacher instructor tutor agent broker clerk cashier owner manager contact guest passenger applicant candidate assignee assigned \
     author reporter customer client user member student player coach judge operator technician engineer consultant advisor adviser \
     handler inspector auditor reviewer approver requester creator recruiter caller payee beneficiary holder tenant landlord person",
    "verkaeufer verkaeuferin fahrer fahrerin mitarbeiter mitarbeiterin patientin arzt aerztin hausarzt lehrer lehrerin sachbearbeiter \
     sachbearbeiterin bearbeiter bearbeiterin betreuer betreuerin ansprechpartner kontakt kunde kundin vertreter berater beraterin \
     techniker monteur pruefer gutachter gast autor ersteller zustaendig verantwortlich verantwortlicher leiter mieter inhaber empfaenger",
    "vendeur vendeuse conducteur chauffeur employe patiente medecin infirmier enseignant professeur cliente beneficiaire titulaire auteur \
     responsable commercial conseiller gestionnaire technicien locataire proprietaire",
    "vendedor vendedora conductor empleado empleada paciente medico medica profesor profesora docente contacto titular beneficiario \
     asesor tecnico inquilino propietario venditore autista dipendente paziente insegnante referente responsabile intestatario \
     inquilino proprietario motorista funcionario funcionaria professor professora contato tecnico",
    "verkoper medewerker arts docent klant contactpersoon huurder eigenaar saljare forare foerare anstalld anstaelld lakare laekare larare \
     laerare kund selger sjafor ansatt lege laege saelger laerer myyja kuljettaja tyontekija laakari opettaja asiakas",
    "sprzedawca kierowca pracownik pacjent lekarz nauczyciel klient opiekun osoba prodejce ridic zamestnanec pacient lekar ucitel zakaznik \
     elado sofor dolgozo beteg orvos tanar ugyfel vanzator angajat medic profesor prodavac vozac zaposlenik lijecnik",
    "satici surucu calisan hasta doktor ogretmen musteri temsilci",
    "продавец водитель сотрудник пациент врач учитель преподаватель клиент менеджер ответственный исполнитель автор водій лікар πωλητησ \
     οδηγοσ υπαλληλοσ ασθενησ γιατροσ πελατησ",
    "担当 担当者 営業 営業担当 医師 主治医 運転手 乗務員 司机 员工 員工 医生 醫生 销售 负责人 經辦人 经办人 담당자 담당 기사 직원 의사 البائع السائق الموظف الطبيب",
];
/// What stands before the name of a family alone.
const TITLES: &str = "dr dr. prof prof. prof.ssa mr mr. mrs mrs. ms ms. miss herr hr hr. frau fr fr. m. mme mlle sr sr. sra sra. sig sig. \
     sig.ra pan pani dhr dhr. mevr mevr.";

/// Whether it says who did, owns or gets something.
pub(super) fn names_role(name: &str) -> bool {
    let is_role = |word: &String| ROLES.iter().any(|roles| roles.split_ascii_whitespace().any(|role| role == word));
    plain_words(name).iter().any(is_role)
}

/// A title and the name of a family: `Dr. Müller`, `Mme Martin`.
pub(super) fn is_titled(text: &str) -> bool {
    let title = |word: &str| TITLES.split_ascii_whitespace().any(|title| title == word.to_lowercase());
    let mut words = text.split_whitespace();
    words.next().is_some_and(title)
        && words.find(|word| !title(word)).is_some_and(|name| {
            name.chars().next().is_some_and(char::is_uppercase)
                && name.chars().filter(|c| c.is_alphabetic()).count() >= 2
        })
}

#[cfg(test)]
mod tests {
    use crate::finding::personal::tests::personal;

    #[test]
    fn few_people_in_a_role_are_people_and_kinds_are_none() {
        let people: [(&str, &[&str]); 8] = [
            ("Sales Rep", &["Jane Doe", "Tom Baker", "Amy Wu"]),
            ("Driver", &["Muhammad Khan", "Kwame Mensah", "Sione Taufa"]),
            ("Vendeur", &["Jean-Luc Moreau", "Aïcha Benali", "Thibault de la Tour"]),
            ("Arzt", &["Dr. Müller", "Dr. Klein", "Prof. Dr. Wu"]),
            ("Bénéficiaire", &["Mme Martin", "M. Dupont", "Mme Petit"]),
            ("Lekarz", &["dr Kowalski", "dr Nowak"]),
            ("担当者", &["山田太郎", "鈴木一郎", "佐藤花子", "高橋健"]),
            ("Менеджер", &["Сидоров В.П.", "Иванова А.С."]),
        ];
        for (name, values) in people {
            assert!(personal(name, |row| values[row as usize % values.len()].to_owned()), "{name}");
        }
        let others: [(&str, &[&str]); 6] = [
            ("Driver", &["Market Growth", "Lower Costs", "New Products"]),
            ("customer", &["Retail", "Wholesale", "Online"]),
            ("user", &["Basic Plan", "Gold Plan", "Family Plan"]),
            ("agent", &["Web", "Phone", "Partner"]),
            ("Sales Region", &["North West", "South East", "San Juan"]),
            ("Owner", &["North Bank", "City Council", "Private"]),
        ];
        for (name, values) in others {
            assert!(!personal(name, |row| values[row as usize % values.len()].to_owned()), "{name}");
        }
    }
}
