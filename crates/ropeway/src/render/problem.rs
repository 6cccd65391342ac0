//! A problem as people read it: what, where, the line with a caret under it, the path that led there, the remedy.

use std::fmt::Write;

use ropeway_vocab::{Kind, Place, Problem};

use super::paint::Paint;

/// Lines longer than this are cut around the caret.
const WIDTH: usize = 110;

/// The whole text, ending in a line break.
pub fn render(problem: &Problem, paint: Paint) -> String {
    let mut out = String::new();
    let head = match problem.kind() {
        Kind::Refused => "refused",
        Kind::Cancelled => "stopped",
        _ => "error",
    };
    let _ = writeln!(
        out,
        "{}: {}",
        paint.bad(&format!("{head}[{}]", problem.code())),
        paint.strong(&visible(problem.what()))
    );
    let gutter = problem.place().and_then(|place| place.line).map_or(1, |line| line.to_string().len());
    let margin = " ".repeat(gutter);
    if let Some(place) = problem.place() {
        let _ = writeln!(out, "{margin}{} {place}", paint.dim("-->"));
        excerpt(&mut out, place, &margin, paint);
    }
    for (index, step) in problem.trail().iter().enumerate() {
        let lead = if index == 0 { "= by way of:" } else { "         <-" };
        let _ = writeln!(out, "{margin} {} {}", paint.dim(lead), visible(step));
    }
    if let Some(remedy) = problem.advice() {
        let _ = writeln!(out, "{margin} {} {}", paint.dim("= remedy:"), visible(remedy));
    }
    out
}

fn excerpt(out: &mut String, place: &Place, margin: &str, paint: Paint) {
    let (Some(line), Some(text)) = (place.line, &place.text) else { return };
    let column = place.column.and_then(|column| usize::try_from(column).ok()).unwrap_or(1).max(1);
    let (shown, column) = window(text, column);
    let bar = paint.dim("|");
    let _ = writeln!(out, "{margin} {bar}");
    let _ = writeln!(out, "{} {bar} {shown}", paint.dim(&line.to_string()));
    if place.column.is_some() {
        let _ = writeln!(
            out,
            "{margin} {bar} {}{}",
            " ".repeat(column - 1),
            paint.bad(&"^".repeat(extent(&shown, column)))
        );
    } else {
        let _ = writeln!(out, "{margin} {bar}");
    }
}

/// The part of the line around the column that fits, and the column in it. Characters that would move the cursor
/// are shown as spaces or their escape's replacement, one for one, so that the caret stays under its place.
fn window(text: &str, column: usize) -> (String, usize) {
    let clean: Vec<char> = text
        .chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if c.is_control() {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect();
    if clean.len() <= WIDTH {
        return (clean.into_iter().collect(), column);
    }
    let start = (column - 1).saturating_sub(WIDTH / 2).min(clean.len() - WIDTH);
    let end = start + WIDTH;
    let mut shown = String::new();
    let mut moved = column - start;
    if start > 0 {
        shown.push_str("... ");
        moved += 4;
    }
    shown.extend(&clean[start..end]);
    if end < clean.len() {
        shown.push_str(" ...");
    }
    (shown, moved)
}

/// How many characters the caret underlines: a quoted text, a name, else one.
fn extent(text: &str, column: usize) -> usize {
    let rest: Vec<char> = text.chars().skip(column - 1).collect();
    match rest.first() {
        Some(&quote @ ('"' | '\'' | '`')) => rest.iter().skip(1).position(|c| *c == quote).map_or(1, |end| end + 2),
        Some(first) if first.is_alphanumeric() || *first == '_' => {
            rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count()
        }
        Some('[') => {
            rest.iter().position(|c| *c == ']').map_or(1, |end| end + 1 + usize::from(rest.get(end + 1) == Some(&']')))
        }
        _ => 1,
    }
}

/// Control characters in data must not reach the terminal.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// A text of which at most so many letters are printed.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_line_the_caret_the_path_and_the_remedy() {
        let text = "[source.a]\ntolerat = 0.1\n";
        let problem = Problem::invalid("unknown-key", "`tolerat` is not a key of [source.a]")
            .at(Place::at_offset("ropeway.toml", text, 11))
            .path(vec!["b.slip".into(), "a.dep_delay".into()])
            .remedy("did you mean `tolerate`?");
        let expected = [
            "error[unknown-key]: `tolerat` is not a key of [source.a]",
            " --> ropeway.toml:2:1",
            "  |",
            "2 | tolerat = 0.1",
            "  | ^^^^^^^",
            "  = by way of: b.slip",
            "           <- a.dep_delay",
            "  = remedy: did you mean `tolerate`?",
        ];
        assert_eq!(render(&problem, Paint::PLAIN).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret_and_controls_do_not_reach_the_terminal() {
        let text = format!("{}\u{1b}[31mbad{}", "x".repeat(500), "y".repeat(500));
        let place = Place::at_offset("data/a.csv", &text, 505);
        let shown = render(&Problem::invalid("value", "no number").at(place), Paint::PLAIN);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() < 140), "{shown}");
        assert!(!shown.contains('\u{1b}'));
        let caret = lines[4].chars().position(|c| c == '^').unwrap();
        assert_eq!(lines[3].chars().skip(caret).take(3).collect::<String>(), "bad");
    }

    #[test]
    fn without_a_place_there_is_no_excerpt() {
        let shown = render(&Problem::new(Kind::Refused, "gate", "a gate said no"), Paint::PLAIN);
        assert_eq!(shown, "refused[gate]: a gate said no\n");
    }

    #[test]
    fn the_caret_covers_what_stands_there() {
        assert_eq!(extent("by = \"tim\" # x", 6), 5);
        assert_eq!(extent("[[gate]]", 1), 8);
        assert_eq!(extent("[source.a]", 1), 10);
        assert_eq!(extent("", 1), 1);
        assert_eq!(extent("\"open", 1), 1);
    }
}
