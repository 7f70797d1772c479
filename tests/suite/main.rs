//! Tests that look at the whole: files on the disk, rooms, tables, the built program.

mod ;
mod store;
mod workbooks;
mod writers;
