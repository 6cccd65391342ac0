//! Behaviour of the crate as its users see it: one binary for all integration tests.

#[cfg(test)]
mod delimiters;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod parquet_columns;
#[cfg(test)]
mod passing;
#[cfg(test)]
mod proposals;
#[cfg(test)]
mod real;
#[cfg(test)]
mod spellings;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod summaries;
#[cfg(test)]
mod types;
