//! What pairs the values of one row. Each scan, list of values and union is an *origin*: rows of their own. A row of a join has
//! one row of each, and a condition that reads several origins, wherever it stands, decides which rows are paired: seen
//! from the row of one origin it *picks* what stands beside it, whatever its columns are computed from.
//!
//! Whose rows are the examples cannot be told from SQL: it is the key that tells. The origins of the key are the *anchor*.
//! Of its own rows a condition only decides which are examples, and that is a finding; what is not of the anchor depends
//! on all conditions that it hangs together with, and on there being such rows: those of an example's own row are there
//! with the example, others may still be to come. And so does the anchor where the key does not tell its rows apart, as the
//! declared key of a source does: there a filter picks one of several. So does the anchor itself where a condition pairs several origins of
//! the key and leaves out pairs.

use std::cell;
use std::collections::{BTreeMap, BTreeSet};

use super::dep::{Deps, ROWS, add};

/// Where rows come from; each occurrence in a plan is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    number: u32,
    /// Whether each of its rows is one of something. Branches of a union over the same rows make several of one.
    single: bool,
    /// Whether its rows become known over time.
    timed: bool,
}

pub(crate) type Origins = BTreeSet<Origin>;

/// Source columns that tell the rows of an origin apart.
pub(crate) type Identity = BTreeSet<(String, String)>;

/// Numbers origins.
#[derive(Debug, Default)]
pub(super) struct Counter(cell::Cell<u32>);

impl Counter {
    /// One that was not there yet.
    pub(super) fn fresh(&self, single: bool, timed: bool) -> Origin {
        self.0.set(self.0.get() + 1);
        Origin { number: self.0.get(), single, timed }
    }

    /// Gives the origins of a relation names of this plan.
    pub(super) fn renamed(&self, relation: &Paired) -> Paired {
        let mut names: BTreeMap<Origin, Origin> = BTreeMap::new();
        let mut name = |old: &Origin| *names.entry(*old).or_insert_with(|| self.fresh(old.single, old.timed));
        let identity = relation.identity.iter().map(|(origin, by)| (name(origin), by.clone())).collect();
        let mut all = |origins: &Origins| -> Origins { origins.iter().map(&mut name).collect() };
        Paired {
            columns: relation
                .columns
                .iter()
                .map(|cell| Cell { deps: cell.deps.clone(), origins: all(&cell.origins) })
                .collect(),
            conditions: relation
                .conditions
                .iter()
                .map(|condition| Condition {
                    of: Cell { deps: condition.of.deps.clone(), origins: all(&condition.of.origins) },
                    effect: match &condition.effect {
                        Effect::Keeps(kept) => Effect::Keeps(all(kept)),
                        other => other.clone(),
                    },
                })
                .collect(),
            first: all(&relation.first),
            identity,
        }
    }
}

/// What a value depends on, and the origins of the rows that it is read from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) deps: Deps,
    pub(crate) origins: Origins,
}

impl Cell {
    pub(super) fn add(&mut self, other: &Self) {
        add(&mut self.deps, &other.deps);
        self.origins.extend(&other.origins);
    }
}

/// What decides which rows stay, or stand beside each other.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) of: Cell,
    pub(crate) effect: Effect,
}

/// What a condition does to the rows that it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It leaves out rows of any origin.
    LeavesOut,
    /// It leaves out rows but those of these origins: of the side that an outer join preserves.
    Keeps(Origins),
    /// It says that there are rows of its origins at all.
    Exists,
}

impl Condition {
    /// A filter.
    pub(crate) fn filter(of: Cell) -> Self {
        Self { of, effect: Effect::LeavesOut }
    }

    /// That there are rows of an origin at all.
    fn existence(rows: Deps, origins: &Origins) -> Self {
        Self { of: Cell { deps: rows, origins: origins.clone() }, effect: Effect::Exists }
    }

    /// The same of a side that an outer join adds to rows of these origins, which all stay.
    pub(super) fn of_optional(self, rows: &Origins) -> Self {
        let effect = match self.effect {
            Effect::LeavesOut => Effect::Keeps(rows.clone()),
            Effect::Keeps(kept) => Effect::Keeps(kept.union(rows).copied().collect()),
            Effect::Exists => Effect::Exists,
        };
        Self { effect, ..self }
    }

