//! The photos of holders (照片): which are there, which are missing, and which are too old or are no pictures.

use std::collections::HashSet;
use std::path::Path;

use chrono::NaiveDate;

use super::Office;
use super::print_data::{NAMED, Wanted};
use crate::domain::batch::Batch;
use crate::domain::print::{FoundPhoto, PhotoFolder, PhotoState, age_of};
use crate::domain::profile::PhotoSpec;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::upload;
use crate::failure::{Failure, FailureKind};
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
    /// How many pictures are in the folder.
    pub files: usize,
    /// Those that are nobody's.
    pub unused: Vec<String>,
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
    today: NaiveDate,
}

impl Office {
    /// Looks for the photos of the people of a roster in a folder, whether they have numbers yet or not.
    pub fn photos(&self, batch: &Batch, folder: &Path) -> Result<PhotoList, Failure> {
        self.is_settled(batch)?;
        let found = self.photo_folder(folder)?;
        let spec = batch.context().profile().certificate.photo.as_ref();
        let months = spec.and_then(|spec| spec.months);
        let (roster, today) = (batch.roster(), batch.context().today());
        let photo = |row: RowId| {
            let cell = |field: Field| roster.cell(row, field).trim();
            let (id_number, code) = (cell(Field::IdNumber), cell(Field::Code));
            let issued = batch.context().date(cell(Field::IssueDate)).day();
            ListedPhoto {
                place: self.locale().row_named(roster, row),
                code: code.to_string(),
                name: cell(Field::Name).to_string(),
                state: photo_by((folder, &found), &Sitter { id_number, code, issued, months, today }),
            }
        };
        let photos: Vec<ListedPhoto> = upload::of(batch).row_ids().map(photo).collect();
        let used: HashSet<&str> = photos.iter().flat_map(ListedPhoto::files).collect();
        let unused = found.files().filter(|file| !used.contains(file));
        let mut unused: Vec<String> = unused.map(String::from).collect();
        unused.sort_unstable();
        Ok(PhotoList { files: found.files().count(), unused, months, clause: clause_of(spec), photos })
    }

    /// Tells which photos no certificate may be printed with, each with the row, the file and the clause.
    pub(super) fn must_have_good_photos(&self, wanted: &[Wanted], photos: &[PhotoState]) -> Result<(), Failure> {
        let months = |one: &Wanted| one.profile.certificate.photo.as_ref().and_then(|spec| spec.months);
        let barred = wanted.iter().zip(photos).filter(|(one, state)| state.bars(months(one)));
        let told = self.photos_told(barred);
        if told.is_empty() {
            return Ok(());
        }
        let locale = self.locale();
        let (n, more) = (told.len().to_string(), told.len().saturating_sub(NAMED));
        let mut faults = told[..told.len().min(NAMED)].join(locale.text("print.between"));
        if more != 0 {
            faults += &locale.fill("print.and-more", &[("n", &more.to_string())]);
        }
        let told = locale.fill("print.photos-bar", &[("n", &n), ("faults", &faults)]);
        Err(Failure::new(FailureKind::Rule, told, locale.text("print.photos-bar-hint")))
    }

    /// Tells in words what of the photos is missing or doubtful, masked.
    pub(super) fn photos_told<'a>(&self, all: impl Iterator<Item = (&'a Wanted, &'a PhotoState)>) -> Vec<String> {
        let locale = self.locale();
        let wrong = all.filter_map(|(one, state)| {
            let clause = clause_of(one.profile.certificate.photo.as_ref());
            let told = locale.photo_fault(state, &clause, &|name| text::masked_sentence(name))?;
            Some(locale.fill("print.photo-line", &[("place", &one.place), ("told", &told)]))
        });
        wrong.collect()
    }
}

/// Gives the clause about photos: the one that says how old they may be, or which size they are of.
fn clause_of(spec: Option<&PhotoSpec>) -> String {
    let own = spec.map(|spec| &spec.clause).filter(|clause| !clause.is_empty());
    let first = || spec.and_then(|spec| spec.sizes.first()).map(|size| &size.clause);
    own.or_else(first).cloned().unwrap_or_default()
}

/// Looks at the photo of a certificate that is printed.
pub(super) fn photo_of(folder: (&Path, &PhotoFolder), one: &Wanted, today: NaiveDate) -> PhotoState {
    let sitter = Sitter {
        id_number: &one.holder.id_number,
        code: one.code.as_str(),
        issued: one.issued(),
        months: one.profile.certificate.photo.as_ref().and_then(|spec| spec.months),
        today,
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
                kind: head.kind,
                pixels: head.pixels,
                age: age_of(head.taken, (sitter.issued, sitter.months), sitter.today),
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
}
