//! Solving a symmetric positive definite system by Cholesky's decomposition.

use ropeway_vocab::Result;

use crate::stop::Stop;

/// Solves `matrix * x = right`; none where the matrix is not positive definite. The matrix is full and row by row;
/// its lower triangle is overwritten.
///
/// # Errors
/// Cancellation.
pub fn solve(matrix: &mut [f64], right: &[f64], stop: Stop<'_>) -> Result<Option<Vec<f64>>> {
    let size = right.len();
    for i in 0..size {
        stop.go_on()?;
        let (above, rest) = matrix.split_at_mut(i * size);
        let line = &mut rest[..size];
        for j in 0..i {
            let other = &above[j * size..j * size + j + 1];
            line[j] = (line[j] - product(&line[..j], other)) / other[j];
        }
        let pivot = line[i] - product(&line[..i], &line[..i]);
        if pivot.is_nan() || pivot <= 0.0 {
            return Ok(None);
        }
        line[i] = pivot.sqrt();
    }
    let mut x = right.to_vec();
    for i in 0..size {
        x[i] = (x[i] - product(&matrix[i * size..i * size + i], &x)) / matrix[i * size + i];
    }
    for i in (0..size).rev() {
        x[i] /= matrix[i * size + i];
        let solved = x[i];
        let line = &matrix[i * size..i * size + i];
        x.iter_mut().zip(line).for_each(|(x, entry)| *x -= entry * solved);
    }
    Ok(Some(x))
}

/// The scalar product over the length of the shorter, in eight sums side by side, which the processor adds at once.
pub fn product(a: &[f64], b: &[f64]) -> f64 {
    let length = a.len().min(b.len());
    let ((a, a_rest), (b, b_rest)) = (a[..length].as_chunks::<8>(), b[..length].as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    fn solve(matrix: &mut [f64], right: &[f64]) -> Option<Vec<f64>> {
        super::solve(matrix, right, Stop::asked(&AtomicBool::new(false))).unwrap()
    }

    #[test]
    fn solves_and_refuses_what_is_not_definite() {
        let mut matrix = vec![4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let x = solve(&mut matrix, &[6.6, 8.0, 4.6]).unwrap();
        assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-12), "{x:?}");
        assert_eq!(solve(&mut [1.0, 2.0, 2.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(solve(&mut [f64::NAN], &[1.0]), None);
    }
}
