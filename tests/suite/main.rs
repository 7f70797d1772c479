//! Tests that look at the whole: files on the disk, rooms, tables, the built program.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit;
mod backup;
mod benches;
mod cases;
mod clauses;
mod cli;
mod conventions;
mod copy;
mod data_files;
mod decoder;
mod doctor;
mod faults;
mod floor_plan;
mod institutions;
mod keys;
mod ledger;
mod ledger_book;
mod ledger_verify;
mod line;
mod lookup;
mod lost;
mod pipes;
mod plain;
mod privacy;
mod profile_fuzz;
mod profiles;
mod progress;
mod pty;
mod public_list;
mod readme;
mod rule_cases;
mod samples;
mod screens;
mod settings;
mod sharing;
mod store;
mod support;
mod surroundings;
mod text_files;
mod usage;
mod widths;
mod workbooks;
mod writers;
