//! One decision tree in Ropeway's own form: checked once, then walked without further checks of its shape.

use ropeway_vocab::{Kind, Problem, Result};
use serde::{Deserialize, Serialize};

/// LightGBM's zero threshold (`kZeroThreshold`, the single-precision 1e-35 as a double): values at most this far
/// from zero count as zero.
pub(super) const ZERO: f64 = 1e-35_f32 as f64;

/// How a split decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Test {
    /// At most the threshold goes left; a missing value has a side of its own.
    Number,
    /// As `Number`, and zero counts as missing.
    NumberOrZero,
    /// A category of the set goes left; everything else, a missing value too, goes right.
    Category,
}

/// One split. A child that is not negative is a split; a negative one is the leaf with the index `!child`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    /// The greatest value that goes left; infinite where all but missing values do, and unused for categories.
    pub threshold: f64,
    /// The column that is tested.
    pub feature: u32,
    /// The children on the left and on the right.
    pub sides: [i32; 2],
    /// Which of the tree's sets, for categories.
    pub set: u32,
    pub test: Test,
    /// Whether a missing value goes left.
    pub missing_left: bool,
}

/// The side that a missing value takes where training saw none: that of zero, as LightGBM has it.
pub(super) fn zero_side(threshold: f64) -> bool {
    0.0 <= threshold
}

/// One tree. Children stand after their parent, so walks end and no recursion is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Columns", try_from = "Columns")]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    /// The score of each leaf.
    pub leaves: Vec<f64>,
    /// How many training rows fell into each leaf, at least 1.
    pub cover: Vec<u32>,
    /// The sets of categories, one after the other, 32 categories a word.
    pub words: Vec<u32>,
    /// Where each set begins, and the end of the last.
    pub bounds: Vec<u32>,
}

impl Tree {
    /// Refuses anything that is not one finite binary tree whose parents stand before their children.
    pub fn check(self) -> Result<Self> {
        let splits = self.nodes.len();
        if self.leaves.len() != splits + 1 || self.cover.len() != self.leaves.len() {
            return Err(damaged("the number of leaves does not fit the number of splits"));
        }
        if self.leaves.iter().any(|value| !value.is_finite()) || self.cover.contains(&0) {
            return Err(damaged("a leaf is not a finite number or covers no row"));
        }
        if self.cover.iter().map(|cover| u64::from(*cover)).sum::<u64>() > 1 << 53 {
            return Err(damaged("the leaves cover more rows than there can be"));
        }
        let ascending = self.bounds.windows(2).all(|pair| pair[0] <= pair[1]);
        if self.bounds.first() != Some(&0) || !ascending || self.bounds.last() != Some(&(self.words.len() as u32)) {
            return Err(damaged("the sets of categories do not fit together"));
        }
        let (mut split_seen, mut leaf_seen) = (vec![false; splits], vec![false; splits + 1]);
        for (i, node) in self.nodes.iter().enumerate() {
            if node.threshold.is_nan() || node.threshold == f64::NEG_INFINITY {
                return Err(damaged("a threshold is not a number"));
            }
            if node.test == Test::Category && node.set as usize + 1 >= self.bounds.len() {
                return Err(damaged("a split names a set of categories that is not there"));
            }
            for child in node.sides {
                let seen = match usize::try_from(child) {
                    Ok(split) if split > i => split_seen.get_mut(split),
                    Ok(_) => None,
                    Err(_) => leaf_seen.get_mut(leaf_of(child)),
                };
                match seen {
                    Some(seen) if !*seen => *seen = true,
                    _ => return Err(damaged("the splits do not form one tree")),
                }
            }
        }
        // Each child is named once and stands after its parent, so what is left is one tree if none is missing.
        if split_seen.iter().skip(1).all(|seen| *seen) && (splits == 0 || leaf_seen.iter().all(|seen| *seen)) {
            Ok(self)
        } else {
            Err(damaged("the splits do not form one tree"))
        }
    }

    /// One more than the greatest column that it tests.
    pub fn width(&self) -> usize {
        self.nodes.iter().map(|node| node.feature as usize + 1).max().unwrap_or(0)
    }

