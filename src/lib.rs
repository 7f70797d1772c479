//! skillcert: the workbench for vocational skill level certificate data (职业技能等级证书).
//!
//! # Rooms
//!
//! ```text
//!              main.rs
//!             /       \
//!          tui         cli            terminal and threads | headless verbs, plain output
//!         / | \         |
//!    plain  |  \        |             the screen state told and answered line by line
//!        \  |   \       |
//!          app   office               pure screen state | the acts, each written once
//!           |   /  |  \
//!           |  formats store data backup
//!           |   \   |   /
//!           domain                    the field: no screen, no disk, no clock, no threads, no environment
//! ```
//!
//! At the bottom stand [`words`], [`failure`], [`cause`] and [`packed`]. `docs/architecture.md` says what each room holds, what it may name
//! and how three journeys lead through them; `tests/suite/floor_plan.rs` holds the code to it.

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
pub mod packed;
pub mod plain;
pub mod store;
pub mod tui;
pub mod words;
