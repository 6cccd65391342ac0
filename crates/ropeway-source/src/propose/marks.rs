//! The marks of numbers that the columns of a file share.

use crate::propose::columns::What;
use crate::propose::numbers;
use crate::settings::{DecimalMark, NumberSpelling, SourceSettings, ThousandsMark};

/// Whether a comma stands before decimals.
fn is_comma(spelling: &NumberSpelling) -> bool {
    spelling.decimal == Some(DecimalMark::Comma)
}

/// Lets the columns whose marks tell decide for those where both readings fit.
pub(super) fn settle_marks(found: &mut [What], semicolons: bool) {
    let (mut commas, mut points) = (0, 0);
    for what in found.iter() {
        if let What::Numbers(found) = what
            && found.either.is_none()
        {
            commas += u64::from(is_comma(&found.spelling));
            let groups = found.spelling.thousands == Some(ThousandsMark::Comma);
            points += u64::from(!is_comma(&found.spelling) && (groups || found.plain_point));
        }
    }
    let comma = match (commas, points) {
        (0, 0) if semicolons => {
            Some((true, "fields are separated by semicolons, as where commas stand before decimals"))
        }
        (0, 0) => None,
        // Numbers with a point are versions and codes there.
        (commas, _) if commas > 0 && semicolons => {
            Some((true, "other columns have a decimal comma, and fields are separated by semicolons"))
        }
        (commas, points) if commas > points => Some((true, "the other columns have a decimal comma")),
        (commas, points) if points > commas => Some((false, "the other columns have a decimal point")),
        _ => None,
    };
    for what in found {
        let What::Numbers(found) = what else { continue };
        let Some(either) = found.either.clone() else { continue };
        let groups =
            found.in_groups.map(|comma| (comma, "numbers below a thousand have no mark, and all others have it"));
        let comma = groups.or(comma);
        let told = comma.is_some();
        let beside =
            found.as_large.map(|comma| (comma, "so they are as large as the cells beside them that are numbers"));
        let (comma, why) = comma
            .or(beside)
            .unwrap_or((false, "nothing in the file tells, and points before decimals are the usual ones"));
        if is_comma(&found.spelling) != comma {
            found.either = Some(std::mem::replace(&mut found.spelling, either));
            found.plain_point = false;
        }
        if told && found.spelling == NumberSpelling::default() {
            // As the rest of the file has it, and as numbers are usually written: nothing to decide.
            found.either = None;
        }
        found.undecided = !told;
        let how = if comma { "a decimal comma" } else { "a decimal point" };
        let look = if found.is_open() { "LOOK: " } else { "" };
        found.why = format!(
            "{look}{} of {} values are numbers by either reading of their marks; {how} was chosen: {why}",
            found.fit, found.of
        );
    }
}

/// The marks that all columns share which have any: then they are said once.
pub(super) fn shared_marks(found: &[What]) -> Option<(NumberSpelling, u64)> {
    let mut marks: Option<NumberSpelling> = None;
    let mut columns = 0;
    for what in found {
        let What::Numbers(found) = what else { continue };
        if found.plain_point {
            return None;
        }
        let own = NumberSpelling { unit: Vec::new(), negative: None, ..found.spelling.clone() };
        if own == NumberSpelling::default() {
            continue;
        }
        columns += 1;
        match &mut marks {
            None => marks = Some(own),
            Some(marks)
                if marks.decimal == own.decimal && (marks.thousands == own.thousands || own.thousands.is_none()) => {}
            Some(marks) if marks.decimal == own.decimal && marks.thousands.is_none() => *marks = own,
            Some(_) => return None,
        }
    }
    marks.filter(|_| columns > 1).map(|marks| (marks, columns))
}

/// Whether the spelling of the source reads the numbers of a column as they are meant.
pub(super) fn covered(found: &numbers::Found, settings: &SourceSettings) -> bool {
    let (own, all) = (&found.spelling, &settings.number);
    let marks = own.decimal == all.decimal && (own.thousands == all.thousands || own.thousands.is_none());
    let bare = *own == NumberSpelling::default() && !found.plain_point;
    own.unit.is_empty() && own.negative.is_none() && (marks || bare)
}
