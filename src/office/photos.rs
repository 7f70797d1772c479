//! The photos of holders (照片): which are there, which are missing, and which are too old or are no pictures.

use std::path::Path;

use super::print_data::Wanted;
use super::{Office, PrintOf, Session};
use crate::domain::ledger::printed::Medium;
use crate::domain::print::{FoundPhoto, PhotoAge, PhotoFolder, PhotoState, PrintColumn, PrintLine, age_of};
use crate::domain::text;
use crate::failure::Failure;
use crate::formats::image_head::image_head;

/// The photo of a certificate.
#[derive(Debug)]
pub struct ListedPhoto {
    /// The row, or the code.
    pub place: String,
    pub code: String,
    pub name: String,
    pub state: PhotoState,
}

/// The photos of a roster.
#[derive(Debug)]
pub struct PhotoList {
    pub photos: Vec<ListedPhoto>,
    /// How many pictures are in the folder, and how many of them are nobody's.
    pub files: usize,
    pub unused: usize,
    /// How many months before the certificate a photo may have been taken, and the clause that says so.
    pub months: Option<u32>,
    pub clause: String,
}

impl Session {
    /// Looks for the photos of certificates in a folder.
    pub fn photos(&self, of: &PrintOf<'_>, folder: &Path) -> Result<PhotoList, Failure> {
        let (wanted, _) = self.wanted(of, Medium::Paper)?;
        let found = self.office.photo_folder(folder)?;
        let spec = wanted.first().and_then(|one| one.profile.certificate.photo.clone());
        let photo = |one: &Wanted| ListedPhoto {
            place: one.place.clone(),
            code: one.code.to_string(),
            name: one.holder.name.clone(),
            state: self.office.photo_by((folder, &found), one, &one.holder.id_number),
        };
        let photos: Vec<ListedPhoto> = wanted.iter().map(photo).collect();
        let used = photos.iter().map(|one| match &one.state {
            PhotoState::Missing => 0,
            PhotoState::Several(names) => names.len(),
            PhotoState::Found(_) => 1,
        });
        let used: usize = used.sum();
        Ok(PhotoList {
            files: found.len(),
            unused: found.len().saturating_sub(used),
            months: spec.as_ref().and_then(|spec| spec.months),
            clause: spec.map(|spec| spec.clause).unwrap_or_default(),
            photos,
        })
    }
}

impl Office {
    /// Looks at the photo of a certificate that is printed.
    pub(super) fn photo_of(&self, folder: (&Path, &PhotoFolder), one: &Wanted, line: &PrintLine) -> PhotoState {
        self.photo_by(folder, one, line.text(PrintColumn::IdNumber))
    }

    fn photo_by(&self, (path, folder): (&Path, &PhotoFolder), one: &Wanted, id_number: &str) -> PhotoState {
        match folder.of(id_number, one.code.as_str())[..] {
            [] => PhotoState::Missing,
            [only] => {
                let head = image_head(&path.join(only));
                let months = one.profile.certificate.photo.as_ref().and_then(|spec| spec.months);
                PhotoState::Found(FoundPhoto {
                    file: only.to_string(),
                    is_image: head.is_image,
                    pixels: head.pixels,
                    age: age_of(head.taken, one.issued(), months),
                })
            }
            ref several => PhotoState::Several(several.iter().map(|name| (*name).to_string()).collect()),
        }
    }

    /// Tells in words what of the photos is missing or doubtful, masked.
    pub(super) fn photos_told<'a>(&self, all: impl Iterator<Item = (&'a Wanted, &'a PhotoState)>) -> Vec<String> {
        let locale = self.locale();
        let wrong = all.filter_map(|(one, state)| {
            let spec = one.profile.certificate.photo.as_ref();
            let clause = spec.map_or("", |spec| spec.clause.as_str());
            let told = locale.photo_fault(state, clause, &|name| text::masked_sentence(name))?;
            Some(locale.fill("print.photo-line", &[("place", &one.place), ("told", &told)]))
        });
        wrong.collect()
    }
}

impl ListedPhoto {
    /// Tells whether anything about it is to be done.
    pub fn is_wrong(&self) -> bool {
        match &self.state {
            PhotoState::Missing | PhotoState::Several(_) => true,
            PhotoState::Found(found) => !found.is_image || matches!(found.age, PhotoAge::Old(_)),
        }
    }
}
