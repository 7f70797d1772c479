//! Libraries that are put between the program and the system, compiled by the test that needs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::root;

/// Compiles `tests/suite/support/NAME.c` into a folder.
pub fn compiled(name: &str, folder: &Path) -> PathBuf {
    let source = root(&format!("tests/suite/support/{name}.c"));
    let library = folder.join(format!("{name}.so"));
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
        .arg(&library)
        .arg(&source)
        .arg("-ldl")
        .output()
        .expect("a C compiler, which the program's own build needs too");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    library
}
