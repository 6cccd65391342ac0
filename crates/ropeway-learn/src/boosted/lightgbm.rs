//! The safe face of LightGBM's C interface, and the only unsafe code of the project. A dataset holds bins and
//! labels and never changes after it is made, so threads may share it; a booster stays on the thread that made it.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

use lightgbm3_sys as sys;
use ropeway_vocab::{Problem, Result};

use super::parameters;
use crate::candidate::BoostedCandidate;
use crate::encoded::Dense;

/// LightGBM counts rows with 32 bits.
const MOST_ROWS: usize = i32::MAX as usize;

/// Bins and labels of some rows.
pub struct Dataset {
    handle: *mut c_void,
    rows: usize,
    columns: usize,
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
    pub fn training(sample: &Dense, rows: usize, max_bin: u32, seed: u32) -> Result<DatasetBuilder> {
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
        let parameters = parameters::bins(max_bin, &categorical, seed)?;
        // LightGBM takes the values that are not zero, with their rows, column by column.
        let mut values: Vec<Vec<f64>> = Vec::with_capacity(columns);
        let mut places: Vec<Vec<c_int>> = Vec::with_capacity(columns);
        for column in &sample.columns {
            let filled = (0_i32..).zip(column).filter(|(_, value)| value.is_nan() || value.abs() > super::tree::ZERO);
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

    /// Ends it with the labels, 0 or 1, of all rows.
    ///
    /// # Errors
    /// Rows or labels are missing, or what LightGBM says.
    pub fn finish(self, label: &[f32]) -> Result<Dataset> {
        if self.filled != self.dataset.rows || label.len() != self.filled {
            return Err(Problem::internal("a dataset ends before all its rows and labels are there"));
        }
        // SAFETY: the field name is a C string, and `label` holds as many floats as are announced; they are copied.
        let code = unsafe {
            sys::LGBM_DatasetSetField(
                self.dataset.handle,
                c"label".as_ptr(),
                label.as_ptr().cast(),
                label.len() as c_int,
                sys::C_API_DTYPE_FLOAT32 as c_int,
            )
        };
        done(code, "adding labels")?;
        Ok(self.dataset)
    }
}

/// Trees in training. It borrows its datasets, so they outlive it.
pub struct Booster<'a> {
    handle: *mut c_void,
    validation: usize,
    datasets: PhantomData<&'a Dataset>,
}

impl Drop for Booster<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle came from LightGBM and is freed once.
        unsafe { sys::LGBM_BoosterFree(self.handle) };
    }
}

impl<'a> Booster<'a> {
    /// Begins training on one dataset, watching another.
    ///
    /// # Errors
    /// What LightGBM says.
    pub fn new(
        train: &'a Dataset,
        valid: Option<&'a Dataset>,
        candidate: &BoostedCandidate,
        seed: u32,
    ) -> Result<Self> {
        let parameters = parameters::booster(candidate, seed)?;
        quiet()?;
        let mut handle = ptr::null_mut();
        // SAFETY: the dataset is live and finished, and outlives the booster by its lifetime; the parameters are a
        // C string.
        let code = unsafe { sys::LGBM_BoosterCreate(train.handle, parameters.as_ptr(), &raw mut handle) };
        done(code, "beginning to train")?;
        let booster = Self { handle, validation: valid.map_or(0, Dataset::rows), datasets: PhantomData };
        if let Some(valid) = valid {
            // SAFETY: both handles are live; the validation dataset outlives the booster by its lifetime.
            done(unsafe { sys::LGBM_BoosterAddValidData(booster.handle, valid.handle) }, "watching a validation fold")?;
        }
        Ok(booster)
    }

