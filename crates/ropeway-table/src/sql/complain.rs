//! Turns what DataFusion says into a problem with file, line, column, the line's text and the nearest name.
//! Spans of DataFusion 55 are used where it gives them; else the first token of that name is looked up.

use arrow::error::ArrowError;
use datafusion::common::{Column, DataFusionError, SchemaError, Span};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};
use ropeway_vocab::{Kind, Place, Problem, nearest};

const GUARD: &str =
    "guard the value, for example with nullif(x, 0), TRY_CAST or CASE, or reject such rows with a check";

const WIDER: &str = "compute with CAST(x AS DOUBLE), whose range is wider, or reject such rows with a check";

/// A piece of SQL with the name of what it was read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// The file, or the setting, that holds it.
    pub(crate) file: &'a str,
    /// The SQL itself.
    pub(crate) sql: &'a str,
}

impl<'a> Text<'a> {
    /// Its tokens with their places; nothing where it cannot even be split into tokens.
    pub(crate) fn tokens(&self) -> Vec<TokenWithSpan> {
        Tokenizer::new(&GenericDialect {}, self.sql).tokenize_with_location().unwrap_or_default()
    }

    /// What is written, with one space between tokens: white space, comments and the case of bare words do not show.
    pub(crate) fn spelled(&self) -> String {
        let word = |token: Token| match token {
            Token::Whitespace(_) | Token::SemiColon => None,
            Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_lowercase()),
            other => Some(other.to_string()),
        };
        self.tokens().into_iter().filter_map(|token| word(token.token)).collect::<Vec<_>>().join(" ")
    }

    /// The place at a line and column.
    pub(crate) fn place(&self, at: Location) -> Place {
        if at.line == 0 { self.whole() } else { Place::at_line(self.file, self.sql, at.line, at.column) }
    }

    /// The beginning of the statement.
    pub(crate) fn whole(&self) -> Place {
        let first = self.sql.len() - self.sql.trim_start().len();
        Place::at_offset(self.file, self.sql, first)
    }

    /// The first place where one of these words stands (any case), else the beginning of the statement.
    pub(crate) fn word(&self, words: &[&str]) -> Place {
        self.find(words).unwrap_or_else(|| self.whole())
    }

    fn find(&self, words: &[&str]) -> Option<Place> {
        let tokens = self.tokens();
        let word = |token: &TokenWithSpan, word: &str| matches!(&token.token, Token::Word(w) if w.value.eq_ignore_ascii_case(word));
        words.iter().find_map(|wanted| tokens.iter().find(|t| word(t, wanted)).map(|t| self.place(t.span.start)))
    }

    /// A problem at a place of this text.
    pub(crate) fn problem(&self, code: &'static str, what: impl Into<String>, at: Location) -> Problem {
        Problem::invalid(code, what).at(self.place(at))
    }

    /// What DataFusion's planner says, as a problem of this text.
    pub(crate) fn complaint(&self, error: &DataFusionError) -> Problem {
        let noted = self.noted(error);
        let root = match error.find_root() {
            DataFusionError::Collection(all) => all.first().map_or(error, DataFusionError::find_root),
            root => root,
        };
        let place = |name: &str| noted.clone().unwrap_or_else(|| self.word(&[name]));
        match root {
            DataFusionError::SQL(syntax, _) => self.syntax(&syntax.to_string()),
            DataFusionError::SchemaError(schema, _) => match schema.as_ref() {
                SchemaError::FieldNotFound { field, valid_fields } => {
                    unknown_column(field, valid_fields).at(place(&field.name))
                }
                SchemaError::AmbiguousReference { field } => {
                    Problem::invalid("ambiguous-column", format!("column `{}` has more than one meaning here", field.name))
                        .remedy("put the name of its table in front, as in `flights.carrier`, or give one of them another name with AS")
                        .at(place(&field.name))
                }
                SchemaError::DuplicateQualifiedField { name, .. } | SchemaError::DuplicateUnqualifiedField { name } => {
                    duplicate_column(name).at(place(name))
                }
            },
            DataFusionError::Plan(what)
            | DataFusionError::NotImplemented(what)
            | DataFusionError::Execution(what)
            | DataFusionError::Configuration(what) => {
                let at = noted.unwrap_or_else(|| self.whole());
                Problem::invalid("sql", first_line(what)).remedy("change the SQL at the place shown").at(at)
            }
            other => {
                let at = noted.unwrap_or_else(|| self.whole());
                Problem::invalid("sql", first_line(&other.strip_backtrace()))
                    .remedy("change the SQL at the place shown")
                    .at(at)
            }
        }
    }

    /// A syntax error, whose place stands in its text as `at Line: 3, Column: 5`.
    pub(crate) fn syntax(&self, message: &str) -> Problem {
        let message = message.trim_start_matches("sql parser error: ").trim_start_matches("ParserError(").trim();
        let (what, at) = match message.rsplit_once(" at Line: ") {
            Some((what, rest)) => {
                let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<u64>().ok());
                let at = numbers.next().zip(numbers.next()).map(|(line, column)| Location { line, column });
                (what, at)
            }
            None => (message, None),
        };
        let place =
            at.map_or_else(|| Place::at_offset(self.file, self.sql, self.sql.trim_end().len()), |at| self.place(at));
        Problem::invalid("sql-syntax", format!("this is not SQL: {what}"))
            .remedy("mend the SQL at the place shown")
            .at(place)
    }

    /// What the engine cannot execute, whatever the rows are.
    pub(crate) fn unsupported(&self, error: &DataFusionError) -> Problem {
        let root = error.find_root();
        let (what, remedy) = match root {
            DataFusionError::ArrowError(..) => (reason(root, false), guard(root)),
            DataFusionError::NotImplemented(what) | DataFusionError::Plan(what) | DataFusionError::Execution(what) => {
                (first_line(what), "write it in another way at the place shown")
            }
            other => (first_line(&other.strip_backtrace()), "write it in another way at the place shown"),
        };
        Problem::invalid("sql-unsupported", format!("the engine cannot execute this SQL: {what}"))
            .remedy(remedy)
            .at(self.noted(error).unwrap_or_else(|| self.called_in(&what)))
    }

    /// The call of the first function whose name is in a message, else the beginning of the statement.
    fn called_in(&self, message: &str) -> Place {
        let tokens = self.tokens();
        let called = tokens.windows(2).find(|pair| match (&pair[0].token, &pair[1].token) {
            (Token::Word(word), Token::LParen) => message.contains(&word.value.to_lowercase()),
            _ => false,
        });
        called.map_or_else(|| self.whole(), |pair| self.place(pair[0].span.start))
    }

    /// What went wrong while a plan was executed. Where there is no place in the text for it, the statement is named.
    /// Such messages quote values: `personal` says that one may be about a person, and withholds it.
    pub(crate) fn failure(&self, error: &DataFusionError, personal: bool) -> Problem {
        let root = error.find_root();
        let (kind, code) = match root {
            DataFusionError::ResourcesExhausted(_) => (Kind::TooLarge, "memory"),
            DataFusionError::Internal(_) => (Kind::Internal, "internal"),
            _ => (Kind::Invalid, "sql-run"),
        };
        Problem::new(kind, code, format!("the SQL failed on the data: {}", reason(root, personal)))
            .remedy(guard(root))
            .at(self.noted(error).unwrap_or_else(|| self.whole()))
    }

    /// Where an error lies, where the engine has noted it.
    fn noted(&self, error: &DataFusionError) -> Option<Place> {
        let span = error.diagnostic().and_then(|diagnostic| diagnostic.span);
        span.filter(|span| span.start.line > 0).map(|span| self.begins(span))
    }

    /// The place where a span of the planner begins.
    pub(crate) fn begins(&self, span: Span) -> Place {
        self.place(Location { line: span.start.line, column: span.start.column })
    }
}

