//! Tests that look at the whole: files on the disk, rooms, tables.

mod writers;
