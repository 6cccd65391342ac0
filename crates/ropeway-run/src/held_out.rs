//! What a holdout is known by: its identity, and the numbers by which the ledger of looks finds its rows in other
//! holdouts.

use ropeway_learn::Population;
use ropeway_stat::seed_for;
use ropeway_vocab::{Digest, DigestBuilder};

use crate::features::Featured;
use crate::population::Learnable;

/// The keys and labels of the holdout with their weights, in any order and whatever the features: a new feature does not make a
/// new holdout, a corrected label or weight does, since figures are recorded with it.
pub(crate) fn identity(population: &Population, holdout: &[u32]) -> Digest {
    let weight = |row: usize| population.weight.as_ref().map(|weight| weight[row].to_bits());
    let of = |row: &u32| {
        let row = *row as usize;
        (population.key_hash[row], population.label[row].to_bits(), weight(row))
    };
    let mut entries: Vec<(u64, u64, Option<u64>)> = holdout.iter().map(of).collect();
    entries.sort_unstable();
    let mut builder = DigestBuilder::new("holdout/1");
    for (hash, label, weight) in entries {
        builder.number(hash).number(label);
        if let Some(weight) = weight {
            builder.number(weight);
        }
    }
    builder.finish()
}

/// Three numbers for each row of the holdout, from its key, from its `at` and request columns, and from key and label:
/// whoever gives the rows another key, or turns the label round, looks at the same rows. The last is the one by which the
/// first ledgers knew them. Rows without a key are what they hold, and any change of a column makes others of them: there
/// each content of a source is a number, too, so that looks at whatever is drawn from it add up.
pub(crate) fn rows(featured: &Featured, learnable: &Learnable, sources: &[Digest]) -> Vec<u64> {
    let Learnable { population, split, contents, .. } = learnable;
    let key = |row: &u32| population.key_hash[*row as usize];
    let label = |row: &u32| population.label[*row as usize].to_bits();
    let mut rows: Vec<u64> = split.holdout.iter().map(key).collect();
    rows.extend(split.holdout.iter().map(|row| seed_for(key(row), &["holdout".into(), label(row).into()])));
    if featured.plan.key().is_empty() {
        // Small ones, since of a large holdout the smallest numbers are kept.
        let number = |source: &Digest| seed_for(0, &["source".into(), source.to_string().as_str().into()]) >> 32;
        rows.extend(sources.iter().map(number));
    }
    if let Some(contents) = contents {
        rows.extend(split.holdout.iter().map(|row| contents[*row as usize]));
    }
    rows
}
