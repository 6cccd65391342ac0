//! `ropeway check` says again what `ropeway init` suspected.

use crate::ropeway::Folder;

/// Whoever opens a project that another one started is told what `init` suspected, until somebody says that it is all right.
#[test]
fn check_says_again_what_init_suspected() {
    let folder = Folder::new();
    let mut text = "customer_email,amount,refund_reason,returned\n".to_owned();
    for row in 0..600_u32 {
        let returned = row.wrapping_mul(0x9e37_79b9) >> 29 == 0;
        let reason = if returned { ["broken", "late"][row as usize % 2] } else { "" };
        text.push_str(&format!(
            "p{row}@example.org,{},{reason},{}\n",
            row * 7_919 % 997,
            if returned { "yes" } else { "no" }
        ));
    }
    folder.write("orders.csv", text);
    folder.run(&["init", "orders.csv", "--label", "returned"]).expect(0);
    let codes = || -> Vec<String> {
        let report = folder.run(&["check", "--json"]).expect(0).json();
        let all =
            report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap().to_owned());
        all.collect()
    };
    assert_eq!(codes(), ["leak-missing"]);
    let page = folder.run(&["check"]).expect(0).stdout;
    assert!(page.contains("`refund_reason` of source `orders`: "), "{page}");
    assert!(page.contains("say so under [accept]: leak-missing = [\"refund_reason\"]"), "{page}");
    folder.edit("ropeway.toml", "personal = [\"customer_email\"]", "");
    assert_eq!(codes(), ["leak-missing", "personal"]);
    folder.edit(
        "ropeway.toml",
        "[examples]",
        "[accept]\nleak-missing = [\"refund_reason\"]\npersonal = [\"customer_email\"]\n\n[examples]",
    );
    assert_eq!(codes(), [""; 0]);
    // A code that is misspelled would accept nothing.
    folder.edit("ropeway.toml", "personal = [\"customer_email\"]\n\n", "personl = [\"customer_email\"]\n\n");
    let refused = folder.run(&["check"]).expect(1).stderr;
    assert!(refused.contains("`personl` of [accept]") && refused.contains("did you mean `personal`?"), "{refused}");
    // That of a problem accepts nothing either.
    folder.edit("ropeway.toml", "personl = ", "unknown-key = ");
    let refused = folder.run(&["check"]).expect(1).stderr;
    assert!(refused.contains("`unknown-key` of [accept] is the code of no finding"), "{refused}");
    folder.edit("ropeway.toml", "unknown-key = ", "personal = ");
    // A column that is misspelled would accept nothing; one that has left is told.
    folder.edit("ropeway.toml", "leak-missing = [\"refund_reason\"]", "leak-missing = [\"refund_reson\"]");
    let refused = folder.run(&["check"]).expect(1).stderr;
    assert!(refused.contains("names `refund_reson`") && refused.contains("did you mean `refund_reason`?"), "{refused}");
    folder.edit("ropeway.toml", "[\"refund_reson\"]", "[\"refund_reason\", \"till\"]");
    assert_eq!(codes(), ["accepts-nothing"]);
    folder.edit("ropeway.toml", ", \"till\"]", "]");
    assert_eq!(codes(), [""; 0]);
    // What is not asked for tells nobody anything.
    folder.edit("ropeway.toml", "leak-missing = [\"refund_reason\"]\n", "");
    folder.edit("ropeway.toml", "request = [\"amount\", \"refund_reason\"]", "request = [\"amount\"]");
    assert_eq!(codes(), [""; 0]);
}

#[test]
fn check_says_that_rows_belong_together_where_nothing_keeps_them_so() {
    let folder = Folder::new();
    let mut text = "patient,age,reading,ill\n".to_owned();
    for row in 0..900_u32 {
        let (patient, dice) = (row / 6, row.wrapping_mul(0x85eb_ca6b) >> 24);
        let ill = (patient.wrapping_mul(0x9e37_79b9) >> 28) < 5;
        text.push_str(&format!("P{patient:03},{},{dice},{}\n", 20 + patient % 60, if ill { "yes" } else { "no" }));
    }
    folder.write("readings.csv", text);
    folder.run(&["init", "readings.csv", "--label", "ill"]).expect(0);
    let project = folder.read("ropeway.toml");
    assert!(project.contains("group = [\"patient\"]"), "{project}");
    let control = folder.run(&["check"]).expect(0);
    assert!(!control.stdout.contains("[group]"), "{}", control.stdout);
    let split = project.find("[split]").unwrap();
    let next = split + project[split..].find("[learn]").unwrap();
    folder.write("ropeway.toml", format!("{}{}", &project[..split], &project[next..]));
    let page = folder.run(&["check"]).expect(0).stdout;
    assert!(
        page.contains("`patient` of source `readings`: ") && page.contains("name it as `group` of [split]"),
        "{page}"
    );
}
