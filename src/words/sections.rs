//! A file of words (分节): its sections, `[name]` on a line each, and of those only what is asked for is read. A start of the
//! program needs few of the many.

use std::collections::HashMap;
use std::sync::OnceLock;

use memchr::memmem;
use serde::de::DeserializeOwned;

/// The sections of a file by their names.
#[derive(Debug)]
pub(super) struct Sections<T>(HashMap<&'static str, Section<T>>);

#[derive(Debug)]
struct Section<T> {
    body: &'static str,
    /// Read when it is asked for first; nothing where it does not read.
    content: OnceLock<Option<T>>,
}

impl<T: DeserializeOwned> Sections<T> {
    /// Divides a file at its headers; what stands before the first is left out.
    pub fn of(file: &'static str) -> Sections<T> {
        let starts: Vec<usize> = memmem::find_iter(file.as_bytes(), "\n[").map(|at| at + 2).collect();
        let ends = starts.iter().skip(1).map(|next| next - 2).chain([file.len()]);
        let divided = starts.iter().zip(ends).filter_map(|(start, end)| file[*start..end].split_once(']'));
        Sections(divided.map(|(name, body)| (name, Section { body, content: OnceLock::new() })).collect())
    }

    /// Gives what is in a section.
    pub fn get(&self, name: &str) -> Option<&T> {
        let section = self.0.get(name)?;
        section.content.get_or_init(|| toml::from_str(section.body).ok()).as_ref()
    }

    /// Lists the names of all sections, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.0.keys().copied().collect();
        names.sort_unstable();
        names
    }
}
