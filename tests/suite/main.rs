//! One test program, so that the program under test is built and linked once.

mod workbooks;
