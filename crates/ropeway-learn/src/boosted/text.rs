//! Reads the text that LightGBM writes of a model it has just trained, strictly: every line must be known, every
//! list must have its length, and the trees are validated. Nothing of it is ever given back to LightGBM.

use std::collections::BTreeMap;
use std::str::FromStr;

use ropeway_vocab::{Kind, Place, Problem, Result};

use super::tree::{Node, Test, Tree, zero_side};
use super::trees::Trees;

const FILE: &str = "LightGBM model text";
/// Most columns and trees that are believed.
const MOST: usize = 1 << 20;

/// The keys of a tree, and whether its evaluation or explanation needs them.
const TREE_KEYS: [&str; 18] = [
    "num_leaves",
    "num_cat",
    "split_feature",
    "split_gain",
    "threshold",
    "decision_type",
    "left_child",
    "right_child",
    "leaf_value",
    "leaf_weight",
    "leaf_count",
    "internal_value",
    "internal_weight",
    "internal_count",
    "cat_boundaries",
    "cat_threshold",
    "is_linear",
    "shrinkage",
];

impl Trees {
    /// Converts the text of a model with one score a row.
    ///
    /// # Errors
    /// As [`Trees::of_outputs`]; a model of several classes.
    pub fn from_lightgbm_text(text: &str) -> Result<Self> {
        match <[Self; 1]>::try_from(Self::of_outputs(text)?) {
            Ok([one]) => Ok(one),
            Err(several) => Err(bad(1, &format!("a model of {} classes", several.len()))),
        }
    }

    /// Converts the text of a model: the trees of each of its scores, in the order of the classes. What follows `end of trees` (importances, parameters) is not read.
    ///
    /// # Errors
    /// A line, number or list that is not as LightGBM 4 writes it, trees that are not trees, or a kind of model
    /// that is not used here (linear leaves, averaged trees); each with its line.
    pub fn of_outputs(text: &str) -> Result<Vec<Self>> {
        let mut lines = Lines { lines: text.lines().enumerate(), number: 0 };
        let (width, outputs) = head(&mut lines)?;
        let mut trees = Vec::new();
        loop {
            let line = lines.filled()?;
            if line == "end of trees" {
                break;
            }
            if line != format!("Tree={}", trees.len()) || trees.len() >= MOST {
                return Err(lines.bad(&format!("`Tree={}` was expected", trees.len())));
            }
            trees.push(tree(&mut lines)?);
        }
        // A round has one tree for each score.
        let mut of_output: Vec<Vec<Tree>> = vec![Vec::new(); outputs];
        for (position, tree) in trees.into_iter().enumerate() {
            of_output[position % outputs].push(tree);
        }
        of_output.into_iter().map(|trees| Self::new(width, vec![trees])).collect()
    }
}

/// The lines with their number, for messages.
struct Lines<'a> {
    lines: std::iter::Enumerate<std::str::Lines<'a>>,
    number: u64,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str> {
        match self.lines.next() {
            Some((index, line)) => {
                self.number = index as u64 + 1;
                Ok(line)
            }
            None => Err(self.bad("the text ends too early")),
        }
    }

    /// The next line that is not empty.
    fn filled(&mut self) -> Result<&'a str> {
        loop {
            let line = self.next()?;
            if !line.is_empty() {
                return Ok(line);
            }
        }
    }

    fn bad(&self, what: &str) -> Problem {
        bad(self.number, what)
    }
}

fn bad(line: u64, what: &str) -> Problem {
    Problem::new(Kind::Corrupt, "trees-text", what.to_owned())
        .at(Place::line(FILE, line))
        .remedy("this is a defect of Ropeway or a version of LightGBM that it does not know; please report it")
}

/// Reads up to the empty line before the first tree; gives the number of columns and of scores.
fn head(lines: &mut Lines<'_>) -> Result<(usize, usize)> {
    if lines.next()? != "tree" {
        return Err(lines.bad("a model of trees was expected"));
    }
    let (mut width, mut outputs) = (None, 0);
    loop {
        let line = lines.next()?;
        if line.is_empty() {
            break;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let fits = match key {
            "version" => value == "v4",
            "num_class" => {
                outputs = value.parse::<usize>().ok().filter(|classes| (1..=MOST).contains(classes)).unwrap_or(0);
                outputs > 0
            }
            "num_tree_per_iteration" => value.parse::<usize>() == Ok(outputs),
            "max_feature_idx" => {
                width = value.parse::<usize>().ok().filter(|last| *last < MOST).map(|last| last + 1);
                width.is_some()
            }
            "objective" => match outputs {
                1 => ["binary sigmoid:1", "regression", "regression_l1", "mape"].contains(&value),
                classes => value == format!("multiclass num_class:{classes}"),
            },
            "label_index" | "feature_names" | "feature_infos" | "tree_sizes" => true,
            _ => false,
        };
        if !fits {
            return Err(lines.bad(&format!("`{key}` is not as expected")));
        }
    }
    match width {
        Some(width) if outputs > 0 => Ok((width, outputs)),
        _ => Err(lines.bad("`max_feature_idx` or `num_class` is missing")),
    }
}

/// The lines of one tree by key, with their numbers.
struct Fields<'a> {
    fields: BTreeMap<&'a str, (u64, &'a str)>,
    end: u64,
}

