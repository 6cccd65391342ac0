//! Records, their lines, and what stands around them.

use super::*;

/// Records as (line, fields) until the end or a problem.
fn read(bytes: &[u8], max: usize) -> Result<Vec<(u64, Vec<String>)>> {
    read_with(bytes, max, Dialect::usual())
}

fn read_with(bytes: &[u8], max: usize, dialect: Dialect) -> Result<Vec<(u64, Vec<String>)>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    std::fs::write(&path, bytes).unwrap();
    let file = SourceFile::at(&path, Some(folder.path()));
    let dialect = Dialect { max, ..dialect };
    let mut reader = RecordReader::new(Input::open(&file, None)?, &file, b',', &dialect);
    let mut all = Vec::new();
    loop {
        match reader.next()? {
            Next::End => return Ok(all),
            Next::TooLong { field, field_line } => {
                all.push((reader.line(), vec![format!("too long: {field} on {field_line}")]));
            }
            Next::Record => {
                let (bytes, ends) = reader.parts();
                let mut from = 0;
                let mut fields = Vec::new();
                for end in ends {
                    fields.push(String::from_utf8_lossy(&bytes[from..*end]).into_owned());
                    from = *end;
                }
                all.push((reader.line(), fields));
            }
        }
    }
}

fn check(bytes: &str, want: &[(u64, &[&str])]) {
    let want: Vec<(u64, Vec<String>)> =
        want.iter().map(|(line, fields)| (*line, fields.iter().map(|f| (*f).to_owned()).collect())).collect();
    assert_eq!(read(bytes.as_bytes(), 1 << 20).unwrap(), want, "{bytes:?}");
}

#[test]
fn lines_are_those_an_editor_shows_whatever_ends_them() {
    check("a,b\n1,2\r\n3,4\r5,6", &[(1, &["a", "b"]), (2, &["1", "2"]), (3, &["3", "4"]), (4, &["5", "6"])]);
    check("a\r\n\r\n1\r\n\n\n2\n", &[(1, &["a"]), (3, &["1"]), (6, &["2"])]);
    check("a,b\n\"x\r\ny\",1\n2,3\n", &[(1, &["a", "b"]), (2, &["x\r\ny", "1"]), (4, &["2", "3"])]);
    check("\n\n a\n", &[(3, &[" a"])]);
}

#[test]
fn quotes_hold_delimiters_quotes_and_line_ends() {
    check("\"a,\"\"b\",\"\"\n", &[(1, &["a,\"b", ""])]);
    check("a,\"b\"", &[(1, &["a", "b"])]);
    check("a\"b,c\n", &[(1, &["a\"b", "c"])]);
    check(",\n", &[(1, &["", ""])]);
}

#[test]
fn an_unclosed_quote_names_the_line_that_opens_it() {
    for (text, line) in [("a,b\n1,\"x\n2,3\n", 2), ("a,b\n\"p\nq\",\"x\n2,3\n4", 3), ("a\n\"", 2), ("a\n\"\n", 2)] {
        let problem = read(text.as_bytes(), 1 << 20).unwrap_err();
        assert_eq!(problem.code(), "unclosed-quote");
        assert_eq!(problem.place().unwrap().line, Some(line), "{text:?}");
    }
    let long = format!("a,b\n1,\"{}", "x,y\n".repeat(1_000));
    assert_eq!(read(long.as_bytes(), 64).unwrap_err().place().unwrap().line, Some(2));
}

#[test]
fn a_record_beyond_the_cap_is_passed_over_alone() {
    let text = format!("a,b\n1,\"p\nq\"\n\"u\nv\",{}\n3,4\n", "y".repeat(500));
    let all = read(text.as_bytes(), 64).unwrap();
    assert_eq!(all[2], (4, vec!["too long: 1 on 5".to_owned()]));
    assert_eq!(all[3], (6, vec!["3".to_owned(), "4".to_owned()]));
    assert_eq!(all.len(), 4);
}

#[test]
fn more_fields_than_any_table_has_still_read() {
    let text = format!("{}\n", ["1"; 5_000].join(","));
    assert_eq!(read(text.as_bytes(), 1 << 20).unwrap()[0].1.len(), 5_000);
}

#[test]
fn lines_around_the_table_are_left_out_and_counted_and_the_others_keep_their_numbers() {
    let text = "A \"title\r\n\r\na,b\n#x\n1,\"#2\"\n# 3,4\r\n\n#\n5,6\nsum,6\n";
    let dialect = Dialect { skip_lines: 2, comment: b"#".to_vec(), ..Dialect::usual() };
    let all = read_with(text.as_bytes(), 1 << 20, dialect).unwrap();
    let fields = |line: usize, a: &str, b: &str| (line as u64, vec![a.to_owned(), b.to_owned()]);
    assert_eq!(all, [fields(3, "a", "b"), fields(5, "1", "#2"), fields(9, "5", "6"), fields(10, "sum", "6")]);
    let long = format!("{}\n#{}\n1,2\n", "x".repeat(CHUNK + 7), "y".repeat(CHUNK));
    let dialect = Dialect { skip_lines: 1, comment: b"#y".to_vec(), ..Dialect::usual() };
    assert_eq!(read_with(long.as_bytes(), 1 << 20, dialect).unwrap(), [fields(3, "1", "2")]);
    for lines in [3, 4] {
        let dialect = Dialect { skip_lines: lines, ..Dialect::usual() };
        assert_eq!(read_with(b"a\nb\nc", 1 << 20, dialect).unwrap(), []);
    }
}

#[test]
fn a_comment_that_two_reads_cut_apart_is_one() {
    for at in CHUNK - 8..CHUNK + 2 {
        let text = format!("{}\n// no\n1,2\n", "a,b\n".repeat(at / 4) + &"c".repeat(at % 4));
        let dialect = Dialect { comment: b"//".to_vec(), ..Dialect::usual() };
        let all = read_with(text.as_bytes(), 1 << 20, dialect).unwrap();
        assert_eq!(all.last().unwrap().1, ["1", "2"]);
        assert!(all.iter().all(|(_, fields)| !fields[0].contains('/')), "{at}");
    }
}
