//! Facts that arrive at a server: how a post is logged, which rows of it are new, and how the logged posts of a source
//! join the rows of its files, in the server and in the next run alike.

mod index;
mod merge;
mod post;

pub use index::{KeyIndex, Seen};
pub use merge::{Arrived, merge, posts};
pub use post::{Post, log_path};
