//! Notes which commit the program is built from, for `--version`, and packs the long texts it carries.

use std::error::Error;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use pinyin::ToPinyinMulti;

/// The long texts of `data/`; `src/packed.rs` reads them. Packed they take a third: the program goes over slow lines.
const PACKED: [&str; 6] = [
    "locales/en-rules.toml",
    "locales/en.toml",
    "locales/zh-CN-rules.toml",
    "locales/zh-CN.toml",
    "tables/clauses.csv",
    "tables/divisions.csv",
];

/// The characters that have a sound; `src/domain/sound.rs` counts from the same one.
const SOUNDING: RangeInclusive<u32> = 0x3007..=0x323AF;

fn main() -> Result<(), Box<dyn Error>> {
    note_commit();
    for name in PACKED {
        let text = Path::new("data").join(name);
        println!("cargo:rerun-if-changed={}", text.display());
        pack(&name.replace('/', "-"), &std::fs::read(text)?)?;
    }
    pack("sounds", sounds().as_bytes())
}

fn pack(name: &str, text: &[u8]) -> Result<(), Box<dyn Error>> {
    let out = std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    let mut packed = DeflateEncoder::new(std::fs::File::create(Path::new(&out).join(name))?, Compression::best());
    packed.write_all(text)?;
    packed.finish()?;
    Ok(())
}

/// Writes the readings of each code point on a line of its own, without tones, the usual one first.
fn sounds() -> String {
    let mut lines = String::new();
    for code in SOUNDING {
        let readings = char::from_u32(code).and_then(|c| c.to_pinyin_multi()).into_iter().flatten();
        lines += &readings.map(pinyin::Pinyin::plain).collect::<Vec<_>>().join(" ");
        lines.push('\n');
    }
    lines
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
