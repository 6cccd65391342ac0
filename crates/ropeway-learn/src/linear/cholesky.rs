//! Solving a symmetric positive definite system by Cholesky's decomposition.

/// Solves `matrix * x = right`; none where the matrix is not positive definite. The matrix is full and row by row;
/// its lower triangle is overwritten.
pub fn solve(matrix: &mut [f64], right: &[f64]) -> Option<Vec<f64>> {
    let size = right.len();
    for i in 0..size {
        let (above, rest) = matrix.split_at_mut(i * size);
        let line = &mut rest[..size];
        for j in 0..i {
            let other = &above[j * size..j * size + j + 1];
            let product: f64 = line[..j].iter().zip(other).map(|(a, b)| a * b).sum();
            line[j] = (line[j] - product) / other[j];
        }
        let squares: f64 = line[..i].iter().map(|a| a * a).sum();
        let pivot = line[i] - squares;
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        line[i] = pivot.sqrt();
    }
    let mut x = right.to_vec();
    for i in 0..size {
        let product: f64 = matrix[i * size..i * size + i].iter().zip(&x).map(|(a, b)| a * b).sum();
        x[i] = (x[i] - product) / matrix[i * size + i];
    }
    for i in (0..size).rev() {
        x[i] /= matrix[i * size + i];
        let solved = x[i];
        let line = &matrix[i * size..i * size + i];
        x.iter_mut().zip(line).for_each(|(x, entry)| *x -= entry * solved);
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::solve;

    #[test]
    fn solves_and_refuses_what_is_not_definite() {
        let mut matrix = vec![4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let x = solve(&mut matrix, &[6.6, 8.0, 4.6]).unwrap();
        assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-12), "{x:?}");
        assert_eq!(solve(&mut [1.0, 2.0, 2.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(solve(&mut [f64::NAN], &[1.0]), None);
    }
}
