//! LightGBM's booster: one tree at a time, watched on a validation dataset, written as text.

use std::ffi::{c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

use lightgbm3_sys as sys;
use ropeway_vocab::{Problem, Result};

use super::{Dataset, done, quiet};
use crate::boosted::parameters;
use crate::candidate::BoostedCandidate;
use crate::encoded::Dense;
use crate::fitted::interleaved;

/// Trees in training. It borrows its datasets, so they outlive it.
pub struct Booster<'a> {
    handle: *mut c_void,
    training: usize,
    validation: usize,
    outputs: usize,
    datasets: PhantomData<&'a Dataset>,
}

impl Drop for Booster<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle came from LightGBM and is freed once.
        unsafe { sys::LGBM_BoosterFree(self.handle) };
    }
}

impl<'a> Booster<'a> {
    /// Begins training on one dataset, watching another: so many scores a row, one tree a round for each.
    ///
    /// # Errors
    /// What LightGBM says.
    pub fn new(
        train: &'a Dataset,
        valid: Option<&'a Dataset>,
        outputs: usize,
        (candidate, seed): (&BoostedCandidate, u32),
    ) -> Result<Self> {
        let parameters = parameters::booster(train.columns, outputs, candidate, seed)?;
        quiet()?;
        let mut handle = ptr::null_mut();
        // SAFETY: the dataset is live and finished, and outlives the booster by its lifetime; the parameters are a
        // C string.
        let code = unsafe { sys::LGBM_BoosterCreate(train.handle, parameters.as_ptr(), &raw mut handle) };
        done(code, "beginning to train")?;
        let (training, validation) = (train.rows(), valid.map_or(0, Dataset::rows));
        let booster = Self { handle, training, validation, outputs, datasets: PhantomData };
        if let Some(valid) = valid {
            // SAFETY: both handles are live; the validation dataset outlives the booster by its lifetime.
            done(unsafe { sys::LGBM_BoosterAddValidData(booster.handle, valid.handle) }, "watching a validation fold")?;
        }
        Ok(booster)
    }

    /// Trains one more round. `false`: no split improves anything any more, and no tree was added.
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

    /// The probabilities (or numbers) of the validation rows after the trees so far, row by row.
    ///
    /// # Errors
    /// What LightGBM says.
    pub fn validation(&self, probabilities: &mut Vec<f64>) -> Result<()> {
        self.of_dataset(1, self.validation, probabilities)
    }

    /// The same of the training rows.
    ///
    /// # Errors
    /// What LightGBM says.
    pub fn training(&self) -> Result<Vec<f64>> {
        let mut probabilities = Vec::new();
        self.of_dataset(0, self.training, &mut probabilities)?;
        Ok(probabilities)
    }

    fn of_dataset(&self, dataset: c_int, rows: usize, probabilities: &mut Vec<f64>) -> Result<()> {
        probabilities.resize(rows * self.outputs, 0.0);
        let mut length = 0_i64;
        // SAFETY: dataset 0 is the training dataset and 1 the one validation dataset; its number of rows times the classes that the
        // booster was made for is the length of the vector.
        let code =
            unsafe { sys::LGBM_BoosterGetPredict(self.handle, dataset, &raw mut length, probabilities.as_mut_ptr()) };
        done(code, "scoring rows in bins")?;
        if self.outputs > 1 {
            // LightGBM gives them class by class.
            let by_class: Vec<Vec<f64>> = probabilities.chunks(rows).map(<[f64]>::to_vec).collect();
            *probabilities = interleaved(&by_class, rows);
        }
        Ok(())
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

    /// LightGBM's own raw scores of rows by its first `rounds` trees: what tests hold [`Trees`](crate::Trees) against.
    ///
    /// # Errors
    /// Columns that differ in length (a defect), or what LightGBM says.
    pub fn raw(&self, rows: &Dense, rounds: u32) -> Result<Vec<f64>> {
        let (Ok(count), Ok(width)) = (c_int::try_from(rows.rows), c_int::try_from(rows.columns.len())) else {
            return Err(Problem::internal("LightGBM cannot count so many rows or columns"));
        };
        if rows.columns.iter().any(|column| column.len() != rows.rows) {
            return Err(Problem::internal("the columns of rows to score differ in length"));
        }
        let mut buffer = Vec::new();
        for row in 0..rows.rows {
            buffer.extend(rows.columns.iter().map(|column| column[row]));
        }
        let mut scores = vec![0.0; rows.rows * self.outputs];
        let mut length = 0_i64;
        // SAFETY: the buffer holds `rows * columns` doubles row by row, and the result as many doubles a row as it has scores.
        let code = unsafe {
            sys::LGBM_BoosterPredictForMat(
                self.handle,
                buffer.as_ptr().cast(),
                sys::C_API_DTYPE_FLOAT64 as c_int,
                count,
                width,
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
