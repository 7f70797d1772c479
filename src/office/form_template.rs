//! A workbook of the user's own that is filled in (导入模板): the rows of a batch under its header, all else as it stands, to the byte.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::Path;

use super::shares::HandOut;
use super::{Purpose, RosterReading, Session};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::share::ShareId;
use crate::domain::roster::Block;
use crate::domain::sheet::{ColumnMap, Field, GivenReading};
use crate::domain::text;
use crate::domain::upload::{of, written};
use crate::failure::{Failure, FailureKind};
use crate::formats::FileRefusal;
use crate::formats::atomic::{StagedFile, WriteError};
use crate::formats::csv_text::BlockScratch;
use crate::formats::package::SheetCopy;
use crate::formats::read::OpenedTable;
use crate::formats::sheet_xml::{CellTexts, Place};
use crate::words::Locale;

/// The type of the resident ID card (居民身份证).
const RESIDENT: &str = "201";

/// A template that is to be filled in.
#[derive(Debug, Clone, Copy)]
pub struct TemplateOrder<'a> {
    pub batch: BatchId,
    pub template: &'a Path,
    pub sheet: Option<&'a str>,
    pub target: &'a Path,
    /// Whether a file of that name is replaced.
    pub overwrite: bool,
    /// Whether a header that differs from the remembered one is the one to remember from now on.
    pub takes_new: bool,
    /// The entry of the share register under which it goes out; one is made where none is named.
    pub share: Option<ShareId>,
}

/// What came of it.
#[derive(Debug)]
pub struct FilledTemplate {
    pub rows: usize,
    /// The columns of the template that nothing was known for.
    pub open: Vec<String>,
    /// What was written otherwise than it stands in the batch, as the site has it: the column, a text there and how it was written,
    /// and in how many rows.
    pub otherwise: Vec<(String, String, String, usize)>,
    /// Whether its header was seen for the first time.
    pub is_new: bool,
    /// The entry of the share register under which it went out.
    pub share: ShareId,
}

/// Which columns of a template a batch fills.
#[derive(Debug)]
pub struct TemplateColumns {
    pub sheet: String,
    /// Each by its label, with the column of the batch that fills it.
    pub columns: Vec<(String, Option<Field>)>,
    /// How many rows would be filled in.
    pub rows: usize,
    /// How its header differs from the remembered one, where it does.
    pub differs: Option<Failure>,
}

/// What fills the columns of a template, in their order; nothing for one that no column of the batch is.
fn filling(columns: &ColumnMap, others: &ColumnMap) -> Vec<Option<Field>> {
    let pairs = columns.source.iter().zip(&others.source);
    let mut taken: Vec<Field> = Vec::new();
    let mut fields = Vec::new();
    for (column, other) in pairs {
        let field = column.field.or(other.field).filter(|field| !taken.contains(field));
        taken.extend(field);
        fields.push(field);
    }
    fields
}

/// Gives a value as the upload has it. Of whoever has a resident number it is known which paper that is of.
fn cell(batch: &Batch, row: u32, field: Field) -> String {
    let raw = batch.roster().cell(row, field);
    let is_resident = || text::looks_like_id(batch.roster().cell(row, Field::IdNumber));
    let raw = if field == Field::IdType && raw.is_empty() && is_resident() { RESIDENT } else { raw };
    written(batch.context(), field, raw).into_owned()
}

/// Tells of levels, types and days that are written in another form than they have in the batch, each column with its first.
fn written_otherwise<'a>(
    batch: &Batch,
    rows: &[u32],
    columns: impl Iterator<Item = (&'a String, &'a Option<Field>)>,
) -> Vec<(String, String, String, usize)> {
    let of = |(label, field): (&'a String, &'a Option<Field>)| {
        let field = field.filter(|field| matches!(field, Field::Level | Field::IdType | Field::IssueDate))?;
        let pairs = rows.iter().map(|row| (batch.roster().cell(*row, field).trim(), cell(batch, *row, field)));
        let mut other = pairs.filter(|(raw, written)| !raw.is_empty() && *raw != *written);
        let (raw, written) = other.next()?;
        Some((label.clone(), raw.to_string(), written, 1 + other.count()))
    };
    columns.filter_map(of).collect()
}

