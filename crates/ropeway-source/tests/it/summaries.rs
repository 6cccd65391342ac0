//! Rows at the end of a table that sum up the others.

use crate::folder::Folder;
use crate::proposals::proposed;

#[test]
fn a_row_that_only_looks_like_totals_stays() {
    for text in [
        "kind,n\nTotal,1\nA,2\nTotal,3\n",
        "a,b,c\n1,2,3\n4,5,6\n7,8,9\n",
        "a,b\n1,2\n3,4\n5",
        "a\n1\n2\n3\n4\n10\n",
        "a,b\n1,x\n2,y\n3,x\n4,y\n10,\n",
        "a,b,c\n1,,\n2,,\n3,,\n4,,\n10,,\n",
        "word,n\nsome,4\nwords,3\nand,7\nmean,9\n",
        "k,n,m\na,7,x\nb,7,y\nc,7,z\nTotal,7,w\n",
    ] {
        let proposal = proposed(&Folder::with("x.csv", text), "x.csv");
        assert_eq!(proposal.settings.skip_footer, 0, "{text}");
    }
    for text in ["k,n\na,1\nb,2\nc,4\nTotal,7\n", "k,n\n1,1\n2,2\n3,4\nSumme:,99\n", "k,n,m\na,1,x\nb,2,y\nTotal,8,\n"]
    {
        assert_eq!(proposed(&Folder::with("x.csv", text), "x.csv").settings.skip_footer, 1, "{text}");
    }
    let sums = "k,a,b,c,d\nx,1,2,3,4\ny,10,20,30,5\nz,5,6,7,8\n,16,,,\n";
    let proposal = proposed(&Folder::with("x.csv", sums), "x.csv");
    assert_eq!(proposal.settings.skip_footer, 1, "{proposal:#?}");
}

#[test]
fn several_rows_that_sum_up_the_table_end_it() {
    let table = "region,x,qty\nnorth,0.36,3\nsouth,1.51,5\neast,0.43,8\nwest,0.46,7\neast,0.48,2\n";
    let numbered = "id,x,qty\n1,0.36,3\n2,1.51,5\n3,0.43,8\n4,0.46,7\n5,0.48,2\n";
    for (end, rows) in [
        ("Grand Total,3.24,25\nAverage,0.65,5\n", 2),
        ("Summe,3.24,25\nMittelwert,0.648,5.0\n", 2),
        ("Mittelwert,0.65,5\nSumme,3.24,25\n", 2),
        ("Total,3.24,25\nMean,0.65,5.00\nMin,0.36,2\nMax,1.51,8\nMedian,0.46,5\n", 5),
        ("Count,5,5\nStd,0.4840,2.5495\n", 2),
        ("Total,3.24,25\nAverage,0.65,5\nRecords: 5\n", 3),
        ("Итого,3.24,25\nСреднее,0.65,5\n", 2),
        ("合計,3.24,25\n平均,0.65,5\n", 2),
        ("Total,3.24,25\n\nPrinted 2024-01-03\n", 2),
    ] {
        for table in [table, numbered] {
            let text = format!("{table}{end}");
            assert_eq!(proposed(&Folder::with("x.csv", &text), "x.csv").settings.skip_footer, rows, "{text}");
        }
    }
    for end in ["Grand Total,9.24,26\nAverage,0.95,7\n", "Max,0.50,3\nMedian,0.40,4\n", "Max,1.51,4\n"] {
        let text = format!("{table}{end}");
        assert_eq!(proposed(&Folder::with("x.csv", &text), "x.csv").settings.skip_footer, 0, "{text}");
    }
}

#[test]
fn a_large_file_is_sampled_and_its_footer_found() {
    let mut text = String::from("a,b,c\n");
    for row in 0..300_000 {
        text += &format!("{row},{}.5,x{row}\n", row % 100);
    }
    text += "Total,1,\n";
    for (name, bytes) in [("x.csv", text.clone().into_bytes()), ("x.csv.gz", crate::folder::gz(text.as_bytes()))] {
        let folder = Folder::with(name, bytes);
        let proposal = proposed(&folder, name);
        assert!(!proposal.seen.whole && proposal.seen.rows == 20_000);
        assert_eq!(proposal.settings.skip_footer, 1, "{name}");
    }
}
