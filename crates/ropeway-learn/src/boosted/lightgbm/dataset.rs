//! LightGBM's dataset: made of a sample for its bins and of rows in blocks, then only read.

use std::ffi::{CStr, c_int, c_void};
use std::ptr;

use lightgbm3_sys as sys;
use ropeway_vocab::{Problem, Result};

use super::{done, quiet};
use crate::boosted::{parameters, tree};
use crate::encoded::Dense;

/// LightGBM counts rows with 32 bits.
const MOST_ROWS: usize = i32::MAX as usize;

/// Bins and labels of some rows.
pub struct Dataset {
    pub(super) handle: *mut c_void,
    rows: usize,
    pub(super) columns: usize,
}

// SAFETY: after `DatasetBuilder::finish` the object behind the handle is only read: boosters take it as
// `const Dataset*`, and LightGBM's Dataset has neither mutable members nor thread-bound state.
unsafe impl Send for Dataset {}
// SAFETY: as above; readers do not write, so they may be many.
unsafe impl Sync for Dataset {}

impl Drop for Dataset {
    fn drop(&mut self) {
        // SAFETY: the handle came from LightGBM, is freed once, and no booster outlives the dataset it borrows.
        unsafe { sys::LGBM_DatasetFree(self.handle) };
    }
}

impl Dataset {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Begins a training dataset of `rows` rows: its bins are made from `sample`, a part of those rows.
    ///
    /// # Errors
    /// No rows or columns, more rows than LightGBM counts, or what LightGBM says.
    pub fn training(sample: &Dense, rows: usize, max_bin: u32) -> Result<DatasetBuilder> {
        let columns = sample.columns.len();
        if rows == 0
            || rows > MOST_ROWS
            || columns == 0
            || columns > MOST_ROWS
            || sample.rows == 0
            || sample.rows > rows
        {
            return Err(Problem::internal(format!(
                "trees cannot be trained on {rows} rows and {columns} columns with a sample of {}",
                sample.rows
            )));
        }
        let categorical: Vec<usize> = (0..columns).filter(|column| sample.categorical[*column]).collect();
        let parameters = parameters::bins(columns, max_bin, &categorical)?;
        // LightGBM takes the values that are not zero, with their rows, column by column.
        let mut values: Vec<Vec<f64>> = Vec::with_capacity(columns);
        let mut places: Vec<Vec<c_int>> = Vec::with_capacity(columns);
        for column in &sample.columns {
            let filled = (0_i32..).zip(column).filter(|(_, value)| value.is_nan() || value.abs() > tree::ZERO);
            let (place, value): (Vec<c_int>, Vec<f64>) = filled.map(|(row, value)| (row, *value)).unzip();
            values.push(value);
            places.push(place);
        }
        let lengths: Vec<c_int> = values.iter().map(|value| value.len() as c_int).collect();
        let mut value_pointers: Vec<*mut f64> = values.iter_mut().map(Vec::as_mut_ptr).collect();
        let mut place_pointers: Vec<*mut c_int> = places.iter_mut().map(Vec::as_mut_ptr).collect();
        quiet()?;
        let mut handle = ptr::null_mut();
        // SAFETY: both pointer lists and the lengths have `columns` entries, each pointing to a vector of that
        // length that lives until the call returns; LightGBM copies what it keeps; the parameters are a C string.
        let code = unsafe {
            sys::LGBM_DatasetCreateFromSampledColumn(
                value_pointers.as_mut_ptr(),
                place_pointers.as_mut_ptr(),
                columns as i32,
                lengths.as_ptr(),
                sample.rows as i32,
                rows as i32,
                rows as i64,
                parameters.as_ptr(),
                &raw mut handle,
            )
        };
        done(code, "making bins")?;
        Ok(DatasetBuilder { dataset: Self { handle, rows, columns }, filled: 0, buffer: Vec::new() })
    }