    /// Trains one more tree. `false`: no split improves anything any more, and no tree was added.
    ///
    /// # Errors
    /// What LightGBM says.
    pub fn update(&mut self) -> Result<bool> {
        let mut finished: c_int = 0;
        // SAFETY: the handle is live and held by this thread alone; the flag is a valid place to write to.
        let code = unsafe { sys::LGBM_BoosterUpdateOneIter(self.handle, &raw mut finished) };
        done(code, "training a tree")?;
        Ok(finished == 0)
    }

    /// The probabilities of the validation rows after the trees so far.
    ///
    /// # Errors
    /// What LightGBM says.
    pub fn validation(&self, probabilities: &mut Vec<f64>) -> Result<()> {
        probabilities.resize(self.validation, 0.0);
        let mut length = 0_i64;
        // SAFETY: dataset 1 is the one validation dataset, whose number of rows is the length of the vector.
        let code = unsafe { sys::LGBM_BoosterGetPredict(self.handle, 1, &raw mut length, probabilities.as_mut_ptr()) };
        done(code, "scoring a validation fold")
    }

    /// The model's text with its first `rounds` trees.
    ///
    /// # Errors
    /// What LightGBM says.
    pub fn text(&self, rounds: u32) -> Result<String> {
        let mut buffer: Vec<u8> = Vec::new();
        loop {
            let mut needed = 0_i64;
            // SAFETY: LightGBM writes at most the announced length of the buffer, and says how much it needs.
            let code = unsafe {
                sys::LGBM_BoosterSaveModelToString(
                    self.handle,
                    0,
                    rounds.max(1) as c_int,
                    sys::C_API_FEATURE_IMPORTANCE_SPLIT as c_int,
                    buffer.len() as i64,
                    &raw mut needed,
                    buffer.as_mut_ptr().cast(),
                )
            };
            done(code, "writing trees")?;
            let needed = usize::try_from(needed).unwrap_or(0);
            if needed <= buffer.len() {
                buffer.truncate(needed.saturating_sub(1));
                return String::from_utf8(buffer)
                    .map_err(|_| Problem::internal("LightGBM wrote text that is not UTF-8"));
            }
            buffer.resize(needed, 0);
        }
    }

    /// LightGBM's own raw scores of rows, to compare with.
    #[cfg(test)]
    pub fn raw(&self, rows: &Dense, rounds: u32) -> Result<Vec<f64>> {
        let mut buffer = Vec::new();
        for row in 0..rows.rows {
            buffer.extend(rows.columns.iter().map(|column| column[row]));
        }
        let mut scores = vec![0.0; rows.rows];
        let mut length = 0_i64;
        // SAFETY: the buffer holds `rows * columns` doubles row by row, and the result one double a row.
        let code = unsafe {
            sys::LGBM_BoosterPredictForMat(
                self.handle,
                buffer.as_ptr().cast(),
                sys::C_API_DTYPE_FLOAT64 as c_int,
                rows.rows as i32,
                rows.columns.len() as i32,
                1,
                sys::C_API_PREDICT_RAW_SCORE as c_int,
                0,
                rounds as c_int,
                c"num_threads=1".as_ptr(),
                &raw mut length,
                scores.as_mut_ptr(),
            )
        };
        done(code, "scoring")?;
        Ok(scores)
    }
}

/// LightGBM's log goes nowhere; its callback belongs to the thread, so every entry sets it.
fn quiet() -> Result<()> {
    extern "C" fn ignore(_: *const c_char) {}
    // SAFETY: the callback is a function that reads nothing and lives as long as the program.
    done(unsafe { sys::LGBM_RegisterLogCallback(Some(ignore)) }, "silencing the log")
}

fn done(code: c_int, doing: &str) -> Result<()> {
    if code == 0 {
        return Ok(());
    }
    // SAFETY: LightGBM keeps its last message in a buffer of this thread that ends with a zero byte.
    let message = unsafe { CStr::from_ptr(sys::LGBM_GetLastError()) }.to_string_lossy().into_owned();
    Err(Problem::internal(format!("LightGBM failed at {doing}: {message}")))
}