/// What a failure says, without the values of people.
fn reason(root: &DataFusionError, personal: bool) -> String {
    if let DataFusionError::ArrowError(error, _) = root
        && let ArrowError::ArithmeticOverflow(what) = error.as_ref()
    {
        let of = if personal { "a result" } else { what.trim_start_matches("Overflow happened on: ") };
        return format!("{of} is beyond the range of its type (arithmetic overflow)");
    }
    let withheld = personal && !is_division(root);
    let what =
        if withheld { "its message is withheld, it may quote a personal value".into() } else { root.strip_backtrace() };
    first_line(what.trim_start_matches("Arrow error: ").trim_start_matches("Execution error: "))
}

fn is_division(root: &DataFusionError) -> bool {
    matches!(root, DataFusionError::ArrowError(error, _) if matches!(**error, ArrowError::DivideByZero))
}

/// How to write SQL that has a value for every row.
fn guard(root: &DataFusionError) -> &'static str {
    match root {
        DataFusionError::ArrowError(error, _) => match **error {
            ArrowError::DivideByZero => {
                "divide by nullif(x, 0) in place of x: the value is missing then, and fails nothing"
            }
            ArrowError::ArithmeticOverflow(_) => WIDER,
            ArrowError::ComputeError(ref what) if what.contains("overflow on abs") => WIDER,
            ArrowError::CastError(_) | ArrowError::ParseError(_) => {
                "write TRY_CAST in place of CAST: the value is missing then, and fails nothing"
            }
            _ => GUARD,
        },
        _ => GUARD,
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().trim_end_matches('.').to_string()
}

/// A column that no relation in scope has.
fn unknown_column(field: &Column, valid: &[Column]) -> Problem {
    let full = field.relation.as_ref().map_or_else(|| field.name.clone(), |table| format!("{table}.{}", field.name));
    let problem = Problem::invalid("unknown-column", format!("column `{full}` is not known"));
    let same = valid.iter().find(|column| column.name.eq_ignore_ascii_case(&field.name) && column.name != field.name);
    if let Some(column) = same {
        return problem
            .remedy(format!("did you mean \"{}\"? SQL folds names without double quotes to lower case", column.name));
    }
    match nearest(&field.name, valid.iter().map(|column| column.name.as_str())) {
        Some(near) => problem.remedy(format!("did you mean `{near}`?")),
        None if valid.is_empty() => problem.remedy("name the table that it is in: there is no FROM"),
        None => {
            let known: Vec<&str> = valid.iter().map(|column| column.name.as_str()).collect();
            problem.remedy(format!("known columns: {}", known.join(", ")))
        }
    }
}

/// Two output columns of one name.
pub(crate) fn duplicate_column(name: &str) -> Problem {
    Problem::invalid("duplicate-column", format!("two columns are named `{name}`"))
        .remedy("give one of them another name with AS")
}
