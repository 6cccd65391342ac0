//! A Rust file with its comments and literals blanked out, so that rules see code alone.

/// A Rust file.
pub struct Source {
    /// Relative to the repository.
    pub path: String,
    pub text: String,
    /// The text with the contents of comments, strings and characters replaced by spaces. Lines and bytes
    /// stay where they are, except that a character beyond ASCII becomes one space.
    pub code: String,
}

/// A function found in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// The line of its `fn`, from 1.
    pub line: usize,
    /// Lines from there to its closing brace.
    pub length: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), code: blank(text) }
    }

    /// Every function that has a body.
    pub fn functions(&self) -> Vec<Function> {
        let code = self.code.as_bytes();
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = self.code[from..].find("fn ").map(|i| from + i) {
            from = at + 3;
            let starts_word = at == 0 || !(code[at - 1].is_ascii_alphanumeric() || code[at - 1] == b'_');
            let name: String = self.code[from..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !starts_word || name.is_empty() {
                continue;
            }
            if let Some(end) = body_end(code, from) {
                let line = 1 + count_lines(&code[..at]);
                let length = 1 + count_lines(&code[at..end]);
                found.push(Function { name, line, length });
            }
        }
        found
    }
}

fn count_lines(code: &[u8]) -> usize {
    code.iter().filter(|byte| **byte == b'\n').count()
}

/// The position of the brace that closes the body of the function whose name starts at `from`.
fn body_end(code: &[u8], from: usize) -> Option<usize> {
    let (mut nested, mut braces) = (0_i32, 0_i32);
    for (i, byte) in code.iter().enumerate().skip(from) {
        match byte {
            b'(' | b'[' if braces == 0 => nested += 1,
            b')' | b']' if braces == 0 => nested -= 1,
            // A type such as `fn(u8)` inside a parameter list, or a declaration without a body.
            _ if braces == 0 && nested < 0 => return None,
            b';' if braces == 0 && nested == 0 => return None,
            b'{' if nested == 0 => braces += 1,
            b'}' if nested == 0 => {
                braces -= 1;
                if braces == 0 {
                    return Some(i);
                }
            }
            _ => {}
        }
    }
    None
}

/// Replaces what is inside comments and literals by spaces.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let end = match chars[i] {
            '/' if chars.get(i + 1) == Some(&'/') => line_end(&chars, i),
            '/' if chars.get(i + 1) == Some(&'*') => block_comment_end(&chars, i),
            '"' => string_end(&chars, i + 1),
            '\'' => char_end(&chars, i).unwrap_or(i),
            'r' if !continues_word(&chars, i) => raw_string_end(&chars, i).unwrap_or(i),
            _ => i,
        };
        if end == i {
            out.push(if chars[i].is_ascii() { chars[i] } else { ' ' });
            i += 1;
            continue;
        }
        out.extend(chars[i..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        i = end;
    }
    out
}

fn continues_word(chars: &[char], i: usize) -> bool {
    // `br"..."` is a raw string too.
    let before = |n: usize| i.checked_sub(n).map(|i| chars[i]);
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if before(1) == Some('b') { word(before(2)) } else { word(before(1)) }
}

fn line_end(chars: &[char], from: usize) -> usize {
    chars[from..].iter().position(|c| *c == '\n').map_or(chars.len(), |n| from + n)
}

fn block_comment_end(chars: &[char], from: usize) -> usize {
    let (mut depth, mut i) = (0, from);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i.min(chars.len())
}

/// After the quote that ends the string whose contents start at `from`.
fn string_end(chars: &[char], from: usize) -> usize {
    let mut i = from;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// After a character literal; `None` for a lifetime.
fn char_end(chars: &[char], from: usize) -> Option<usize> {
    match (chars.get(from + 1)?, chars.get(from + 2)) {
        ('\\', _) => {
            let close = chars.get(from + 3..)?.iter().position(|c| *c == '\'')?;
            Some(from + 3 + close + 1)
        }
        (_, Some('\'')) => Some(from + 3),
        _ => None,
    }
}

fn raw_string_end(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    let open = from + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let mut i = open + 1;
    while i < chars.len() {
        if chars[i] == '"' && chars[i + 1..].iter().take_while(|c| **c == '#').count() >= hashes {
            return Some(i + 1 + hashes);
        }
        i += 1;
    }
    Some(chars.len())
}

#[cfg(test)]
mod tests {
    use super::{Function, Source, blank};

    #[test]
    fn comments_and_literals_are_blank_and_code_is_not() {
        let check = |text: &str, expect: &str| assert_eq!(blank(text), expect, "{text}");
        check("a // b\nc", "a     \nc");
        check("a /* b /* c */ d */ e", "a                   e");
        check(r#"f("x\"{", '{', '\'', '\u{7b}')"#, "f(      ,    ,     ,         )");
        check("r#\"a\"b\"# + 'x", "         + 'x");
        check("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}");
        check("br\"{\" b\"}\" for\"x\"", "b     b    for   ");
    }

    #[test]
    fn functions_are_measured_from_fn_to_closing_brace() {
        let text = "fn a() {}\nimpl X {\n    fn b<T>(f: fn(u8) -> [u8; 3])\n    where\n        T: Y,\n    {\n        \
                    let s = \"}\";\n    }\n    fn c();\n}\n";
        let function = |name: &str, line, length| Function { name: name.into(), line, length };
        assert_eq!(Source::new("x.rs", text).functions(), [function("a", 1, 1), function("b", 3, 6)]);
    }
}
