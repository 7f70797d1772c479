//! The long texts of `data/`, which the program carries packed and unpacks when they are asked for. `build.rs` packs them.

use std::io::Read;

use flate2::read::DeflateDecoder;

/// Gives a text by its file in `data/`, with `-` for `/`.
macro_rules! text {
    ($name:literal) => {
        $crate::packed::unpacked(include_bytes!(concat!(env!("OUT_DIR"), "/", $name)))
    };
}

pub(crate) use text;

/// Unpacks a text and keeps it for as long as the process runs; ask once for each.
pub fn unpacked(packed: &[u8]) -> &'static str {
    let mut text = String::new();
    // What the build has packed reads; a test holds every text against its file.
    let _ = DeflateDecoder::new(packed).read_to_string(&mut text);
    text.leak()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_is_what_its_file_holds() {
        assert_eq!(text!("locales-en-rules.toml"), include_str!("../data/locales/en-rules.toml"));
        assert_eq!(text!("locales-en.toml"), include_str!("../data/locales/en.toml"));
        assert_eq!(text!("locales-zh-CN-rules.toml"), include_str!("../data/locales/zh-CN-rules.toml"));
        assert_eq!(text!("locales-zh-CN.toml"), include_str!("../data/locales/zh-CN.toml"));
        assert_eq!(text!("tables-clauses.csv"), include_str!("../data/tables/clauses.csv"));
        assert_eq!(text!("tables-divisions.csv"), include_str!("../data/tables/divisions.csv"));
    }
}
