//! Which rows of a source are known already: by key, with a digest of the content beside it.

use std::collections::HashMap;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::row::{RowConverter, Rows, SortField};
use ropeway_vocab::{ColumnSpec, Problem, Result};

/// How a row stands to those known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Its key is new.
    New,
    /// The same row is known: taking it again has no effect.
    Repeated,
    /// Another row is known under its key.
    Conflict,
}

/// A row's key and the digest of its content.
type Entry = (Box<[u8]>, [u8; 16]);

/// The keys of a source's rows with the digest of each row's content.
#[derive(Debug)]
pub struct KeyIndex {
    /// All columns; batches may have them in another order.
    columns: Vec<String>,
    key: Vec<String>,
    key_rows: RowConverter,
    all_rows: RowConverter,
    known: HashMap<Box<[u8]>, [u8; 16]>,
}

impl KeyIndex {
    /// An index over rows with these columns, identified by those of `key`.
    ///
    /// # Errors
    /// An empty key, or one that names an unknown column.
    pub fn new(columns: &[ColumnSpec], key: &[String]) -> Result<Self> {
        let specs_of_key = key
            .iter()
            .map(|name| columns.iter().find(|column| &column.name == name))
            .collect::<Option<Vec<&ColumnSpec>>>()
            .filter(|specs| !specs.is_empty())
            .ok_or_else(|| {
                Problem::invalid(
                    "no-key",
                    "the source declares no key, so a repeated row cannot be told from a new one",
                )
                .remedy("add `key = [...]` to the source in the project file")
            })?;
        let field = |column: &ColumnSpec| SortField::new(column.ty.arrow());
        let converter = |fields: Vec<SortField>| RowConverter::new(fields).map_err(defect);
        Ok(Self {
            key_rows: converter(specs_of_key.into_iter().map(field).collect())?,
            all_rows: converter(columns.iter().map(field).collect())?,
            columns: columns.iter().map(|column| column.name.clone()).collect(),
            key: key.to_vec(),
            known: HashMap::new(),
        })
    }

    /// How many keys are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// How each row stands to the known ones and to those before it in the batch. Nothing is taken yet.
    ///
    /// # Errors
    /// A batch with other columns than the index (a defect).
    pub fn look(&mut self, batch: &RecordBatch) -> Result<Vec<Seen>> {
        let entries = self.entries(batch)?;
        let mut within: HashMap<&[u8], [u8; 16]> = HashMap::new();
        Ok(entries
            .iter()
            .map(|(key, content)| {
                match self.known.get(key.as_ref()).copied().or_else(|| within.get(key.as_ref()).copied()) {
                    None => {
                        within.insert(key, *content);
                        Seen::New
                    }
                    Some(known) if known == *content => Seen::Repeated,
                    Some(_) => Seen::Conflict,
                }
            })
            .collect())
    }

    /// Takes the rows whose key is new; the first of a key wins.
    ///
    /// # Errors
    /// A batch with other columns than the index (a defect).
    pub fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        for (key, content) in self.entries(batch)? {
            self.known.entry(key).or_insert(content);
        }
        Ok(())
    }

    fn entries(&mut self, batch: &RecordBatch) -> Result<Vec<Entry>> {
        let keys: Rows = self.key_rows.convert_columns(&arrays(batch, &self.key)?).map_err(defect)?;
        let all: Rows = self.all_rows.convert_columns(&arrays(batch, &self.columns)?).map_err(defect)?;
        let entry = |row: usize| {
            let mut content = [0; 16];
            content.copy_from_slice(&blake3::hash(all.row(row).as_ref()).as_bytes()[..16]);
            (Box::from(keys.row(row).as_ref()), content)
        };
        Ok((0..batch.num_rows()).map(entry).collect())
    }
}

/// The columns of a batch by name: the place of a column says nothing.
fn arrays(batch: &RecordBatch, names: &[String]) -> Result<Vec<ArrayRef>> {
    let of = |name: &String| {
        let array = batch.column_by_name(name).cloned();
        array.ok_or_else(|| Problem::internal(format!("keys of rows: there is no column `{name}`")))
    };
    names.iter().map(of).collect()
}

fn defect(error: arrow::error::ArrowError) -> Problem {
    Problem::internal(format!("keys of rows: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Float64Array, Int64Array};
    use ropeway_vocab::{ColumnType, TableSchema, Timing};

    use super::*;

    fn columns() -> Vec<ColumnSpec> {
        let column = |name: &str, ty| ColumnSpec { name: name.into(), ty, known_ahead: false, personal: false };
        vec![column("k", ColumnType::Integer), column("x", ColumnType::Float)]
    }

    fn batch(rows: &[(i64, Option<f64>)]) -> RecordBatch {
        let schema = TableSchema { columns: columns(), timing: Timing::Static, key: vec![] }.arrow();
        let keys = Int64Array::from_iter_values(rows.iter().map(|row| row.0));
        let values = Float64Array::from_iter(rows.iter().map(|row| row.1));
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(keys), Arc::new(values)]).unwrap()
    }

    #[test]
    fn tells_new_repeated_and_conflicting_rows() {
        let mut index = KeyIndex::new(&columns(), &["k".into()]).unwrap();
        index.take(&batch(&[(1, Some(1.0)), (2, None)])).unwrap();
        let seen = index.look(&batch(&[(1, Some(1.0)), (2, Some(0.0)), (3, None), (3, None), (3, Some(1.0))])).unwrap();
        assert_eq!(seen, [Seen::Repeated, Seen::Conflict, Seen::New, Seen::Repeated, Seen::Conflict]);
        assert_eq!(index.len(), 2, "looking takes nothing");
    }

    #[test]
    fn columns_are_told_by_name_wherever_they_stand() {
        let mut index = KeyIndex::new(&columns(), &["k".into()]).unwrap();
        index.take(&batch(&[(1, Some(1.0))])).unwrap();
        let turned = batch(&[(1, Some(1.0)), (1, None), (2, None)]).project(&[1, 0]).unwrap();
        assert_eq!(index.look(&turned).unwrap(), [Seen::Repeated, Seen::Conflict, Seen::New]);
    }

    #[test]
    fn a_source_without_a_key_is_refused() {
        assert_eq!(KeyIndex::new(&columns(), &[]).unwrap_err().code(), "no-key");
    }
}
