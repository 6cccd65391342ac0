//! Given names that are common in Europe and the Americas, and some of elsewhere: where most texts of a column begin or end with
//! one, they are people, whatever the column is called.

use std::collections::HashSet;
use std::sync::LazyLock;

/// In lower case: English, German, French, Spanish, Italian, Dutch, Portuguese, then others.
const GIVEN: &str = "\
    james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony \
    mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan \
    jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank \
    patrick raymond jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle ethan walter \
    noah jeremy christian keith roger terry sean gerald carl harold dylan arthur lawrence jordan jesse bryan \
    billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby \
    russell philip eugene oliver liam lucas luke owen simon martin graham neil stuart ian nigel colin derek \
    trevor harry charlie oscar leo theo archie finn callum rhys ewan hamish mary patricia jennifer linda \
    elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna \
    michelle carol amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen angela \
    shirley brenda emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet maria \
    catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith \
    andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail sophia \
    frances jean alice judy isabella julia grace denise amber doris marilyn danielle beverly charlotte natalie \
    theresa diana brittany kayla alexis lori marie mia ava chloe ella lucy sophie fiona gemma zoe claire louise \
    eleanor ellie isla freya poppy hans klaus wolfgang jürgen juergen dieter manfred uwe günter guenter werner \
    horst bernd helmut rainer gerhard heinz karl josef stefan andreas jörg joerg torsten thorsten sven dirk \
    markus matthias holger ralf olaf christoph sebastian florian tobias jan jens lars marco tim lukas felix \
    maximilian jonas leon niklas moritz fabian philipp benedikt johannes jakob anton emil ludwig friedrich \
    heinrich wilhelm otto ernst kurt erich rolf reinhard volker detlef norbert siegfried ulrich axel armin erik \
    henning hendrik kai timo malte ole till urs beat reto ueli ursula renate helga karin brigitte monika ingrid \
    petra sabine gabriele susanne claudia birgit heike martina angelika cornelia silke anja katja stefanie tanja \
    melanie kathrin katrin lena lea hanna johanna leonie clara klara greta frieda elisabeth gertrud hildegard \
    erika christa gisela inge ilse waltraud edith irmgard marlies beate bettina ulrike ute anke antje silvia \
    sonja simone daniela nadine franziska katharina magdalena veronika annette annika jana nina svenja maike \
    wiebke heidi regula pierre michel andré andre philippe alain bernard jacques françois francois nicolas \
    laurent christophe stéphane stephane frédéric frederic sébastien sebastien julien olivier guillaume mathieu \
    antoine thierry pascal éric didier gilles hervé herve yves claude rené rene marcel henri louis luc marc \
    benoît benoit xavier maxime romain clément clement hugo théo jules adrien baptiste quentin valentin nathalie \
    isabelle sylvie martine françoise francoise valérie valerie véronique veronique sandrine stéphanie céline \
    celine aurélie aurelie émilie emilie camille manon léa chloé inès ines juliette margaux mathilde pauline \
    élodie elodie amélie amelie hélène helene monique anne dominique chantal corinne delphine antonio josé \
    manuel francisco luis javier carlos miguel ángel angel rafael pedro alejandro fernando sergio jorge alberto \
    pablo diego álvaro alvaro adrián adrian raúl raul enrique ramón ramon vicente andrés andres iván ivan rubén \
    ruben óscar joaquín joaquin santiago eduardo víctor victor roberto jaime ignacio mario ricardo felipe \
    guillermo héctor hector gustavo carmen josefa isabel dolores pilar ana lucía lucia elena cristina paula \
    marta mercedes rosario beatriz raquel nuria rocío rocio inmaculada ainhoa sofía sofia alba irene esther \
    concepción concepcion yolanda verónica mónica monica gabriela alejandra valentina camila mariana fernanda \
    guadalupe juana giuseppe giovanni luigi stefano angelo vincenzo pietro salvatore franco domenico bruno paolo \
    michele giorgio luciano luca matteo lorenzo alessandro francesco davide federico riccardo fabio massimo \
    claudio enrico daniele emanuele nicola gianluca giulia chiara francesca federica alessia elisa ilaria \
    eleonora giorgia paola roberta giovanna caterina rosa antonella pieter kees willem gerrit cornelis joost \
    bram daan sem thijs jeroen maarten sander wouter bas koen tom niels joris anouk femke sanne lotte fleur eva \
    iris roos marieke annemieke els ineke joão joao antónio antônio paulo luís tiago rui nuno gonçalo goncalo \
    duarte vasco thiago rodrigo marcelo leonardo fábio inês catarina joana rita susana sílvia letícia leticia \
    juliana larissa bruna aline luciana adriana anders per johan nils olof mikael magnus henrik fredrik björn \
    bjorn knut bjarne søren soren mads mette kirsten hanne lene astrid ingeborg sigrid linnea ebba maja elsa \
    saga matti juha antti mika kari piotr krzysztof andrzej tomasz paweł pawel michał michal marcin jakub łukasz \
    lukasz wojciech zofia małgorzata malgorzata agnieszka katarzyna ewa krystyna joanna jiří jiri petr pavel \
    tomáš tomas hana lenka zuzana sergei sergey dmitri dmitry alexei alexey vladimir nikolai mikhail igor oleg \
    andrei olga natalia tatiana svetlana irina ekaterina anastasia yuri boris mehmet mustafa ahmet ali hüseyin \
    huseyin hasan ibrahim ismail murat fatma ayşe ayse emine hatice zeynep elif mohammed muhammad mohamed ahmed \
    omar youssef yusuf khalid hassan abdullah fatima aisha khadija zainab layla amina raj rahul amit sanjay \
    vijay anil rajesh suresh priya anita sunita deepak neha pooja wei ming jing hiroshi takashi kenji yuki akira \
    анна мария елена ольга наталья татьяна ирина светлана екатерина юлия анастасия дарья александр сергей андрей дмитрий \
    алексей иван михаил николай владимир павел максим евгений виктор юрий игорь олег роман денис";

