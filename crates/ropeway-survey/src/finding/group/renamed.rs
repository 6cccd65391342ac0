//! Other columns that name the same groups: the number of a patient beside the mail address. No new row has a value of them that was
//! learned from.

use ropeway_vocab::ColumnType;

use crate::finding::entity::{names_entity, names_identifier};
use crate::finding::{Code, Finding};
use crate::measure::Grouped;
use crate::seen::Seen;

/// One pair of values in so many may be a slip.
const SLIPS: usize = 50;

/// Columns of texts, and numbers that are called as what names things, of which each value goes with one group and each group with
/// one value, wherever both are there.
pub(in crate::finding) fn find(seen: &Seen<'_>, group: &Finding, label: &str) -> Vec<Finding> {
    let [name] = group.columns.as_slice() else { return Vec::new() };
    let Some(own) = seen.column(name) else { return Vec::new() };
    let names = |ty, name: &str| {
        ty == ColumnType::Text || ty == ColumnType::Integer && (names_identifier(name) || names_entity(name))
    };
    let may = seen.columns.iter().filter(|column| column.name != own.name && column.name != label && !column.unique());
    let may = may.filter(|column| names(column.ty, column.name) && column.missing * 2 < column.rows);
    let groups = seen.first(own);
    may.filter_map(|column| {
        let cells = seen.first(column);
        let both = Grouped::by(&[groups, cells]);
        // Where one is missing it says nothing of the other.
        let where_both = |cells: &[u64]| {
            let rows = cells.iter().zip(&both.of);
            let known: Vec<u64> = rows.filter(|(_, group)| group.is_some()).map(|(cell, _)| *cell).collect();
            Grouped::by(&[&known]).groups
        };
        let (each, values) = (where_both(groups), where_both(cells));
        let slips = both.groups - each.min(values);
        (each > 1 && slips * SLIPS <= both.groups).then(|| {
            let evidence = format!(
                "{values} values of it and {each} of `{name}` stand in {} pairs: it names the same groups, and no new one is among those \
                 learned from",
                both.groups
            );
            let of = (both.groups as u64, values as u64);
            Finding::new(Code::Copy, &[column.name, name], of, evidence).decide("left out: it names the groups of the split")
        })
    })
    .collect()
}