    /// Begins a dataset of `rows` rows with the bins of this one.
    ///
    /// # Errors
    /// No rows, more rows than LightGBM counts, or what LightGBM says.
    pub fn beside(&self, rows: usize) -> Result<DatasetBuilder> {
        if rows == 0 || rows > MOST_ROWS {
            return Err(Problem::internal(format!("trees cannot be validated on {rows} rows")));
        }
        quiet()?;
        let mut handle = ptr::null_mut();
        // SAFETY: the reference is a live, finished dataset, which is only read.
        let code = unsafe { sys::LGBM_DatasetCreateByReference(self.handle, rows as i64, &raw mut handle) };
        done(code, "making bins beside others")?;
        Ok(DatasetBuilder { dataset: Self { handle, rows, columns: self.columns }, filled: 0, buffer: Vec::new() })
    }

    /// The same rows, bins and bundles of columns with other labels: what is trained on them is what would be, had they been
    /// put in bins with these labels. (Bins beside others have a column each, as rows that are only watched need them.)
    ///
    /// # Errors
    /// Other than one label a row, or what LightGBM says.
    pub fn relabelled(&self, label: &[f32]) -> Result<Self> {
        let rows: Vec<i32> = (0..self.rows as i32).collect();
        quiet()?;
        let mut handle = ptr::null_mut();
        // SAFETY: the dataset is live, finished and only read; the list names each of its rows in order and is as long as is
        // announced; the parameters are a C string.
        let code = unsafe {
            sys::LGBM_DatasetGetSubset(
                self.handle,
                rows.as_ptr(),
                rows.len() as i32,
                c"num_threads=1".as_ptr(),
                &raw mut handle,
            )
        };
        done(code, "copying bins")?;
        let copy = Self { handle, rows: self.rows, columns: self.columns };
        copy.set(c"label", label)?;
        Ok(copy)
    }

    /// Sets one number a row.
    fn set(&self, field: &CStr, values: &[f32]) -> Result<()> {
        if values.len() != self.rows {
            return Err(Problem::internal("a dataset needs a label and a weight for each of its rows"));
        }
        // SAFETY: the field name is a C string, and `values` holds as many floats as are announced; they are copied. Whoever
        // calls this is the only holder of the handle.
        let code = unsafe {
            sys::LGBM_DatasetSetField(
                self.handle,
                field.as_ptr(),
                values.as_ptr().cast(),
                values.len() as c_int,
                sys::C_API_DTYPE_FLOAT32 as c_int,
            )
        };
        done(code, "adding labels and weights")
    }
}

/// A dataset that still waits for rows.
pub struct DatasetBuilder {
    dataset: Dataset,
    filled: usize,
    buffer: Vec<f64>,
}

impl DatasetBuilder {
    /// Adds rows, in order.
    ///
    /// # Errors
    /// Too many rows, other columns, or what LightGBM says.
    pub fn push(&mut self, rows: &Dense) -> Result<()> {
        let columns = self.dataset.columns;
        if rows.columns.len() != columns || self.filled + rows.rows > self.dataset.rows {
            return Err(Problem::internal("rows do not fit the dataset that they are added to"));
        }
        if rows.rows == 0 {
            return Ok(());
        }
        self.buffer.clear();
        for row in 0..rows.rows {
            self.buffer.extend(rows.columns.iter().map(|column| column[row]));
        }
        // SAFETY: the buffer holds `rows.rows * columns` doubles row by row, and the rows from `filled` on lie within
        // the dataset (checked above); this builder is the only holder of the handle.
        let code = unsafe {
            sys::LGBM_DatasetPushRows(
                self.dataset.handle,
                self.buffer.as_ptr().cast(),
                sys::C_API_DTYPE_FLOAT64 as c_int,
                rows.rows as i32,
                columns as i32,
                self.filled as i32,
            )
        };
        done(code, "adding rows")?;
        self.filled += rows.rows;
        Ok(())
    }

    /// Ends it with the labels of all rows, and their weights where they have some.
    ///
    /// # Errors
    /// Rows, labels or weights are missing, or what LightGBM says.
    pub fn finish(self, label: &[f32], weight: Option<&[f32]>) -> Result<Dataset> {
        if self.filled != self.dataset.rows {
            return Err(Problem::internal("a dataset ends before all its rows are there"));
        }
        self.dataset.set(c"label", label)?;
        if let Some(weight) = weight {
            self.dataset.set(c"weight", weight)?;
        }
        Ok(self.dataset)
    }
}
