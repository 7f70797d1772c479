//! One binary for all tests that look at the program from outside.

mod data_files;
mod rule_cases;
