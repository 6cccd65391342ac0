//! Exact contributions of columns to a score: path-dependent TreeSHAP (Lundberg, Erion and Lee, "Consistent
//! individualized feature attribution for tree ensembles", 2018, algorithm 2) in a form without its cancellation.
//!
//! For one leaf, let a column of its path have `one` = 1 if the row would follow all its splits there, else 0, and
//! `zero` = the share of training rows that do. Its Shapley weight is a sum over subsets of the other columns of
//! `|S|! (m - 1 - |S|)! / m!` times a product of ones (in S) and zeros (not in S). That factor is the beta integral
//! of `t^|S| (1 - t)^(m - 1 - |S|)` over [0, 1], so the sum is the integral of the product over the other columns
//! of `zero (1 - t) + one t`: a polynomial with positive factors, which Gauss-Legendre points sum exactly.
//!
//! A column that is split again further down has new `one` and `zero` from there on: each edge adds its own term
//! and takes back that of the edge above with the same column, so that for every leaf the last one remains.

use super::quadrature::Quadrature;
use super::tree::{Tree, leaf_of};
use super::trees::Trees;

/// The way from a split to one of its children. Edges stand in the order of the splits that they leave.
struct Edge {
    feature: usize,
    /// The edge into the split that this one leaves; none at the root.
    above: Option<usize>,
    /// The nearest edge above with the same column.
    same: Option<usize>,
    /// Share of the training rows that follow all splits by this column down to here.
    zero: f64,
    /// The leaf it ends in, if it ends in one.
    leaf: Option<usize>,
    left: bool,
    split: usize,
}

impl Trees {
    /// The contribution of each column to [`Trees::raw`] of the row, and last the bias: the score expected over the
    /// training rows. They sum to the score within 1e-9.
    pub fn shap(&self, row: &[f64]) -> Vec<f64> {
        let row = self.prepared(row);
        let mut values = vec![0.0; self.columns() + 1];
        for tree in self.boosters.iter().flatten() {
            let total: f64 = tree.cover.iter().map(|cover| f64::from(*cover)).sum();
            let expected: f64 =
                tree.leaves.iter().zip(&tree.cover).map(|(value, cover)| value * (f64::from(*cover) / total)).sum();
            values[self.columns()] += expected;
            if !tree.nodes.is_empty() {
                add_tree(tree, &row, &mut values);
            }
        }
        values.iter_mut().for_each(|value| *value /= self.boosters.len() as f64);
        values
    }
}

fn add_tree(tree: &Tree, row: &[f64], values: &mut [f64]) {
    let (edges, distinct) = edges_of(tree);
    let rule = Quadrature::new(distinct.div_ceil(2));
    let points = rule.points.len();
    let follows: Vec<bool> = tree.nodes.iter().map(|node| tree.goes_left(node, row[node.feature as usize])).collect();
    // Downwards: whether the row follows, and the product of the factors of all columns of the path.
    let mut one = vec![0.0; edges.len()];
    let mut product = vec![1.0; edges.len() * points];
    for (e, edge) in edges.iter().enumerate() {
        let here = follows[edge.split] == edge.left;
        let (one_above, zero_above) = edge.same.map_or((1.0, 1.0), |same| (one[same], edges[same].zero));
        one[e] = if here { one_above } else { 0.0 };
        for (q, t) in rule.points.iter().enumerate() {
            let above = edge.above.map_or(1.0, |above| product[above * points + q]);
            product[e * points + q] = above * factor(edge.zero, one[e], *t) / factor(zero_above, one_above, *t);
        }
    }
    // Upwards: the products weighted by the leaves below, and each edge's term.
    let mut below = vec![0.0; edges.len() * points];
    for (e, edge) in edges.iter().enumerate().rev() {
        let (one_above, zero_above) = edge.same.map_or((1.0, 1.0), |same| (one[same], edges[same].zero));
        let mut sum = 0.0;
        for (q, (t, weight)) in rule.points.iter().zip(&rule.weights).enumerate() {
            let at = e * points + q;
            if let Some(leaf) = edge.leaf {
                below[at] = product[at] * tree.leaves[leaf];
            }
            let term = (one[e] - edge.zero) / factor(edge.zero, one[e], *t);
            let taken_back = (one_above - zero_above) / factor(zero_above, one_above, *t);
            sum += weight * below[at] * (term - taken_back);
            if let Some(above) = edge.above {
                below[above * points + q] += below[at];
            }
        }
        values[edge.feature] += sum;
    }
}

#[inline]
fn factor(zero: f64, one: f64, t: f64) -> f64 {
    zero * (1.0 - t) + one * t
}

/// The edges, and the greatest number of distinct columns on one path.
fn edges_of(tree: &Tree) -> (Vec<Edge>, usize) {
    let splits = tree.nodes.len();
    let mut cover = vec![0.0; splits];
    for (i, node) in tree.nodes.iter().enumerate().rev() {
        cover[i] = node.sides.into_iter().map(|child| cover_of(tree, &cover, child)).sum();
    }
    let mut edges: Vec<Edge> = Vec::with_capacity(2 * splits);
    let (mut into, mut columns, mut distinct) = (vec![None; splits], Vec::with_capacity(2 * splits), 1);
    for (split, node) in tree.nodes.iter().enumerate() {
        let above = into[split];
        let feature = node.feature as usize;
        let mut same = above;
        while let Some(e) = same.filter(|e: &usize| edges[*e].feature != feature) {
            same = edges[e].above;
        }
        let on_path = above.map_or(0, |e: usize| columns[e]) + usize::from(same.is_none());
        distinct = distinct.max(on_path);
        for (child, left) in [(node.sides[0], true), (node.sides[1], false)] {
            let share = cover_of(tree, &cover, child) / cover[split];
            if let Ok(child) = usize::try_from(child) {
                into[child] = Some(edges.len());
            }
            columns.push(on_path);
            let leaf = (child < 0).then(|| leaf_of(child));
            let zero = share * same.map_or(1.0, |e| edges[e].zero);
            edges.push(Edge { feature, above, same, zero, leaf, left, split });
        }
    }
    (edges, distinct)
}

fn cover_of(tree: &Tree, cover: &[f64], child: i32) -> f64 {
    match usize::try_from(child) {
        Ok(split) => cover[split],
        Err(_) => f64::from(tree.cover[leaf_of(child)]),
    }
}