/// What follows the name of a firm, a street or a place, however it begins.
const NO_PERSON: [&str; 73] = [
    "ltd",
    "inc",
    "llc",
    "corp",
    "corporation",
    "company",
    "co",
    "group",
    "holding",
    "holdings",
    "partners",
    "sons",
    "bros",
    "brothers",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "sa",
    "sarl",
    "sas",
    "bv",
    "nv",
    "spa",
    "srl",
    "lda",
    "ab",
    "oy",
    "plc",
    "associates",
    "services",
    "industries",
    "bank",
    "stores",
    "shop",
    "hotel",
    "airport",
    "intl",
    "international",
    "field",
    "street",
    "road",
    "avenue",
    "ave",
    "lane",
    "drive",
    "square",
    "park",
    "bridge",
    "school",
    "university",
    "college",
    "hospital",
    "church",
    "city",
    "county",
    "island",
    "islands",
    "beach",
    "hill",
    "blvd",
    "air",
    "airlines",
    "airways",
    "airline",
    "muni",
    "municipal",
    "rgnl",
    "regional",
    "station",
    "base",
    "heliport",
];

/// What stands before a name, or between its parts.
const BESIDE: [&str; 31] = [
    "Dr.", "Dr", "Prof.", "Mr.", "Mr", "Mrs.", "Mrs", "Ms.", "Ms", "Herr", "Frau", "M.", "Mme", "Sr.", "Sra.", "von",
    "van", "de", "der", "den", "del", "da", "do", "dos", "di", "la", "le", "el", "al", "zu", "ter",
];

/// Whether a text is written as the name of a person is: two to four words with capital letters, none of them that of a firm.
pub(super) fn is_written_so(text: &str) -> bool {
    first_of(text).is_some()
}

/// Whether it is that, and begins with a given name that is known, or has it behind a comma.
pub(super) fn is_person(text: &str) -> bool {
    first_of(text).is_some_and(|first| first.split('-').next().is_some_and(is_given))
}

/// The first word of what is written as the name of a person is, in lower case.
fn first_of(text: &str) -> Option<String> {
    let turned = text.split_once(", ").map(|(family, given)| format!("{given} {family}"));
    let text = turned.as_deref().unwrap_or(text);
    let own: Vec<&str> = text.split_whitespace().filter(|word| !BESIDE.contains(word)).collect();
    let other = |word: &&str| {
        let word = word.to_lowercase();
        let word = word.trim_end_matches('.');
        NO_PERSON.contains(&word) || word.ends_with("straße") || word.ends_with("strasse")
    };
    let named = super::contact::is_full_name(&own.join(" ")) && !own.iter().any(other);
    own.first().filter(|_| named).map(|first| first.to_lowercase())
}

/// Whether it is one given name that is known, or two.
pub(super) fn is_given_alone(text: &str) -> bool {
    let mut words = text.split([' ', '-']).filter(|word| !word.is_empty());
    words.clone().count() <= 2 && words.next().is_some_and(|first| is_given(&first.to_lowercase()))
}

/// Whether it may be one name, given or of a family: letters alone, the first a capital one where the script has such.
pub(super) fn is_single_name(text: &str) -> bool {
    let letters = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.'));
    let capital = text.chars().next().is_some_and(|first| first.is_alphabetic() && !first.is_lowercase());
    capital && text.split_whitespace().count() <= 3 && text.split_whitespace().all(letters)
}

fn is_given(word: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| GIVEN.split_ascii_whitespace().collect());
    ALL.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_from_firms_streets_and_places() {
        for name in ["Anna Schmidt", "Müller, Hans-Peter", "Dr. Sabine von Hagen", "Jean-Luc Picard", "José Garcia"] {
            assert!(is_person(name), "{name}");
        }
        for other in [
            "San Francisco",
            "New York",
            "Martin Luther Street",
            "Charles Schwab Corp",
            "Blue Widget",
            "Anna",
            "John F Kennedy Intl",
            "Thomas Cook Ltd",
            "Product 12",
            "Virginia Beach",
            "",
        ] {
            assert!(!is_person(other), "{other}");
        }
    }
}
