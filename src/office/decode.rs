//! Decoding (解码): what codes and numbers are read with, and where they come from.

use std::ops::ControlFlow;
use std::path::Path;

use super::{Office, RosterReading};
use crate::domain::decoder::Decoder;
use crate::domain::identity::IdTypeReading;
use crate::domain::roster::Block;
use crate::domain::sheet::{Field, FoundBy, SourceColumn};
use crate::domain::text;
use crate::failure::Failure;
use crate::formats::csv_text::BlockScratch;
use crate::formats::read::{self, OpenedTable, ReadOptions};

/// A column of a file, found and still to be read.
#[derive(Debug)]
pub struct FileColumn<'a> {
    office: &'a Office,
    file: &'a Path,
    opened: OpenedTable,
    at: usize,
}

impl FileColumn<'_> {
    /// Tells what the column holds, where that is known.
    pub fn field(&self) -> Option<Field> {
        self.opened.columns.source.get(self.at).and_then(|column| column.field)
    }

    /// Gives every cell that is not blank with its row as a spreadsheet program numbers it, until told to stop.
    pub fn read(self, each: &mut dyn FnMut(u32, &[u8]) -> ControlFlow<()>) -> Result<(), Failure> {
        let FileColumn { office, file, opened, at } = self;
        let mut first = opened.first_line;
        let check = |block: Block, _: &mut BlockScratch| (block, ());
        let read = opened.read(&check, &mut |piece, ()| {
            for row in 0..piece.block.len() {
                let cell = piece.block.bytes(row, at);
                if !cell.trim_ascii().is_empty() {
                    each(first + piece.block.line(row), cell)?;
                }
            }
            first += piece.block.line_count();
            ControlFlow::Continue(())
        });
        read.map(drop).map_err(|refusal| office.0.locale.refusal(&refusal, &file.to_string_lossy()))
    }
}

impl Office {
    /// Names the type of a document, however it is written, with its code; what names none stays as it is.
    pub fn id_type_in_words(&self, written: &str) -> String {
        let (tables, _) = self.tables_in_use();
        match tables.id_types.read(written) {
            IdTypeReading::Exact(i) | IdTypeReading::Alias(i) => {
                let one = &tables.id_types.all()[i];
                self.locale().fill("ui.ledger.with-code", &[("name", &one.name), ("code", &one.code)])
            }
            IdTypeReading::Unknown(_) => written.to_string(),
        }
    }

    /// Makes a decoder under one profile, else under all of them. A registry that cannot be read is told of and stops nothing.
    pub fn decoder(&self, reading: &RosterReading, tell: &mut dyn FnMut(String)) -> Result<Decoder, Failure> {
        let today = reading.day(self)?;
        let profiles = match reading.profile.as_deref() {
            Some(id) => vec![self.profile(id)?],
            None => self.catalogue().profiles.clone(),
        };
        let (tables, unread) = self.tables_in_use();
        unread.iter().for_each(|error| tell(self.0.locale.registry_not_read(error)));
        Ok(Decoder::new(profiles, tables, today))
    }

    /// Finds a column of a file by its label, or by that of the form for what it holds.
    pub fn file_column<'a>(
        &'a self,
        file: &'a Path,
        reading: &RosterReading,
        column: &str,
    ) -> Result<FileColumn<'a>, Failure> {
        let profile = reading.profile.as_deref().map_or_else(|| self.first_profile(), |id| self.profile(id))?;
        let form = self.upload_form(&profile)?;
        let remembered = self.remembered_columns();
        let options = self.read_options(reading.sheet.as_deref(), (&reading.given, &remembered), &form)?;
        let options = ReadOptions { threads: 1, budget: None, ..options };
        let refused = |refusal| self.0.locale.refusal(&refusal, &file.to_string_lossy());
        let opened = read::open(&self.place_of(file), &options).map_err(refused)?;
        if let Some(fault) = opened.map_fault() {
            return Err(self.map_fault(fault, &opened.columns, &form));
        }
        let columns = &opened.columns;
        // What the user says of a column goes before what stands over another.
        let named = || columns.of(form.field_of(column)?);
        let by_hand = named().filter(|at| columns.source[*at].by == FoundBy::Hand);
        let by_label = columns.source.iter().position(|c| text::trimmed(&c.label) == column.trim());
        let at = by_hand.or(by_label).or_else(named).ok_or_else(|| {
            let known: Vec<String> = columns.source.iter().map(SourceColumn::label_in_line).collect();
            self.usage("cli.unknown-column", &[("column", column), ("known", &known.join(", "))])
        })?;
        Ok(FileColumn { office: self, file, opened, at })
    }
}
