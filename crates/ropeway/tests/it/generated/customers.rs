//! A file of customers with every defect that `init` knows of plain files.

use super::Dice;

/// What is true of a messy file.
#[derive(Default)]
pub struct Truth {
    /// Lines below the header.
    pub rows: u64,
    /// Lines with a value that cannot be read.
    pub unreadable: u64,
    /// Lines that stand there a second time, of those that can be read.
    pub repeated: u64,
    /// Lines with these, which stand for nothing.
    pub sentinels: [u64; 3],
    /// Of each customer the probability of the label, and the label that was drawn by it.
    pub drawn: Vec<(f64, bool)>,
}

/// What stands for a missing value.
pub const SENTINELS: [&str; 3] = ["-999", "unknown", "n/a"];
/// The first customer's number.
pub const FIRST: usize = 10_000;

const HEAD: &str = "customer_id,plan,months,monthly fee,age,income,zip,country,region,region_code,e_mail,newsletter,tags,note,\
                    refund_reason,churned";

/// What stands in a value that cannot be read.
const UNREADABLE: &str = "see letter";

/// A file of customers with every defect that `init` knows of plain files. `again` is how many customers stand in it a second
/// time under another number, which it does not know.
pub fn messy(customers: u64, again: u64) -> (String, Truth) {
    let mut dice = Dice(7);
    let mut truth = Truth::default();
    let mut lines: Vec<String> = Vec::new();
    for customer in 0..customers {
        let months = dice.below(72);
        let plan = dice.below(3) as usize;
        let fee = 10.0 + 15.0 * plan as f64 + dice.below(500) as f64 / 100.0;
        let age = 18 + dice.below(60);
        let income = 20_000 + dice.below(60_000);
        let raw = 1.2 - 0.06 * months as f64 + 0.03 * fee - 0.00002 * income as f64 + if age < 30 { 0.8 } else { 0.0 };
        let probability = 1.0 / (1.0 + (-1.5 * raw).exp());
        let churned = dice.unit() < probability;
        truth.drawn.push((probability, churned));
        let age = if customer % 37 == 5 { "-999".to_owned() } else { age.to_string() };
        let plan = if customer % 41 == 3 { "unknown" } else { ["basic", "plus", "family"][plan] };
        let income = match customer % 53 {
            9 => "n/a".to_owned(),
            // Said in other words each time, so that no number is in it and no word for a missing one.
            11 if customer % 5 == 0 => format!("see letter {customer}"),
            _ => income.to_string(),
        };
        truth.unreadable += u64::from(income.contains(UNREADABLE));
        let region = dice.below(6);
        let tags = format!("t{}|t{}", dice.below(5), dice.below(5));
        let note = format!("called {} times about bill {}", dice.below(9), dice.below(100_000));
        let refund = if churned { ["price", "service", "moved"][dice.below(3) as usize] } else { "" };
        lines.push(format!(
            "{},{plan},{months},{fee:.2},{age},{income},0{},CH,{},R-{},u{customer}@example.org,{},{tags},{note},{refund},{}",
            FIRST as u64 + customer,
            1_000 + dice.below(90),
            ["north", "south", "east", "west", "centre", "coast"][region as usize],
            5 * region,
            ["yes", "no"][dice.below(2) as usize],
            if churned { "yes" } else { "no" }
        ));
    }
    // Each hundredth line stands there twice; one that cannot be read is rejected twice.
    let twice: Vec<String> = lines.iter().skip(50).step_by(100).cloned().collect();
    truth.unreadable += twice.iter().filter(|line| line.contains(UNREADABLE)).count() as u64;
    truth.repeated = twice.iter().filter(|line| !line.contains(UNREADABLE)).count() as u64;
    lines.extend(twice);
    for number in 0..again as usize {
        let renamed = format!("{},", 90_000 + lines.len());
        lines.push(lines[number].replacen(&format!("{},", FIRST + number), &renamed, 1));
    }
    truth.rows = lines.len() as u64;
    truth.sentinels =
        SENTINELS.map(|value| lines.iter().filter(|line| line.contains(&format!(",{value},"))).count() as u64);
    (format!("{HEAD}\n{}\n", lines.join("\n")), truth)
}
