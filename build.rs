//! Notes which commit the program is built from, for `--version`, and packs the long texts it carries.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The long texts of `data/`; `src/packed.rs` reads them. Packed they take a third: the program goes over slow lines.
const PACKED: [&str; 6] = [
    "locales/en-rules.toml",
    "locales/en.toml",
    "locales/zh-CN-rules.toml",
    "locales/zh-CN.toml",
    "tables/clauses.csv",
    "tables/divisions.csv",
];

fn main() -> Result<(), Box<dyn Error>> {
    note_commit();
    let out = std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    for name in PACKED {
        let text = Path::new("data").join(name);
        println!("cargo:rerun-if-changed={}", text.display());
        let packed = Path::new(&out).join(name.replace('/', "-"));
        let mut packed = DeflateEncoder::new(std::fs::File::create(packed)?, Compression::best());
        packed.write_all(&std::fs::read(text)?)?;
        packed.finish()?;
    }
    Ok(())
}

fn note_commit() {
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
