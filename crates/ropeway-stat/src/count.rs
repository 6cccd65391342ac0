//! How much rows count together, in JSON: a whole number where it is one, as counts of rows are. For `#[serde(with = ..)]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Beyond it doubles no longer hold every whole number.
const WHOLE: f64 = (1_u64 << 53) as f64;

/// One of them, to be written.
#[derive(Serialize)]
struct Count(#[serde(serialize_with = "serialize")] f64);

/// Writes one.
///
/// # Errors
/// What the serializer says.
pub fn serialize<S: Serializer>(count: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if count.fract() == 0.0 && (0.0..=WHOLE).contains(count) {
        serializer.serialize_u64(*count as u64)
    } else {
        serializer.serialize_f64(*count)
    }
}

/// Reads one.
///
/// # Errors
/// What the deserializer says.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    f64::deserialize(deserializer)
}

/// The same of several.
pub mod list {
    use super::{Count, Deserialize, Deserializer, Serializer};

    /// Writes them.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn serialize<S: Serializer>(counts: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(counts.iter().copied().map(Count))
    }

    /// Reads them.
    ///
    /// # Errors
    /// What the deserializer says.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
        Vec::deserialize(deserializer)
    }
}

/// The same of two.
pub mod pair {
    use super::{Count, Deserialize, Deserializer, Serialize, Serializer};

    /// Writes them.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn serialize<S: Serializer>(counts: &(f64, f64), serializer: S) -> Result<S::Ok, S::Error> {
        (Count(counts.0), Count(counts.1)).serialize(serializer)
    }

    /// Reads them.
    ///
    /// # Errors
    /// What the deserializer says.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(f64, f64), D::Error> {
        Deserialize::deserialize(deserializer)
    }
}

/// The same of a table, row by row.
pub mod table {
    use super::{Count, Deserialize, Deserializer, Serializer};

    /// Writes it.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn serialize<S: Serializer>(counts: &[Vec<f64>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(counts.iter().map(|row| row.iter().copied().map(Count).collect::<Vec<_>>()))
    }

    /// Reads it.
    ///
    /// # Errors
    /// What the deserializer says.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<f64>>, D::Error> {
        Vec::deserialize(deserializer)
    }
}

/// The same by name.
pub mod map {
    use std::collections::BTreeMap;

    use super::{Count, Deserialize, Deserializer, Serializer};

    /// Writes them.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn serialize<S: Serializer>(counts: &BTreeMap<String, f64>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(counts.iter().map(|(name, count)| (name, Count(*count))))
    }

    /// Reads them.
    ///
    /// # Errors
    /// What the deserializer says.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, f64>, D::Error> {
        BTreeMap::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Counted {
        #[serde(with = "super")]
        one: f64,
        #[serde(with = "super::list")]
        several: Vec<f64>,
        #[serde(with = "super::pair")]
        two: (f64, f64),
        #[serde(with = "super::table")]
        rows: Vec<Vec<f64>>,
    }

    #[test]
    fn whole_numbers_are_written_as_such_and_all_come_back() {
        let counted = Counted { one: 3.0, several: vec![0.0, 2.5], two: (1.0, 0.1), rows: vec![vec![7.0], vec![]] };
        let json = serde_json::to_string(&counted).unwrap();
        assert_eq!(json, r#"{"one":3,"several":[0,2.5],"two":[1,0.1],"rows":[[7],[]]}"#);
        assert_eq!(serde_json::from_str::<Counted>(&json).unwrap(), counted);
    }
}
