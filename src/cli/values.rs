//! `skillcert values FILE --column COLUMN`: the values of a column with their rows, and those that mean the same.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::check::csv_cell;
use super::io::Io;
use super::json::{VALUES, document};
use super::reading::RosterArgs;
use super::typed::filled;
use super::usage::usage;
use crate::domain::batch::{Batch, ColumnMask};
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::roster::CellSource;
use crate::domain::sheet::{Field, SheetSpec};
use crate::domain::text;
use crate::domain::values::groups::{KeptApart, ValueGroup, has_spellings};
use crate::domain::values::{ColumnValue, ColumnValues, ValueOrder, wrong_rows};
use crate::failure::Failure;
use crate::office::{KeptRows, Office, Purpose, RosterRefused};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct ValuesArgs {
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, value_name = "NAME", help = "values-column")]
    column: String,
    #[arg(long)]
    groups: bool,
    #[arg(long, value_enum, default_value_t)]
    format: ValuesFormat,
    #[arg(long)]
    unmask: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ValuesFormat {
    #[default]
    Text,
    Json,
    Csv,
}

/// What is told of a column.
struct Told<'a> {
    batch: &'a Batch,
    values: &'a ColumnValues,
    groups: Option<&'a [ValueGroup]>,
    /// What differs by the form of a company alone, where no group says so.
    apart: KeptApart,
    is_masked: bool,
    mask: ColumnMask,
    locale: &'a Locale,
}

/// Finds the column of a form by its name; whoever names none is told which there are.
pub(super) fn column_named(sheet: &SheetSpec, name: &str, locale: &Locale) -> Result<Field, Failure> {
    let field = sheet.field_of(name).filter(|field| sheet.fields.contains(field));
    field.ok_or_else(|| {
        let all: Vec<&str> = sheet.columns.iter().map(|column| column.label.as_str()).collect();
        let all = all.join(locale.text("finding.comma"));
        usage(locale, "cli.no-such-column", &[("name", &text::visible(name)), ("columns", &all)])
    })
}

/// Finds a column of the form, or else one of the file that the form does not have.
pub(super) fn source_named(batch: &Batch, name: &str, locale: &Locale) -> Result<CellSource, Failure> {
    let own = column_named(batch.context().sheet(), name, locale).map(CellSource::Field);
    own.or_else(|failure| batch.roster().columns.aside_named(name).map(CellSource::Aside).ok_or(failure))
}

/// Counts the values; what is wrong with them is told, and no failure.
pub fn run(args: &ValuesArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if args.roster.several(io, office)?.is_some() {
        return Err(usage(locale, "values.one-roster", &[]));
    }
    let roster = args.roster.find(args.unmask, io, office)?;
    roster.tell_worked_on(io, office);
    if let (Some((session, stored)), true) = (&roster.stored, args.unmask) {
        let reason = args.reason.as_deref().ok_or_else(|| usage(locale, "cli.unmask-needs-reason", &[]))?;
        session.unmask(&UnmaskedObject::Batch(stored.id), reason)?;
    }
    let loaded = roster.load((KeptRows::All, Purpose::Look), io, office);
    let batch = loaded.map_err(RosterRefused::failure)?.batch;
    io.tell_beside(&batch, locale);
    let column = source_named(&batch, &args.column, locale)?;
    let label = locale.cell_source(column, &batch);
    if args.groups && !column.field().is_some_and(has_spellings) {
        return Err(usage(locale, "values.no-spellings", &[("column", &label)]));
    }
    let nobody = || false;
    let Some(values) = ColumnValues::of(batch.roster(), column, &wrong_rows(&batch, column), &nobody) else {
        return Ok(0);
    };
    let groups = if args.groups { office.value_groups(&values, &nobody)? } else { None };
    let apart = groups.as_ref().map_or_else(Vec::new, |groups| office.kept_apart(&values, groups));
    let told = Told {
        batch: &batch,
        values: &values,
        groups: groups.as_deref(),
        apart,
        is_masked: !args.unmask,
        mask: batch.column_mask(column),
        locale,
    };
    match args.format {
        ValuesFormat::Text => io.answer(locale, |w| told.text(w))?,
        ValuesFormat::Json => io.json(locale, &told.json(&roster.file))?,
        ValuesFormat::Csv => io.answer(locale, |w| told.csv(w))?,
    }
    Ok(0)
}

