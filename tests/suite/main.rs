//! Tests that look at the whole: files on the disk, rooms, tables, the built program.

mod data_files;
mod keys;
mod readme;
mod rule_cases;
mod screens;
mod store;
mod workbooks;
mod writers;