    /// Whether it leaves out rows of these origins.
    pub(super) fn leaves_out(&self, origins: &Origins) -> bool {
        match &self.effect {
            Effect::LeavesOut => true,
            Effect::Keeps(kept) => !origins.is_subset(kept),
            Effect::Exists => false,
        }
    }
}

/// Columns by position, and the conditions that their rows met.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paired {
    pub(crate) columns: Vec<Cell>,
    pub(crate) conditions: Vec<Condition>,
    /// The anchor where no key says another: the first side of the joins that is not static.
    pub(crate) first: Origins,
    /// By what the rows of an origin are told apart, where it is declared.
    pub(crate) identity: BTreeMap<Origin, Identity>,
}

impl Paired {
    /// The rows of a source, with what each column and the existence of a row depend on.
    pub(in crate::plan) fn of_source(columns: Vec<Deps>, rows: Deps, (key, timed): (Identity, bool)) -> Self {
        let origin = Counter::default().fresh(true, timed);
        let own = Origins::from([origin]);
        let cell = |deps| Cell { deps, origins: own.clone() };
        let conditions = vec![Condition::existence(rows, &own)];
        let identity = if key.is_empty() { BTreeMap::new() } else { BTreeMap::from([(origin, key)]) };
        Self { columns: columns.into_iter().map(cell).collect(), conditions, first: own.clone(), identity }
    }

    /// Rows of one origin, told apart by `identity` where that is known, that were chosen by `chosen`.
    pub(super) fn of_one(
        columns: Vec<Cell>,
        own: Origin,
        (exist, chosen): (Deps, Deps),
        identity: Option<Identity>,
    ) -> Self {
        let first = Origins::from([own]);
        let left = Condition::filter(Cell { deps: chosen, origins: first.clone() });
        let conditions = vec![Condition::existence(exist, &first), left];
        let identity = identity.into_iter().map(|by| (own, by)).collect();
        Self { columns, conditions, first, identity }
    }

    /// Of rows that are equal in these cells one stays: what does not tell them apart any more is told apart by these.
    pub(super) fn equal_in(&mut self, cells: &[Cell]) {
        let told = |cells: &mut dyn Iterator<Item = &Cell>| -> Identity {
            cells.flat_map(|cell| cell.deps.keys()).filter(|(_, column)| column != ROWS).cloned().collect()
        };
        let all = told(&mut cells.iter());
        for (origin, by) in &mut self.identity {
            if !by.is_subset(&all) {
                *by = told(&mut cells.iter().filter(|cell| cell.origins.contains(origin)));
            }
        }
    }

    /// All origins whose rows become known over time.
    pub(super) fn timed(&self) -> Origins {
        self.origins().into_iter().filter(|origin| origin.timed).collect()
    }

    /// All origins.
    pub(super) fn origins(&self) -> Origins {
        let columns = self.columns.iter().flat_map(|cell| &cell.origins);
        let conditions = self.conditions.iter().flat_map(|condition| &condition.of.origins);
        columns.chain(conditions).chain(&self.first).copied().collect()
    }

    /// What each column depends on if the rows are those of the columns `key` (positions); without any, of
    /// [`Self::first`].
    pub(in crate::plan) fn seen_from(&self, key: &[usize]) -> Vec<Deps> {
        let view = self.view(key);
        self.columns.iter().map(|cell| view.of(cell)).collect()
    }

    /// The same of one column alone: a table may have thousands, each asked for.
    pub(in crate::plan) fn column_seen_from(&self, key: &[usize], position: usize) -> Option<Deps> {
        self.columns.get(position).map(|cell| self.view(key).of(cell))
    }

    /// What decides which of those rows there are, beside their own existence: that of the row which the columns `at` are of,
    /// where any are given, is known with these.
    pub(in crate::plan) fn chosen_by(&self, key: &[usize], at: &[usize]) -> Deps {
        let view = self.view(key);
        let mut deps = Deps::new();
        let dated: Origins = at
            .iter()
            .filter_map(|position| self.columns.get(*position))
            .flat_map(|cell| cell.origins.clone())
            .collect();
        for Condition { of, .. } in self.conditions.iter().filter(|condition| condition.effect == Effect::Exists) {
            let undated = of.origins.iter().any(|origin| view.anchor.contains(origin) && !dated.contains(origin));
            if undated && !dated.is_empty() {
                add(&mut deps, &of.deps);
            }
        }
        for condition in self.conditions.iter().filter(|condition| condition.leaves_out(&view.anchor)) {
            add(&mut deps, &view.of(&condition.of));
        }
        deps
    }