impl<'a> Fields<'a> {
    fn read(lines: &mut Lines<'a>) -> Result<Self> {
        let mut fields = BTreeMap::new();
        loop {
            let line = lines.next()?;
            if line.is_empty() {
                return Ok(Self { fields, end: lines.number });
            }
            let Some((key, value)) = line.split_once('=').filter(|(key, _)| TREE_KEYS.contains(key)) else {
                return Err(lines.bad("a line of a tree is not known"));
            };
            if fields.insert(key, (lines.number, value)).is_some() {
                return Err(lines.bad(&format!("`{key}` is there twice")));
            }
        }
    }

    fn text(&self, key: &str) -> Result<(u64, &'a str)> {
        self.fields.get(key).copied().ok_or_else(|| bad(self.end, &format!("`{key}` is missing")))
    }

    fn list<T: FromStr>(&self, key: &str, length: usize) -> Result<Vec<T>> {
        let (line, text) = self.text(key)?;
        let values: Result<Vec<T>, _> = text.split_ascii_whitespace().map(str::parse).collect();
        match values {
            Ok(values) if values.len() == length => Ok(values),
            Ok(values) => Err(bad(line, &format!("`{key}` has {} values instead of {length}", values.len()))),
            Err(_) => Err(bad(line, &format!("`{key}` holds something that is not its kind of number"))),
        }
    }

    fn one<T: FromStr>(&self, key: &str) -> Result<T> {
        let mut values = self.list(key, 1)?;
        values.pop().ok_or_else(|| bad(self.end, &format!("`{key}` is missing")))
    }
}

fn tree(lines: &mut Lines<'_>) -> Result<Tree> {
    let fields = Fields::read(lines)?;
    let leaves: usize = fields.one("num_leaves")?;
    let sets: usize = fields.one("num_cat")?;
    if leaves == 0 || leaves > MOST || sets >= leaves {
        return Err(bad(fields.end, "the number of leaves or of categorical splits cannot be"));
    }
    if fields.one::<u8>("is_linear")? != 0 {
        return Err(bad(fields.end, "trees with linear leaves are not used here"));
    }
    let splits = leaves - 1;
    let (mut bounds, mut words) = (vec![0_u32], Vec::new());
    if sets > 0 {
        bounds = fields.list("cat_boundaries", sets + 1)?;
        words = fields.list("cat_threshold", bounds.last().map_or(0, |end| *end as usize))?;
    }
    let feature: Vec<u32> = fields.list("split_feature", splits)?;
    let threshold: Vec<f64> = fields.list("threshold", splits)?;
    let decision: Vec<u8> = fields.list("decision_type", splits)?;
    let left: Vec<i32> = fields.list("left_child", splits)?;
    let right: Vec<i32> = fields.list("right_child", splits)?;
    let nodes: Option<Vec<Node>> = (0..splits)
        .map(|i| {
            node(decision[i], threshold[i], sets).map(|node| Node {
                feature: feature[i],
                sides: [left[i], right[i]],
                ..node
            })
        })
        .collect();
    let Some(nodes) = nodes else {
        return Err(bad(fields.end, "a split decides in a way that is not known"));
    };
    // A leaf that training left without rows keeps a cover of one, so that contributions stay defined.
    let cover: Vec<u32> = fields.list::<u32>("leaf_count", leaves)?.into_iter().map(|count| count.max(1)).collect();
    let tree = Tree { nodes, leaves: fields.list("leaf_value", leaves)?, cover, words, bounds };
    tree.check().map_err(|problem| problem.or_at(|| Place::line(FILE, fields.end)))
}

/// LightGBM's `decision_type`: bit 0 categorical, bit 1 missing goes left, bits 2 and 3 what counts as missing
/// (0 nothing, 1 zero, 2 NaN). A categorical split's threshold is the number of its set.
fn node(decision: u8, threshold: f64, sets: usize) -> Option<Node> {
    let stated_left = decision & 2 != 0;
    let plain = Node { threshold, feature: 0, sides: [0; 2], set: 0, test: Test::Number, missing_left: stated_left };
    match (decision & 1 != 0, decision >> 2) {
        (true, 0..=2) => {
            let set = threshold as u32;
            let fits = f64::from(set) == threshold && (set as usize) < sets;
            fits.then_some(Node { threshold: 0.0, set, test: Test::Category, missing_left: false, ..plain })
        }
        (false, 0) => Some(Node { missing_left: zero_side(threshold), ..plain }),
        (false, 1) => Some(Node { test: Test::NumberOrZero, ..plain }),
        (false, 2) => Some(plain),
        _ => None,
    }
}
