//! Several files: how a file, a sheet and a row of it are named, and how files are called that this program writes.

use std::borrow::Cow;

use super::{Lang, Locale};
use crate::domain::batch::Batch;
use crate::domain::roster::{Roster, RowId, RowOrigin};
use crate::domain::text;
use crate::domain::upload::UploadPart;

/// The keys of what the names of files end with that are written of a roster's file, the upload files apart.
pub const FIXED_TAIL: &str = "many.fixed-tail";
pub const FINDINGS_TAIL: &str = "ui.export.findings-tail";
pub const ANSWERS_TAIL: &str = "ui.export.answers-tail";
pub const ANSWERS_MASKED_TAIL: &str = "ui.export.answers-masked-tail";
pub const PUBLIC_TAIL: &str = "public.tail";
pub const SUMMARY_TAIL: &str = "summary.tail";

impl Locale {
    /// Lists what the names of written files end with.
    pub fn tails_of_written(&self) -> Vec<String> {
        let uploads = [UploadPart::Whole, UploadPart::WithoutErrors, UploadPart::Returned, UploadPart::Unexported];
        let uploads = uploads.iter().map(Locale::tail_of).chain(["ui.export.shown-tail"]);
        let others = [FIXED_TAIL, FINDINGS_TAIL, ANSWERS_TAIL, ANSWERS_MASKED_TAIL, PUBLIC_TAIL, SUMMARY_TAIL];
        uploads.chain(others).map(|key| self.text(key).to_string()).collect()
    }

    /// Names a file; `-` is what came through a pipe.
    pub fn file_name<'a>(&'a self, file: &'a str) -> Cow<'a, str> {
        if file == "-" { self.text("many.piped").into() } else { text::visible(file) }
    }

    /// Names a file, and the sheet in it where it has one.
    pub fn file_place(&self, file: &str, sheet: &str) -> String {
        let file = self.file_name(file);
        if sheet.is_empty() { file.into_owned() } else { format!("{file} [{}]", text::visible(sheet)) }
    }

    /// Names a row; of the roster at hand where no file is named.
    pub fn row_place(&self, file: &str, sheet: &str, line: u32) -> String {
        let row = line.to_string();
        if file.is_empty() {
            return self.fill("finding.row", &[("row", &row)]);
        }
        self.fill("finding.row-of", &[("file", &self.file_place(file, sheet)), ("row", &row)])
    }

    /// Names a row of the roster at hand, with where it came from where that is another file.
    pub fn row_named(&self, roster: &Roster, row: RowId) -> String {
        let place = self.row_place("", "", roster.line(row));
        let Some(RowOrigin { file, sheet, line }) = roster.origin_of(row) else { return place };
        let origin = self.row_place(&file, &sheet, line);
        // Of several files its number alone says nothing.
        if !roster.parts().is_empty() {
            return origin;
        }
        self.fill("finding.row-from", &[("place", &place), ("origin", &origin)])
    }

    /// Tells where a row came from, in a roster that was put together of several files or sheets.
    pub fn row_origin(&self, batch: &Batch, row: RowId) -> Option<String> {
        let RowOrigin { file, sheet, line } = batch.roster().origin_of(row)?;
        Some(self.fill("finding.origin", &[("place", &self.row_place(&file, &sheet, line))]))
    }

    /// Tells whether a file is called as those are that this program writes of a roster's file, in whichever language.
    pub fn is_written_name(stem: &str) -> bool {
        let tails = Lang::ALL.iter().flat_map(|lang| Locale::load(*lang).tails_of_written());
        tails.into_iter().any(|tail| stem.ends_with(&tail))
    }

    /// Lists some of many, as sentences do.
    pub fn listed(&self, all: &[String]) -> String {
        self.some_of(all.iter().cloned())
    }
}
