//! Texts that hold how to reach people, or what they pay with, between other words.

use ropeway_vocab::{ColumnType, holds_mail};

use super::{DECISION, digits, phone};
use crate::finding::{Code, Finding};
use crate::seen::Column;

/// One of so many texts that hold such a thing makes a column personal.
const ONE_OF: u64 = 10;
/// Fewer of them are not worth a word.
const FEW: u64 = 3;

pub(super) fn find(column: &Column<'_>) -> Option<Finding> {
    if column.ty != ColumnType::Text {
        return None;
    }
    let rows = column.rows_of(holds);
    if rows < FEW {
        return None;
    }
    let of = |kind: fn(&str) -> bool| column.rows_of(kind);
    let evidence = format!(
        "{rows} of its texts hold how to reach people or what they pay with ({} mail addresses, {} telephone numbers, {} numbers of cards or \
         accounts)",
        of(holds_mail),
        of(holds_phone),
        of(holds_account)
    );
    let whole = rows * ONE_OF >= column.present();
    let (code, decision) = if whole {
        (Code::Personal, DECISION)
    } else {
        (
            Code::PersonalText,
            "stays, and its words are learned from: name it in `personal` of the source where it must not be read",
        )
    };
    Some(Finding::new(code, &[column.name], (rows, column.rows), evidence).decide(decision))
}

fn holds(text: &str) -> bool {
    holds_mail(text) || has_digits(text) && (holds_phone(text) || holds_account(text))
}

/// Whether there are as many digits as the shortest of these numbers has.
fn has_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).nth(8).is_some()
}

/// The numbers between the words of a sentence, with their marks; none where there is no sentence.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 2).count();
    let pieces = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '+'));
    let pieces = pieces.map(|piece| piece.trim_end_matches(|c: char| !c.is_ascii_digit()));
    let pieces = pieces.map(|piece| piece.trim_start_matches([' ', '-', '.', '/', ')']));
    pieces.filter(move |piece| words >= 2 && piece.len() >= 9)
}

fn holds_phone(text: &str) -> bool {
    numbers(text).any(phone::is_dialled)
}

fn holds_account(text: &str) -> bool {
    let card =
        |piece: &str| (15..=16).contains(&piece.bytes().filter(u8::is_ascii_digit).count()) && digits::is_card(piece);
    numbers(text).any(card) || holds_iban(text)
}

/// Groups of four, or the whole as one.
fn holds_iban(text: &str) -> bool {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let code =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let begins = |word: &str| word.len() >= 4 && code(word) && word.as_bytes()[2..4].iter().all(u8::is_ascii_digit);
    (0..words.len()).filter(|at| begins(words[*at])).any(|at| {
        let mut joined = words[at].to_owned();
        for (before, word) in words[at..].iter().zip(&words[at + 1..]) {
            if before.len() != 4 || word.len() > 4 || !code(word) {
                break;
            }
            joined.push_str(word);
        }
        digits::is_iban(&joined)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Value, number, one_of};
    use crate::finding::surveyed::{dice, survey};
    use crate::{Code, Survey};

    /// A column of sentences, of which one in so many holds what `own` says.
    fn notes(each: u64, own: impl Fn(u64) -> String) -> Survey {
        let rows: Vec<String> = (0..600)
            .map(|row| {
                let what = if row % each == 0 { own(row) } else { format!("bill {}", dice(row, 3) % 9_000) };
                let words = format!(
                    "{} and {}",
                    one_of(&["angry", "calm", "late"], row, 4),
                    one_of(&["left", "came", "paid"], row, 5)
                );
                format!(
                    "the customer was {words} about {what} again at {} today,{}",
                    dice(row, 6) % 600,
                    dice(row, 2) % 2
                )
            })
            .collect();
        survey(&format!("note,gone\n{}\n", rows.join("\n")), Some("gone"))
    }

    #[test]
    fn texts_full_of_addresses_are_personal_and_a_few_are_told_of() {
        let holds: [Value; 5] = [
            |row| format!("mail (p{row}@mail.example)"),
            |row| format!("+49 170 {}", number(row, 3, 7)),
            |row| format!("0151 {}", number(row, 3, 7)),
            |_| "card 4111 1111 1111 1111".into(),
            |_| "DE89 3704 0044 0532 0130 00".into(),
        ];
        for own in holds {
            let all = notes(1, own);
            let found = all.found_of(Code::Personal, "note").unwrap();
            assert!(found.rows == 600 && found.evidence.contains("600 of its texts"), "{found:?}");
            let few = notes(50, own);
            assert!(few.found_of(Code::Personal, "note").is_none(), "{:?}", few.findings);
            let found = few.found_of(Code::PersonalText, "note").unwrap();
            assert!(found.rows == 12 && found.evidence.contains("12 of its texts"), "{found:?}");
        }
        let controls: [Value; 4] = [
            |row| format!("order {}", number(row, 3, 12)),
            |row| format!("2024-01-{:02} 10:00", 1 + row % 28),
            |row| format!("{} @ {} EUR", number(row, 3, 2), number(row, 4, 3)),
            |row| format!("part 4512-{}-{}", number(row, 3, 3), number(row, 4, 4)),
        ];
        for own in controls {
            let found = notes(1, own);
            assert!(found.found(Code::Personal).chain(found.found(Code::PersonalText)).next().is_none(), "{}", own(1));
        }
    }
}
