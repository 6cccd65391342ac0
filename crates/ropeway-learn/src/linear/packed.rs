//! Second derivatives of several classes where every column has its value in every row: what two classes share is the products of a
//! row's values, of which each pair stands once, one behind the other.

/// Sums of weighted products of pairs of columns, for each pair of classes.
pub struct Packed {
    classes: usize,
    block: usize,
    /// The products of the row that was met last: of each column with those up to itself.
    products: Vec<f64>,
    /// As many sums for each class with those up to itself.
    sums: Vec<f64>,
}

/// Where a pair stands, the greater first.
fn place(a: usize, b: usize) -> usize {
    a * (a + 1) / 2 + b
}

impl Packed {
    pub fn new(classes: usize, block: usize) -> Self {
        let pairs = |count: usize| place(count, 0);
        Self { classes, block, products: vec![0.0; pairs(block)], sums: vec![0.0; pairs(classes) * pairs(block)] }
    }

    /// Takes the values of a row, by position, of all columns.
    pub fn meet(&mut self, values: &[(usize, f64)]) {
        let pairs = values.iter().enumerate().flat_map(|(a, (_, x))| values[..=a].iter().map(move |(_, y)| x * y));
        self.products.iter_mut().zip(pairs).for_each(|(product, pair)| *product = pair);
    }

    /// Adds the row to a pair of classes, the greater first.
    #[inline]
    pub fn add(&mut self, (class, other): (usize, usize), weight: f64) {
        let length = self.products.len();
        let start = place(class, other) * length;
        let sums = &mut self.sums[start..start + length];
        sums.iter_mut().zip(&self.products).for_each(|(sum, product)| *sum += weight * product);
    }

    /// Writes the lines of each class up to its own into a square matrix of all.
    pub fn unpack(&self, into: &mut [f64]) {
        let (size, length) = (self.classes * self.block, self.products.len());
        for class in 0..self.classes {
            for other in 0..=class {
                let sums = &self.sums[place(class, other) * length..][..length];
                for a in 0..self.block {
                    let line = &mut into[(class * self.block + a) * size + other * self.block..][..self.block];
                    line.iter_mut().enumerate().for_each(|(b, value)| *value = sums[place(a.max(b), a.min(b))]);
                }
            }
        }
    }
}
