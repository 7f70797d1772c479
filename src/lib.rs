//! skillcert: the workbench for vocational skill level certificate data (职业技能等级证书).
//!
//! # Rooms
//!
//! ```text
//!              main.rs
//!             /       \
//!          tui         cli            terminal and threads | headless verbs, plain output
//!         / | \         | \
//!     plain |  \        |  \          the screen state told and answered line by line; as pure as that
//!       |   |   \       |   \
//!      app  |    \      |    \        pure screen state: one update function, no terminal, no disk
//!        \  |     \     |     \
//!         \ formats  store ----+      spreadsheets in and out | the SQLite file (they do not know each other)
//!          \   |      /
//!            domain                   the field: no screen, no disk, no clock, no threads, no environment
//! ```
//!
//! Above `formats` and `store` stands [`backup`], which packs the state folder into one file and puts it back; `tui` and `cli`
//! name it. Beside them stand three that the upper rooms may name: [`failure`] (what is told to the user), [`locale`] (the words) and
//! [`data`] (the tables, profiles and forms, built in and the user's, which it reads by `formats`). [`cause`], what the system
//! said, all but the pure rooms may name.
//! `tests/suite/floor_plan.rs` holds the code to this picture.

pub mod app;
pub mod backup;
pub mod cause;
pub mod cli;
pub mod data;
pub mod domain;
pub mod failure;
pub mod formats;
pub mod locale;
pub mod office;
pub mod plain;
pub mod store;
pub mod tui;
pub mod words;
