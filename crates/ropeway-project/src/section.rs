//! Sections of crates above this one, registered by the binary, so that an unknown key is always known as such
//! and the schema covers the whole file.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::reader::Reader;

/// How a section stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `[name]`.
    One,
    /// `[name.NAME]`.
    Named,
    /// `[[name]]`.
    List,
}

/// A section of the project file: its name, its form and the settings it is read into.
#[derive(Clone, Copy)]
pub struct SectionSpec {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) read: fn(&mut Reader<'_>, &'static str),
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
}

impl SectionSpec {
    /// `[name]`, read into `T`.
    pub const fn one<T: DeserializeOwned + JsonSchema>(name: &'static str) -> Self {
        Self {
            name,
            shape: Shape::One,
            read: |reader, name| drop(reader.one::<T>(name)),
            schema: |generator| generator.subschema_for::<T>(),
        }
    }

    /// `[name.NAME]`, each read into `T`.
    pub const fn named<T: DeserializeOwned + JsonSchema>(name: &'static str) -> Self {
        Self {
            name,
            shape: Shape::Named,
            read: |reader, name| drop(reader.named::<T>(name)),
            schema: |generator| generator.subschema_for::<T>(),
        }
    }

    /// `[[name]]`, each read into `T`.
    pub const fn list<T: DeserializeOwned + JsonSchema>(name: &'static str) -> Self {
        Self {
            name,
            shape: Shape::List,
            read: |reader, name| drop(reader.list::<T>(name)),
            schema: |generator| generator.subschema_for::<T>(),
        }
    }
}
