//! Random bytes: a file of any content is read or refused, its rows always add up, and nothing panics.

use ropeway_source::{SourceSettings, read_all};

use crate::folder::{Folder, file};

/// SplitMix64 (Steele, Lea, Flood 2014), so that every run tries the same files.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    fn text(&mut self, parts: &[&[u8]], longest: usize) -> Vec<u8> {
        (0..self.below(longest)).flat_map(|_| parts[self.below(parts.len())].to_vec()).collect()
    }
}

fn never_panics(name: &str, settings: &SourceSettings, start: &[u8], parts: &[&[u8]]) -> (u64, u64) {
    let folder = Folder::new();
    let mut random = Random(7);
    let (mut kept, mut rejected) = (0, 0);
    for _ in 0..1_500 {
        let text = [start, &random.text(parts, 60)].concat();
        std::fs::write(folder.path(name), &text).unwrap();
        if let Ok((read, _)) = read_all("s", settings, folder.root()) {
            assert_eq!(read.rows_in, read.kept + read.rejected, "{text:?}");
            let rows: usize = read.batches.iter().map(|batch| batch.num_rows()).sum();
            assert_eq!(read.kept, rows as u64, "{text:?}");
            kept += read.kept;
            rejected += read.rejected;
        }
    }
    (kept, rejected)
}

#[test]
fn csv_of_any_content() {
    let parts: [&[u8]; 16] = [
        b",",
        b"\"",
        b"\n",
        b"\r",
        b"\r\n",
        b"1",
        b"-",
        b".5",
        b"NaN",
        b"\xc3\xa9",
        b"\xc3",
        b"\0",
        b"2013-02-3",
        b" ",
        b"x",
        b"e9",
    ];
    let mut settings = file("x.csv");
    settings.max_record_bytes = 64;
    let (kept, rejected) = never_panics("x.csv", &settings, b"a,b\n1,2\n", &parts);
    assert!(kept > 1_000 && rejected > 1_000, "{kept} {rejected}");
}

#[test]
fn json_lines_of_any_content() {
    let parts: [&[u8]; 16] = [
        b"{\"a\":",
        b"}\n",
        b"1",
        b"1.5",
        b"\"x\"",
        b"null",
        b"[",
        b"]",
        b",\"b\":",
        b"\n",
        b"\xff",
        b"\\u0000",
        b"true",
        b"{",
        b"1e999",
        b"{\"a\":2}\n",
    ];
    let (kept, rejected) = never_panics("x.jsonl", &file("x.jsonl"), b"{\"a\":1,\"b\":2}\n", &parts);
    assert!(kept > 1_000 && rejected > 1_000, "{kept} {rejected}");
}

/// A second reading of CSV, written only to disagree with the first: RFC 4180, blank lines passed over.
fn naive(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let (mut quoted, mut begun) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let (fields, fresh) = (rows.last_mut().unwrap(), !begun);
        let field = fields.last_mut().unwrap();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            '"' if quoted => quoted = false,
            c if quoted => field.push(c),
            '\n' if fresh => {}
            '\n' => {
                rows.push(vec![String::new()]);
                begun = false;
                continue;
            }
            ',' => fields.push(String::new()),
            '"' if field.is_empty() => quoted = true,
            c => field.push(c),
        }
        begun |= c != '\n' || quoted;
    }
    if !begun {
        rows.pop();
    }
    rows
}

#[test]
fn quoted_csv_agrees_with_a_second_reading() {
    let fields = ["x", "\"\"", "\"a,b\"", "\"q\"\"q\"", "\"l\nm\"", "é", "\"\"\"\"", " s ", "5"];
    let mut random = Random(11);
    for _ in 0..300 {
        let mut text = String::from("a,b\n");
        for _ in 0..random.below(30) {
            text.push_str(fields[random.below(fields.len())]);
            text.push(',');
            text.push_str(fields[random.below(fields.len())]);
            text.push_str(["\n", "\n\n"][random.below(2)]);
        }
        let mut settings = file("x.csv");
        settings.null = vec![];
        for name in ["a", "b"] {
            settings.types.insert(name.into(), ropeway_vocab::ColumnType::Text);
        }
        let read = Folder::with("x.csv", &text).read(&settings).unwrap();
        let want: Vec<String> = naive(&text).iter().skip(1).map(|row| row.join("|")).collect();
        assert_eq!(crate::folder::rows(&read.batches), want, "{text:?}");
    }
}
