//! The store: one SQLite file under the state folder.
