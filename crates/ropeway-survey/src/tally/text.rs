//! Texts while they pass.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::Bound;
use crate::hash::of_text;
use crate::sketch::Sketch;

/// A text by its place among those that are kept, and its rows.
#[derive(Debug, Clone, Copy)]
struct Counted {
    hash: u64,
    start: usize,
    end: usize,
    count: u64,
}

/// A column of texts.
#[derive(Debug, Clone)]
pub(crate) struct TextTally {
    counts: HashTable<Counted>,
    texts: String,
    bound: Bound,
    /// From where there are more different texts than are counted.
    sketch: Option<Box<Sketch>>,
    pub(crate) count: u64,
    /// Bytes of all texts, and of the shortest and the longest.
    pub(crate) bytes: u64,
    pub(crate) shortest: usize,
    pub(crate) longest: usize,
}

impl TextTally {
    pub(super) fn new(bound: Bound) -> Self {
        Self {
            counts: HashTable::new(),
            texts: String::new(),
            bound,
            sketch: None,
            count: 0,
            bytes: 0,
            shortest: usize::MAX,
            longest: 0,
        }
    }

    /// Counts a text and gives its hash.
    #[inline]
    pub(super) fn add(&mut self, text: &str) -> u64 {
        let hash = of_text(text);
        self.count += 1;
        self.bytes += text.len() as u64;
        self.shortest = self.shortest.min(text.len());
        self.longest = self.longest.max(text.len());
        let Self { counts, texts, .. } = self;
        let same = |counted: &Counted| counted.hash == hash && texts[counted.start..counted.end] == *text;
        if let Some(sketch) = &mut self.sketch {
            sketch.add(hash);
            if let Some(counted) = counts.find_mut(hash, same) {
                counted.count += 1;
            }
            return hash;
        }
        match counts.entry(hash, same, |counted| counted.hash) {
            Entry::Occupied(mut entry) => entry.get_mut().count += 1,
            Entry::Vacant(entry) => {
                let start = self.texts.len();
                entry.insert(Counted { hash, start, end: start + text.len(), count: 1 });
                self.texts.push_str(text);
                if self.counts.len() > self.bound.values || self.texts.len() > self.bound.bytes {
                    self.sketch_from_here();
                }
            }
        }
        hash
    }

    /// Too many to count one by one: those that came so far stay counted, since what texts look like is told from them.
    fn sketch_from_here(&mut self) {
        let mut sketch = Sketch::new();
        self.counts.iter().for_each(|counted| sketch.add(counted.hash));
        self.sketch = Some(Box::new(sketch));
    }

    /// How many different texts there are, and whether that is exact.
    pub(crate) fn distinct(&self) -> (u64, bool) {
        match &self.sketch {
            Some(sketch) => (sketch.estimate().min(self.count), false),
            None => (self.counts.len() as u64, true),
        }
    }

    /// The texts that are counted, in the order in which they came first.
    pub(crate) fn counted(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<&Counted> = self.counts.iter().collect();
        all.sort_unstable_by_key(|counted| (counted.start, counted.end));
        all.into_iter().map(|counted| (&self.texts[counted.start..counted.end], counted.count)).collect()
    }
}
