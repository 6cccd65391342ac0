//! What is recorded of the relations, counted and told without their rows.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use ropeway_source::{FileRead, Noticed};

use super::{Data, LazyRelation, RelationRecord, Shared, check_report};
use crate::report::{CheckReport, SourceReport};

impl Data {
    /// The counts of each source, in the order of the project file.
    pub fn source_reports(&self) -> IndexMap<String, SourceReport> {
        let of = |name: &String| Some((name.clone(), self.relations.get(name)?.record.source.as_ref()?.rows.clone()));
        self.plan.definitions().sources.keys().filter_map(of).collect()
    }

    /// The outcome of every check.
    pub fn check_reports(&self) -> Vec<CheckReport> {
        let outcomes = self.plan.order().iter().filter_map(|name| self.relations.get(name));
        outcomes.flat_map(|relation| &relation.record.checks).map(check_report).collect()
    }

    /// How many posted rows of each source stand under a key of its files with other content, which counts.
    pub fn superseded(&self) -> BTreeMap<String, u64> {
        let of = |(name, relation): (&String, &LazyRelation)| {
            let superseded = relation.record.source.as_ref()?.superseded;
            (superseded > 0).then(|| (name.clone(), superseded))
        };
        self.relations.iter().filter_map(of).collect()
    }

    /// What was noticed where the files of each source were read.
    pub fn noticed(&self) -> BTreeMap<String, Vec<Noticed>> {
        let of = |(name, relation): (&String, &LazyRelation)| {
            Some((name.clone(), relation.record.source.as_ref()?.noticed.clone()))
        };
        self.relations.iter().filter_map(of).collect()
    }

    /// The keys that different rows of each source share.
    pub fn shared_keys(&self) -> BTreeMap<String, Shared> {
        let of = |(name, relation): (&String, &LazyRelation)| {
            let RelationRecord { shared, rows, .. } = &relation.record;
            Some((name.clone(), Shared { keys: shared.clone()?, of: *rows }))
        };
        self.relations.iter().filter_map(of).collect()
    }

    /// The digests of each source's files.
    pub fn files(&self) -> BTreeMap<String, Vec<FileRead>> {
        let of = |(name, relation): (&String, &LazyRelation)| {
            Some((name.clone(), relation.record.source.as_ref()?.files.clone()))
        };
        self.relations.iter().filter_map(of).collect()
    }
}
