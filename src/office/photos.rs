//! The photos of holders (照片): which are there, which are missing, and which are too old or are no pictures.

use std::collections::HashSet;
use std::path::Path;

use chrono::NaiveDate;

use super::Office;
use super::print_data::Wanted;
use crate::domain::batch::Batch;
use crate::domain::print::{FoundPhoto, PhotoAge, PhotoFolder, PhotoState, PrintColumn, PrintLine, age_of};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::upload;
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

/// Whose photo is looked for.
struct Sitter<'a> {
    id_number: &'a str,
    code: &'a str,
    issued: Option<NaiveDate>,
    /// How many months before that day it may have been taken.
    months: Option<u32>,
}

impl Office {
    /// Looks for the photos of the people of a roster in a folder, whether they have numbers yet or not.
    pub fn photos(&self, batch: &Batch, folder: &Path) -> Result<PhotoList, Failure> {
        self.is_settled(batch)?;
        let found = self.photo_folder(folder)?;
        let spec = batch.context().profile().certificate.photo.as_ref();
        let months = spec.and_then(|spec| spec.months);
        let roster = batch.roster();
        let photo = |row: RowId| {
            let cell = |field: Field| roster.cell(row, field).trim();
            let (id_number, code) = (cell(Field::IdNumber), cell(Field::Code));
            let issued = batch.context().date(cell(Field::IssueDate)).day();
            ListedPhoto {
                place: self.locale().row_named(roster, row),
                code: code.to_string(),
                name: cell(Field::Name).to_string(),
                state: photo_by((folder, &found), &Sitter { id_number, code, issued, months }),
            }
        };
        let photos: Vec<ListedPhoto> = upload::of(batch).row_ids().map(photo).collect();
        let used: HashSet<&str> = photos.iter().flat_map(ListedPhoto::files).collect();
        Ok(PhotoList {
            files: found.len(),
            unused: found.len().saturating_sub(used.len()),
            months,
            clause: spec.map(|spec| spec.clause.clone()).unwrap_or_default(),
            photos,
        })
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

/// Looks at the photo of a certificate that is printed.
pub(super) fn photo_of(folder: (&Path, &PhotoFolder), one: &Wanted, line: &PrintLine) -> PhotoState {
    let sitter = Sitter {
        id_number: line.text(PrintColumn::IdNumber),
        code: one.code.as_str(),
        issued: one.issued(),
        months: one.profile.certificate.photo.as_ref().and_then(|spec| spec.months),
    };
    photo_by(folder, &sitter)
}

/// Looks for a photo; of several files nobody guesses which is meant.
fn photo_by((path, folder): (&Path, &PhotoFolder), sitter: &Sitter<'_>) -> PhotoState {
    match folder.of(sitter.id_number, sitter.code)[..] {
        [] => PhotoState::Missing,
        [only] => {
            let head = image_head(&path.join(only));
            PhotoState::Found(FoundPhoto {
                file: only.to_string(),
                is_image: head.is_image,
                pixels: head.pixels,
                age: age_of(head.taken, sitter.issued, sitter.months),
            })
        }
        ref several => PhotoState::Several(several.iter().map(|name| (*name).to_string()).collect()),
    }
}

impl ListedPhoto {
    /// Lists the files that may be it.
    fn files(&self) -> impl Iterator<Item = &str> {
        let (several, one): (&[String], Option<&str>) = match &self.state {
            PhotoState::Missing => (&[], None),
            PhotoState::Several(names) => (names, None),
            PhotoState::Found(found) => (&[], Some(&found.file)),
        };
        several.iter().map(String::as_str).chain(one)
    }

    /// Tells whether anything about it is to be done.
    pub fn is_wrong(&self) -> bool {
        match &self.state {
            PhotoState::Missing | PhotoState::Several(_) => true,
            PhotoState::Found(found) => !found.is_image || matches!(found.age, PhotoAge::Old(_)),
        }
    }
}
