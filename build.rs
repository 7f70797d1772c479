//! Notes which commit the program is built from, for `--version`.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=.git/HEAD");
    println!("cargo:rerun-if-changed=.git/logs/HEAD");
    println!("cargo:rerun-if-env-changed=SKILLCERT_COMMIT");
    let git = || Command::new("git").args(["rev-parse", "--short=10", "HEAD"]).output().ok();
    let of_git = || git().filter(|run| run.status.success()).and_then(|run| String::from_utf8(run.stdout).ok());
    // A source archive has no history: whoever packs it says which commit it is.
    let commit = std::env::var("SKILLCERT_COMMIT").ok().or_else(of_git).unwrap_or_default();
    let commit = commit.trim();
    println!("cargo:rustc-env=SKILLCERT_COMMIT={}", if commit.is_empty() { "unknown" } else { commit });
}