impl FilledTemplate {
    /// Says what was written otherwise than it stands in the batch.
    pub fn otherwise_told(&self, locale: &Locale) -> Vec<String> {
        let told = |(column, raw, written, n): &(String, String, String, usize)| {
            let (column, raw) = (text::visible(column), text::visible(raw));
            let places = [("column", &*column), ("raw", &raw), ("written", written), ("n", &n.to_string())];
            locale.fill("form.template.otherwise", &places)
        };
        self.otherwise.iter().map(told).collect()
    }
}

impl Session {
    /// Fills a workbook in. Its header is remembered for the profile: one that was changed since is not filled in (SC-29).
    pub fn fill_template(&self, order: &TemplateOrder<'_>) -> Result<FilledTemplate, Failure> {
        let (office, locale) = (&self.office, self.office.locale());
        self.may_hand_out(order.share)?;
        let name = order.template.to_string_lossy();
        let refused = |key: &str, places: &[(&str, &str)]| {
            let all: Vec<(&str, &str)> = places.iter().copied().chain([("file", &*name)]).collect();
            Failure::new(FailureKind::Usage, locale.fill(key, &all), "")
        };
        let stored = self.batch(order.batch)?;
        let batch = self.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ())?;
        office.is_settled(&batch)?;
        let mut opened = self.open_template(order, &batch)?;
        let labels = opened.columns.labels();
        let others = ColumnMap::matched(&labels, batch.context().sheet());
        let fields = filling(&opened.columns, &others);
        let is_new = self.must_be_as_remembered(order, &stored.profile, &labels)?;
        let (sheet, first) = (opened.origin.sheet.clone(), opened.first_line.saturating_sub(1));
        if sheet.is_empty() {
            return Err(refused("form.template.no-workbook", &[]));
        }
        // Rows that stand there already are somebody's, or examples that would be handed in.
        let mut count = 0;
        opened.take_every_row();
        each_row(opened, |_, _, _| count += 1).map_err(|refusal| office.refused(&refusal, &name).failure())?;
        if count != 0 {
            return Err(refused("form.template.has-rows", &[("n", &count.to_string())]));
        }
        // What has no code is none of what is imported there (SC-40).
        let rows: Vec<u32> = of(&batch).row_ids().filter(|row| batch.kind_of(*row).has_code()).collect();
        let otherwise = written_otherwise(&batch, &rows, labels.iter().zip(&fields));
        let mut texts = CellTexts::default();
        for (at, row) in (first..).zip(&rows) {
            for (column, field) in (0u32..).zip(&fields) {
                let value = field.map(|field| cell(&batch, *row, field)).unwrap_or_default();
                if !value.is_empty() {
                    texts.at.insert((at, column), text::harmless(&value).into_owned());
                }
            }
        }
        let expected = texts.at.clone();
        let failed = |e: WriteError| locale.write_failure(&e);
        let mut copy = SheetCopy::plan(&office.place_of(order.template), &sheet, texts)
            .map_err(|e| refused("form.template.damaged", &[("why", &*text::visible(&e.to_string()))]))?;
        office.spare_state(order.target).map_err(failed)?;
        let mut staged = StagedFile::new(order.target, order.overwrite, Some(order.template)).map_err(failed)?;
        staged.write(|out| copy.write(out).map_err(WriteError::io(order.target))).map_err(failed)?;
        self.template_reads_back(&staged, (order, &batch), (&sheet, first), &expected)?;
        let file = order.target.file_name().unwrap_or_default().to_string_lossy();
        let why = office
            .report_locale()
            .fill("form.unmasked", &[("form", &*name_of(order.template)), ("file", &*text::visible(&file))]);
        self.unmask(&UnmaskedObject::Batch(order.batch), &why)?;
        staged.commit().map_err(failed)?;
        let template = name_of(order.template);
        let out = HandOut { share: order.share, path: order.target, holds: &template, purpose: &why, receiver: "" };
        let share = self.hand_out(out)?;
        self.with(|store| store.set_setting(&remembered_as(&stored.profile), &labels.join("\t")))?;
        let open = labels.iter().zip(&fields).filter(|(label, field)| field.is_none() && !label.trim().is_empty());
        let open = open.map(|(label, _)| label.clone()).collect();
        Ok(FilledTemplate { rows: rows.len(), open, otherwise, is_new, share })
    }

    /// Tells which columns of a workbook would be filled in; nothing is written.
    pub fn template_columns(&self, order: &TemplateOrder<'_>) -> Result<TemplateColumns, Failure> {
        let stored = self.batch(order.batch)?;
        let batch = self.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ())?;
        let opened = self.open_template(order, &batch)?;
        let labels = opened.columns.labels();
        let others = ColumnMap::matched(&labels, batch.context().sheet());
        let fields = filling(&opened.columns, &others);
        let differs = self.must_be_as_remembered(order, &stored.profile, &labels).err();
        let (sheet, rows) = (opened.origin.sheet.clone(), of(&batch).count() as usize);
        Ok(TemplateColumns { sheet, columns: labels.into_iter().zip(fields).collect(), rows, differs })
    }

    fn open_template(&self, order: &TemplateOrder<'_>, batch: &Batch) -> Result<OpenedTable, Failure> {
        let form = self.office.upload_form(batch.context().profile())?;
        let said = (&GivenReading::default(), &HashMap::new());
        let opened = self.office.open_table(order.template, order.sheet, said, &form)?;
        opened.map_err(|refusal| self.office.refused(&refusal, &order.template.to_string_lossy()).failure())
    }

    /// Compares the header with the one that was filled in before; tells whether there was none.
    fn must_be_as_remembered(
        &self,
        order: &TemplateOrder<'_>,
        profile: &str,
        labels: &[String],
    ) -> Result<bool, Failure> {
        let known = self.with(|store| store.setting(&remembered_as(profile)))?;
        let Some(known) = known else { return Ok(true) };
        if known == labels.join("\t") || order.takes_new {
            return Ok(false);
        }
        let locale = self.office.locale();
        let comma = locale.text("finding.comma");
        let before: Vec<&str> = known.split('\t').collect();
        let differs = (0..before.len().max(labels.len()))
            .find(|at| before.get(*at).copied() != labels.get(*at).map(String::as_str));
        let at = (differs.unwrap_or_default() + 1).to_string();
        let told = |labels: Vec<String>| text::visible(&labels.join(comma)).into_owned();
        let places = [
            ("file", &*order.template.to_string_lossy()),
            ("n", &at),
            ("before", &told(before.iter().map(ToString::to_string).collect())),
            ("now", &told(labels.to_vec())),
        ];
        let hint = locale.text("form.template.differs-hint");
        Err(Failure::new(FailureKind::Rule, locale.fill("form.template.differs", &places), hint))
    }

    /// Reads the copy as every roster is read, and compares each cell with what should be there.
    fn template_reads_back(
        &self,
        staged: &StagedFile,
        (order, batch): (&TemplateOrder<'_>, &Batch),
        (sheet, first): (&str, u32),
        expected: &BTreeMap<Place, String>,
    ) -> Result<(), Failure> {
        let again = TemplateOrder { template: staged.path(), sheet: Some(sheet), ..*order };
        let mut opened = self.open_template(&again, batch)?;
        opened.take_every_row();
        let (mut found, mut wrong) = (0, None);
        let read = each_row(opened, |line, column, value| {
            let wanted = expected.get(&(line, column)).map_or("", String::as_str);
            found += usize::from(!value.is_empty());
            if value != wanted && wrong.is_none() {
                wrong = Some(line + 1);
            }
        });
        let row = match (read, wrong) {
            (Ok(()), None) if found == expected.len() => return Ok(()),
            (_, Some(row)) => row,
            _ => first + 1,
        };
        let error = WriteError::ReadBack { row, column: String::new() };
        Err(self.office.locale().write_failure(&error))
    }
}

/// Gives each cell under the header that holds something, by line and column from 0.
fn each_row(opened: OpenedTable, mut take: impl FnMut(u32, u32, &str)) -> Result<(), FileRefusal> {
    let check = |block: Block, _: &mut BlockScratch| (block, ());
    let mut first = opened.first_line;
    let read = opened.read(&check, &mut |piece, ()| {
        for at in 0..piece.block.len() {
            let line = first + piece.block.line(at) - 1;
            for column in 0..piece.block.width(at) {
                let value = piece.block.cell(at, column);
                if !value.is_empty() {
                    take(line, column as u32, value);
                }
            }
        }
        first += piece.block.line_count();
        ControlFlow::Continue(())
    });
    read.map(drop)
}

fn name_of(path: &Path) -> String {
    text::visible(&path.file_name().unwrap_or_default().to_string_lossy()).into_owned()
}

/// Names the setting that keeps the header of the template of a profile.
fn remembered_as(profile: &str) -> String {
    format!("template-of:{profile}")
}
