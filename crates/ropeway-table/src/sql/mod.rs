//! SQL text: the session, reading statements and expressions, and complaints that show the line.

mod aggregate;
mod clauses;
mod complain;
mod evaluate;
mod exact;
mod expression;
mod instant;
mod interval;
mod overflow;
mod read;
mod session;
mod subquery;

pub use aggregate::{AggregateCall, parse_aggregate};
pub use evaluate::RowName;
pub use expression::RowExpr;

pub(crate) use complain::{Text, duplicate_column};
pub(crate) use expression::logical_type;
pub(crate) use overflow::first_column;
pub(crate) use read::{Allow, Statement, read_query};
pub(crate) use session::{Catalog, analyzed, partitioned, single};