impl Told<'_> {
    /// Shows a text that so many rows have.
    fn shown(&self, text: &str, rows: u32) -> String {
        text::visible(&if self.is_masked { self.mask.shown(text, rows) } else { text.into() }).into_owned()
    }

    fn ordered(&self) -> impl Iterator<Item = &ColumnValue> {
        self.values.ordered(ValueOrder::Rows).into_iter().map(|place| &self.values.all()[place])
    }

    fn text(&self, w: &mut dyn Write) -> io::Result<()> {
        let locale = self.locale;
        let label = &*locale.cell_source(self.values.column, self.batch);
        let named = |text: &str, rows: u32| match text {
            "" => locale.text("ui.preview.blank").to_string(),
            text => self.shown(text, rows),
        };
        let right = |n: u32| format!("{n:>7}");
        let Some(groups) = self.groups else {
            let n = self.values.all().len().to_string();
            writeln!(w, "{}", locale.fill("values.title", &[("column", label), ("n", &n)]))?;
            writeln!(w, "{}", locale.column_facts(self.values.facts()))?;
            writeln!(w, "{}", locale.text("values.heads"))?;
            for value in self.ordered() {
                let (rows, errors) = (right(value.rows), right(value.errors));
                let places = [("rows", &*rows), ("errors", &errors), ("value", &named(&value.text, value.rows))];
                writeln!(w, "{}", locale.fill("values.line", &places))?;
            }
            return Ok(());
        };
        if groups.is_empty() {
            writeln!(w, "{}", locale.fill("values.no-groups", &[("column", label)]))?;
        }
        for group in groups {
            let (n, standing) = (group.rows().to_string(), locale.standing(group.by));
            let places = [
                ("value", &*named(&group.proposed, group.rows_of(&group.proposed))),
                ("standing", &standing),
                ("n", &n),
            ];
            writeln!(w, "{}", locale.fill("values.group", &places))?;
            let others = group.values.iter().map(|value| ("values.other", value));
            for (key, (text, rows)) in others.chain(group.kept_apart.iter().map(|value| ("values.apart", value))) {
                writeln!(w, "{}", locale.fill(key, &[("rows", &right(*rows)), ("value", &named(text, *rows))]))?;
            }
        }
        for same in &self.apart {
            let names: Vec<String> = same.iter().map(|(text, rows)| named(text, *rows)).collect();
            let values = names.join(locale.text("finding.comma"));
            writeln!(w, "{}", locale.fill("values.apart-alone", &[("values", &values)]))?;
        }
        Ok(())
    }

    fn json(&self, file: &Path) -> Value {
        let roster = self.batch.roster();
        let value = |value: &ColumnValue| {
            json!({ "value": self.shown(&value.text, value.rows), "rows": value.rows, "errors": value.errors,
                    "first_row": roster.line(value.first) })
        };
        let listed = |all: &[(Arc<str>, u32)]| {
            all.iter()
                .map(|(text, rows)| json!({ "value": self.shown(text, *rows), "rows": rows }))
                .collect::<Vec<Value>>()
        };
        let mut body = json!({
            "file": file.to_string_lossy(), "sheet": self.batch.origin.sheet,
            "profile": self.batch.context().profile().id, "field": self.values.field().map(Field::key),
            "column": self.locale.cell_source(self.values.column, self.batch), "row_count": roster.len(), "masked": self.is_masked,
            "values": self.ordered().map(value).collect::<Vec<Value>>(),
        });
        if let (Some(groups), Some(body)) = (self.groups, body.as_object_mut()) {
            let group = |group: &ValueGroup| {
                json!({ "proposed": self.shown(&group.proposed, group.rows_of(&group.proposed)), "standing": group.by.key(),
                        "rows_to_change": group.rows(), "values": listed(&group.values),
                        "kept_apart": listed(&group.kept_apart) })
            };
            body.insert("groups".into(), groups.iter().map(group).collect());
            body.insert("kept_apart".into(), self.apart.iter().map(|same| listed(same)).collect());
        }
        document(VALUES, body)
    }

    fn csv(&self, w: &mut dyn Write) -> io::Result<()> {
        let head = |keys: &[&str]| {
            let labels = keys.iter().map(|key| csv_cell(self.locale.text(&format!("values.column.{key}"))));
            labels.collect::<Vec<_>>().join(",")
        };
        write!(w, "\u{FEFF}")?;
        let Some(groups) = self.groups else {
            write!(w, "{}\r\n", head(&["value", "rows", "errors"]))?;
            for value in self.ordered() {
                write!(w, "{},{},{}\r\n", csv_cell(&self.shown(&value.text, value.rows)), value.rows, value.errors)?;
            }
            return Ok(());
        };
        write!(w, "{}\r\n", head(&["group", "proposed", "value", "rows"]))?;
        for (n, group) in groups.iter().enumerate() {
            let proposed = csv_cell(&self.shown(&group.proposed, group.rows_of(&group.proposed)));
            for (text, rows) in &group.values {
                write!(w, "{},{proposed},{},{rows}\r\n", n + 1, csv_cell(&self.shown(text, *rows)))?;
            }
        }
        Ok(())
    }
}
