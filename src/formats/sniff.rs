//! What kind of file the first bytes say it is, whatever its name says.
