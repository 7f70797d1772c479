//! The photos of holders (照片): which file is whose, and whether it is recent enough. Files are looked at elsewhere.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};

use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// A kind of picture.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ImageKind {
        Jpeg = "jpg",
        Png = "png",
        Bmp = "bmp",
    }
}

impl ImageKind {
    /// Tells which kind a file is by the ending of its name.
    fn of_name(file: &str) -> Option<ImageKind> {
        let ending = file.rsplit_once('.')?.1.to_ascii_lowercase();
        if ending == "jpeg" { Some(ImageKind::Jpeg) } else { ImageKind::read(&ending) }
    }
}

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
    /// What it is by what stands in it, whatever it is called; nothing where it is no picture of a kind that is known.
    pub kind: Option<ImageKind>,
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
    /// Taken on a day that is to come: the clock of the camera was wrong, and when it was taken nobody knows.
    Ahead(NaiveDate),
}

impl PhotoState {
    /// Tells whether anything about it is to be done.
    pub fn is_wrong(&self) -> bool {
        match self {
            PhotoState::Missing | PhotoState::Several(_) => true,
            PhotoState::Found(found) => {
                found.is_no_such_picture() || matches!(found.age, PhotoAge::Old(_) | PhotoAge::Ahead(_))
            }
        }
    }

    /// Tells whether no certificate is printed while it is so. One whose photo is still to come may be; the day of a photo
    /// counts where the notice says how old it may be (`months`).
    pub fn bars(&self, months: Option<u32>) -> bool {
        match self {
            PhotoState::Missing => false,
            PhotoState::Several(_) => true,
            PhotoState::Found(found) => match found.age {
                PhotoAge::Old(_) => true,
                PhotoAge::Ahead(_) if months.is_some() => true,
                _ => found.is_no_such_picture(),
            },
        }
    }
}

impl FoundPhoto {
    /// Tells whether it is no picture, or one of another kind than its name says.
    pub fn is_no_such_picture(&self) -> bool {
        self.kind.is_none() || self.kind != ImageKind::of_name(&self.file)
    }
}

impl PhotoFolder {
    /// Takes the names of files; those that are no photos by their ending are left out.
    pub fn new(names: impl IntoIterator<Item = String>) -> PhotoFolder {
        let mut folder = PhotoFolder::default();
        for name in names {
            let Some((stem, _)) = name.rsplit_once('.') else { continue };
            if ImageKind::of_name(&name).is_some() {
                folder.names.entry(called(stem)).or_default().push(name);
            }
        }
        folder.names.values_mut().for_each(|names| names.sort_unstable());
        folder
    }

    /// Lists the photos, in no order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.names.values().flatten().map(String::as_str)
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
pub fn age_of(
    taken: Option<NaiveDate>,
    (issued, months): (Option<NaiveDate>, Option<u32>),
    today: NaiveDate,
) -> PhotoAge {
    let Some(taken) = taken else { return PhotoAge::Unknown };
    if today < taken {
        return PhotoAge::Ahead(taken);
    }
    // One that is taken later than the certificate, as for a reissue, is fresh.
    let Some(issued) = issued else { return PhotoAge::Fresh(taken) };
    let last = months.and_then(|months| taken.checked_add_months(Months::new(months)));
    if last.is_some_and(|last| last < issued) { PhotoAge::Old(taken) } else { PhotoAge::Fresh(taken) }
}
