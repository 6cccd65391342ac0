//! Where a subquery stands in SQL text: the planner notes places of columns only, and not of those that a subquery
//! reads of the SELECT around it.

use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};
use ropeway_vocab::Place;

use super::complain::Text;

/// Words before the bracket of what is no value, and is told apart from one that is.
const OTHERS: [&str; 9] = ["exists", "in", "any", "all", "some", "lateral", "as", "from", "join"];

impl Text<'_> {
    /// The first subquery behind one of these words, or where there are none behind none of [`OTHERS`], that names all
    /// these columns; else the beginning of the statement.
    pub(crate) fn subquery(&self, behind: &[&str], columns: &[&str]) -> Place {
        let mut tokens = self.tokens();
        tokens.retain(|token| !matches!(token.token, Token::Whitespace(_)));
        let found = (0..tokens.len()).find_map(|at| {
            let begins = is(tokens.get(at + 1)?, &["select", "with"]) && tokens[at].token == Token::LParen;
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            let fits = match behind {
                [] => before.is_none_or(|before| !is(before, &OTHERS)),
                words => before.is_some_and(|before| is(before, words)),
            };
            let inside = &tokens[at..end(&tokens, at)];
            let names = |column: &&str| inside.iter().any(|token| is(token, &[column]));
            let first = if behind.is_empty() { at } else { at.saturating_sub(1) };
            (begins && fits && columns.iter().all(names)).then(|| self.place(tokens[first].span.start))
        });
        found.unwrap_or_else(|| self.whole())
    }
}

/// Whether a token is one of these words.
fn is(token: &TokenWithSpan, words: &[&str]) -> bool {
    let Token::Word(word) = &token.token else { return false };
    words.iter().any(|wanted| word.value.eq_ignore_ascii_case(wanted))
}

/// Where the bracket that opens at a token is closed.
fn end(tokens: &[TokenWithSpan], open: usize) -> usize {
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subquery_is_found_by_its_word_and_its_columns() {
        let sql = "WITH a AS (SELECT x FROM t WHERE EXISTS (SELECT 1))\nSELECT (SELECT max(x) FROM a),\n \
                   EXISTS (SELECT 1 FROM a\n WHERE a.y = b.\"Z\"), (SELECT z\n) FROM b";
        let text = Text { file: "t.sql", sql };
        let at = |behind: &[&str], columns: &[&str]| {
            let place = text.subquery(behind, columns);
            (place.line.unwrap_or(0), place.column.unwrap_or(0))
        };
        assert_eq!(at(&["exists"], &["z", "y"]), (3, 2));
        assert_eq!(at(&["exists"], &[]), (1, 34));
        assert_eq!(at(&[], &[]), (2, 8));
        assert_eq!(at(&[], &["z"]), (4, 22));
        assert_eq!(at(&["in"], &[]), (1, 1));
        assert_eq!(Text { file: "t.sql", sql: "(SELECT 1" }.subquery(&[], &["x"]).line, Some(1));
    }
}
