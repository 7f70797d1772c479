//! The photos of holders (照片): which file is whose, and whether it is recent enough. Files are looked at elsewhere.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};

use crate::domain::text;

/// How the names of photos end.
const ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "bmp"];

/// The names of the photos in a folder, by what they are called without their ending.
#[derive(Debug, Clone, Default)]
pub struct PhotoFolder {
    names: HashMap<String, Vec<String>>,
}

/// What is known of somebody's photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoState {
    /// There is no file of that name.
    Missing,
    /// Several files are called so; which one is meant nobody guesses.
    Several(Vec<String>),
    Found(FoundPhoto),
}

/// A photo that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPhoto {
    pub file: String,
    /// Whether it begins as an image of a kind that is known.
    pub is_image: bool,
    /// Width and height in pixels, where the file says it.
    pub pixels: Option<(u32, u32)>,
    pub age: PhotoAge,
}

/// How old a photo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoAge {
    /// The file does not say when it was taken.
    Unknown,
    Fresh(NaiveDate),
    /// Taken longer before the certificate than the notice allows.
    Old(NaiveDate),
}

impl PhotoFolder {
    /// Takes the names of files; those that are no photos by their ending are left out.
    pub fn new(names: impl IntoIterator<Item = String>) -> PhotoFolder {
        let mut folder = PhotoFolder::default();
        for name in names {
            let Some((stem, ending)) = name.rsplit_once('.') else { continue };
            if ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
                folder.names.entry(called(stem)).or_default().push(name);
            }
        }
        folder.names.values_mut().for_each(|names| names.sort_unstable());
        folder
    }

    /// Counts the photos.
    pub fn len(&self) -> usize {
        self.names.values().map(Vec::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Lists the files that are called by somebody's ID number or code.
    pub fn of(&self, id_number: &str, code: &str) -> Vec<&str> {
        let (id_number, code) = (called(id_number), called(code));
        let by_number = self.names.get(&id_number).filter(|_| !id_number.is_empty());
        let by_code = self.names.get(&code).filter(|_| !code.is_empty() && code != id_number);
        by_number.into_iter().chain(by_code).flatten().map(String::as_str).collect()
    }
}

/// Gives what a file or a number is called, however it was typed.
fn called(name: &str) -> String {
    text::compact(name).to_uppercase()
}

/// Tells how old a photo is on the day of a certificate (GD-31, BJ-08): taken on the corresponding day is recent enough.
pub fn age_of(taken: Option<NaiveDate>, issued: Option<NaiveDate>, months: Option<u32>) -> PhotoAge {
    let Some(taken) = taken else { return PhotoAge::Unknown };
    // One that is taken later, as for a reissue, is fresh.
    let Some(issued) = issued else { return PhotoAge::Fresh(taken) };
    let last = months.and_then(|months| taken.checked_add_months(Months::new(months)));
    if last.is_some_and(|last| last < issued) { PhotoAge::Old(taken) } else { PhotoAge::Fresh(taken) }
}