    /// Whether the value takes the left side.
    #[inline]
    pub fn goes_left(&self, node: &Node, value: f64) -> bool {
        match node.test {
            // Without a branch, which would often be mispredicted.
            Test::Number => (value <= node.threshold) | (value.is_nan() & node.missing_left),
            Test::NumberOrZero if value.is_nan() || value.abs() <= ZERO => node.missing_left,
            Test::NumberOrZero => value <= node.threshold,
            Test::Category => self.contains(node.set, value),
        }
    }

    /// The leaf that a row of columns falls into.
    #[inline]
    pub fn leaf(&self, row: &[f64]) -> usize {
        if self.nodes.is_empty() {
            return 0;
        }
        let mut at = 0_i32;
        while at >= 0 {
            let node = &self.nodes[at as usize];
            at = node.sides[usize::from(!self.goes_left(node, row[node.feature as usize]))];
        }
        leaf_of(at)
    }

    /// The score of the leaf that a row falls into.
    #[inline]
    pub fn value(&self, row: &[f64]) -> f64 {
        self.leaves[self.leaf(row)]
    }

    /// A value is cut to a whole number; what is negative or does not fit 31 bits is in no set.
    fn contains(&self, set: u32, value: f64) -> bool {
        // NaN fails both comparisons; -0.5 is cut to category 0, as LightGBM does.
        if !(value > -1.0 && value < 2_147_483_648.0) {
            return false;
        }
        let category = value as u32;
        let (from, to) = (self.bounds[set as usize] as usize, self.bounds[set as usize + 1] as usize);
        self.words[from..to].get((category / 32) as usize).is_some_and(|word| (word >> (category % 32)) & 1 == 1)
    }
}

/// The leaf that a negative child stands for.
#[inline]
pub(super) fn leaf_of(child: i32) -> usize {
    (!child) as usize
}

fn damaged(what: &str) -> Problem {
    Problem::new(Kind::Corrupt, "trees", format!("boosted trees are damaged: {what}"))
        .remedy("take the package or the stored model from its source again, or run the project again")
}

/// The stored form: one vector a property, which is small and the same in every format.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    feature: Vec<u32>,
    /// None is infinite, which not every format can write.
    threshold: Vec<Option<f64>>,
    test: Vec<Test>,
    missing_left: Vec<bool>,
    left: Vec<i32>,
    right: Vec<i32>,
    leaves: Vec<f64>,
    cover: Vec<u32>,
    /// For each split by category its set; absent where the tree has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    set: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bounds: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<u32>,
}

impl From<Tree> for Columns {
    fn from(tree: Tree) -> Self {
        let plain = tree.bounds.len() < 2;
        let nodes = &tree.nodes;
        Self {
            feature: nodes.iter().map(|node| node.feature).collect(),
            threshold: nodes.iter().map(|node| Some(node.threshold).filter(|t| *t < f64::INFINITY)).collect(),
            test: nodes.iter().map(|node| node.test).collect(),
            missing_left: nodes.iter().map(|node| node.missing_left).collect(),
            left: nodes.iter().map(|node| node.sides[0]).collect(),
            right: nodes.iter().map(|node| node.sides[1]).collect(),
            set: if plain { Vec::new() } else { nodes.iter().map(|node| node.set).collect() },
            bounds: if plain { Vec::new() } else { tree.bounds },
            leaves: tree.leaves,
            cover: tree.cover,
            words: tree.words,
        }
    }
}

impl TryFrom<Columns> for Tree {
    type Error = Problem;

    fn try_from(columns: Columns) -> Result<Self> {
        let splits = columns.feature.len();
        let set = if columns.bounds.is_empty() { vec![0; splits] } else { columns.set };
        let bounds = if columns.bounds.is_empty() { vec![0] } else { columns.bounds };
        let lengths = [
            columns.threshold.len(),
            columns.test.len(),
            columns.missing_left.len(),
            columns.left.len(),
            columns.right.len(),
            set.len(),
        ];
        if lengths.iter().any(|length| *length != splits) {
            return Err(damaged("the columns of its splits differ in length"));
        }
        let nodes = (0..splits)
            .map(|i| Node {
                threshold: columns.threshold[i].unwrap_or(f64::INFINITY),
                feature: columns.feature[i],
                sides: [columns.left[i], columns.right[i]],
                set: set[i],
                test: columns.test[i],
                missing_left: columns.missing_left[i],
            })
            .collect();
        Self { nodes, leaves: columns.leaves, cover: columns.cover, words: columns.words, bounds }.check()
    }
}