    /// Rows as they are seen from those of [`Self::first`].
    pub(super) fn settled(&self) -> View {
        self.view(&[])
    }

    fn view(&self, key: &[usize]) -> View {
        let told: BTreeSet<&(String, String)> =
            key.iter().filter_map(|position| self.columns.get(*position)).flat_map(|cell| cell.deps.keys()).collect();
        // A value that is read from several is of the first side, or of nobody.
        let of_cell = |cell: &Cell| match cell.origins.len() {
            0 | 1 => cell.origins.clone(),
            _ => cell.origins.intersection(&self.first).copied().collect(),
        };
        let of_key: Origins = key.iter().filter_map(|position| self.columns.get(*position)).flat_map(of_cell).collect();
        let mut anchor = if of_key.is_empty() { self.first.clone() } else { of_key };
        anchor.retain(|origin| origin.single);
        let several = |origin: &&Origin| {
            !key.is_empty()
                && self.identity.get(origin).is_some_and(|by| !by.iter().all(|column| told.contains(column)))
        };
        let several: Origins = anchor.iter().filter(several).copied().collect();
        let mut picked = picked(&self.conditions, &anchor, &several);
        // Of several origins of the key the first is the example's; that others have such rows is not given with it.
        let main: Origins = match anchor.intersection(&self.first).next().or(anchor.first()) {
            Some(main) => Origins::from([*main]),
            None => Origins::new(),
        };
        for Condition { of, .. } in self.conditions.iter().filter(|condition| condition.effect == Effect::Exists) {
            for origin in of.origins.intersection(&anchor).filter(|origin| !main.contains(origin)) {
                add(picked.entry(*origin).or_default(), &of.deps);
            }
        }
        View { anchor, picked }
    }
}

/// Rows as they are seen from those of some origins.
pub(super) struct View {
    anchor: Origins,
    /// What picks the values of each origin.
    picked: BTreeMap<Origin, Deps>,
}

impl View {
    /// What a value depends on.
    pub(super) fn of(&self, cell: &Cell) -> Deps {
        let mut deps = cell.deps.clone();
        cell.origins.iter().filter_map(|origin| self.picked.get(origin)).for_each(|by| add(&mut deps, by));
        deps
    }
}

/// Conditions that hang together through origins that are not of the anchor.
#[derive(Default)]
struct Knot {
    free: Origins,
    anchored: Origins,
    /// Whether pairs are left out.
    leaves_out: bool,
    deps: Deps,
}

/// What picks the values of each origin, seen from the anchor, of which one key may have several rows in some origins.
fn picked(conditions: &[Condition], anchor: &Origins, several: &Origins) -> BTreeMap<Origin, Deps> {
    let mut knots: Vec<Knot> = Vec::new();
    for condition in conditions {
        let of = &condition.of;
        let (anchored, free): (Origins, Origins) = of.origins.iter().partition(|origin| anchor.contains(origin));
        let leaves_out = condition.leaves_out(&anchored);
        let mut knot = Knot { free, anchored, leaves_out, deps: of.deps.clone() };
        let (near, others): (Vec<Knot>, Vec<Knot>) =
            knots.into_iter().partition(|other| !other.free.is_disjoint(&knot.free));
        for other in near {
            knot.free.extend(other.free);
            knot.anchored.extend(other.anchored);
            knot.leaves_out |= other.leaves_out;
            add(&mut knot.deps, &other.deps);
        }
        knots = others;
        knots.push(knot);
    }
    let mut picked: BTreeMap<Origin, Deps> = BTreeMap::new();
    for Knot { free, anchored, leaves_out, deps } in knots {
        for origin in free {
            add(picked.entry(origin).or_default(), &deps);
        }
        // Which pairs there are is a choice of examples where it hangs on rows being there, and shows in what they are.
        if leaves_out && (anchored.len() > 1 || !anchored.is_disjoint(several)) {
            let several = !anchored.is_disjoint(several);
            let deps = deps.into_iter().filter(|((_, column), _)| several || column != ROWS).collect();
            anchored.iter().for_each(|origin| add(picked.entry(*origin).or_default(), &deps));
        }
    }
    picked
}
