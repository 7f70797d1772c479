//! The wording of what the outside said: files, the store, the tables, the copy. The words themselves are in [`crate::words`].

mod backup;
mod cause;
mod clauses;
mod data;
mod entry;
mod files;
mod handbook;
mod lookup;
mod near;
mod shares;
mod store;

pub use clauses::{ClauseFacts, clause_list};
pub use handbook::{ListedRule, RuleFacts, handbook};
pub use lookup::lookup_entries;
pub use store::local_time;
