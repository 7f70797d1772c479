//! Workbooks, read in a child process of our own binary.
