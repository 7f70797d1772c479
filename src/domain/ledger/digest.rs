//! A digest (摘要) over many texts, by which the chain vouches for what it does not say in full.

use sha2::{Digest, Sha256};

/// So many bytes are gathered before they are reckoned with: each text alone would be too little.
const ENOUGH: usize = 4096;

/// The SHA-256 over texts, of each its length and its bytes.
#[derive(Clone, Default)]
pub struct TextsDigest {
    hash: Sha256,
    waiting: Vec<u8>,
}

impl TextsDigest {
    /// Gives the digest of a few texts.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
        let mut digest = TextsDigest::default();
        texts.into_iter().for_each(|text| digest.add(text));
        digest.finish()
    }

    pub fn add(&mut self, text: &str) {
        self.waiting.extend((text.len() as u64).to_be_bytes());
        self.waiting.extend(text.as_bytes());
        self.settle(ENOUGH);
    }

    /// Adds a number, in four bytes.
    pub fn add_number(&mut self, number: u32) {
        self.waiting.extend(number.to_be_bytes());
        self.settle(ENOUGH);
    }

    /// Gives the digest in hexadecimal.
    pub fn finish(mut self) -> String {
        self.settle(0);
        self.hash.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
    }

    fn settle(&mut self, least: usize) {
        if least <= self.waiting.len() {
            self.hash.update(&self.waiting);
            self.waiting.clear();
        }
    }
}
