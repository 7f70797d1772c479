//! `skillcert form list | show | write | fill`: forms that are printed on A4, filled with what is stored.

use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::io::{Io, look, sign_on};
use super::json::{FORM, FORMS, document};
use super::share::{UnderShareArgs, tell_share};
use super::table::{Alignment, table};
use super::typed::{TextOrJson, UnmaskArgs, filled, number, prefix};
use super::usage::usage;
use crate::domain::form::{Form, FormField};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::case::CaseId;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{FilledForm, FormOrder, FormThing, Office, TemplateOrder};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct FormArgs {
    #[command(subcommand)]
    verb: Option<FormVerb>,
}

/// A verb about forms; without one they are listed.
#[derive(Debug, Subcommand)]
enum FormVerb {
    List(FormListArgs),
    Show(FormShowArgs),
    Write(FormWriteArgs),
    Fill(FormFillArgs),
}

#[derive(Debug, Args, Default)]
struct FormListArgs {
    #[arg(long, value_name = "ID", help = "form-profile")]
    profile: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Which form, for what.
#[derive(Debug, Args)]
struct FormOfArgs {
    #[arg(value_name = "FORM", help = "form-id")]
    form: String,
    #[arg(long, value_name = "N", help = "form-batch", value_parser = number(1_i64, None).map(BatchId))]
    #[arg(conflicts_with_all = ["case", "institution"], required_unless_present_any = ["case", "institution"])]
    batch: Option<BatchId>,
    #[arg(long = "case", id = "case", value_name = "N", help = "form-case", value_parser = number(1_i64, None).map(CaseId))]
    #[arg(conflicts_with = "institution")]
    cases: Vec<CaseId>,
    #[arg(long, value_name = "PREFIX", help = "form-institution", value_parser = prefix())]
    institution: Option<String>,
    #[arg(long, value_name = "FIELD=VALUE", help = "form-set")]
    set: Vec<String>,
}

#[derive(Debug, Args)]
struct FormShowArgs {
    #[command(flatten)]
    of: FormOfArgs,
    #[arg(long, value_name = "N", help = "form-columns", value_parser = number(80_usize, Some(400)))]
    columns: Option<usize>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    unmask: UnmaskArgs,
}

#[derive(Debug, Args)]
struct FormWriteArgs {
    #[command(flatten)]
    of: FormOfArgs,
    #[arg(long, short, value_name = "FILE", help = "form-output")]
    output: PathBuf,
    #[arg(long, help = "form-blanks")]
    blanks: bool,
    #[arg(long, value_name = "TEXT", help = "form-reason", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[command(flatten)]
    under: UnderShareArgs,
    #[arg(long)]
    force: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Fills a workbook of the user's own in.
#[derive(Debug, Args)]
struct FormFillArgs {
    #[arg(value_name = "FILE", help = "form-template")]
    template: PathBuf,
    #[arg(long, value_name = "N", help = "form-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, value_name = "NAME", help = "form-sheet")]
    sheet: Option<String>,
    #[arg(long, short, value_name = "FILE", help = "form-output")]
    output: PathBuf,
    #[arg(long, help = "form-new-header")]
    new_header: bool,
    #[command(flatten)]
    under: UnderShareArgs,
    #[arg(long)]
    force: bool,
}

/// The columns a form is drawn in where nothing else is known.
const COLUMNS: usize = 100;

pub fn run(args: FormArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match args.verb {
        None => list(&FormListArgs::default(), io, office),
        Some(FormVerb::List(args)) => list(&args, io, office),
        Some(FormVerb::Show(args)) => show(&args, io, office),
        Some(FormVerb::Write(args)) => write(&args, io, office),
        Some(FormVerb::Fill(args)) => fill(&args, io, office),
    }
}

impl FormOfArgs {
    fn order(&self, blanks: bool, locale: &Locale) -> Result<FormOrder, Failure> {
        let thing = match (&self.institution, self.batch) {
            (Some(prefix), _) => FormThing::Institution(prefix.clone()),
            (None, Some(batch)) => FormThing::Batch(batch),
            (None, None) => FormThing::Cases(self.cases.clone()),
        };
        let typed = |typed: &String| {
            let pair = typed.split_once(['=', '＝']);
            pair.map(|(id, value)| (id.trim().to_string(), value.to_string()))
                .ok_or_else(|| usage(locale, "form.bad-set", &[("typed", &text::visible(typed))]))
        };
        let values = self.set.iter().map(typed).collect::<Result<Vec<_>, Failure>>()?;
        Ok(FormOrder { form: self.form.clone(), thing, values, blanks })
    }
}

fn list(args: &FormListArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if let Some(id) = &args.profile {
        office.profile(id)?;
    }
    let forms = office.forms(None, args.profile.as_deref());
    match args.format {
        TextOrJson::Json => {
            let all: Vec<Value> = forms.iter().map(|form| about(form)).collect();
            io.json_line(locale, &document(FORMS, json!({ "forms": all })))?;
        }
        TextOrJson::Text => {
            let head =
                ["id", "about", "profile", "name"].map(|key| locale.text(&format!("form.column.{key}")).to_string());
            let mut rows = vec![head.to_vec()];
            rows.extend(forms.iter().map(|form| {
                let of = locale.thing_kind(form.layout.about).to_string();
                vec![form.id.clone(), of, form.layout.profile.clone(), form.name.clone()]
            }));
            io.text(locale, &table(&rows, Alignment::Texts, ""))?;
        }
    }
    Ok(0)
}

/// Tells what a form is.
fn about(form: &Form) -> Value {
    json!({
        "id": form.id, "name": form.name, "source": form.source, "clause": form.clause,
        "about": form.layout.about.key(), "profile": form.layout.profile, "landscape": form.layout.landscape,
        "copies": form.layout.copies, "by_hand": form.layout.by_hand, "masked": form.layout.masked,
        "fields": form.layout.fields.iter().map(field_json).collect::<Vec<_>>(),
    })
}

fn field_json(field: &FormField) -> Value {
    json!({
        "id": field.id, "label": field.label, "type": field.kind.key(), "max": field.max, "values": field.values,
        "optional": field.optional, "clause": field.clause,
    })
}

fn show(args: &FormShowArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let order = args.of.order(true, locale)?;
    let reason = args.unmask.reason();
    let session = look(io, office, reason.is_some(), "form")?;
    let filled = session.fill_form(&order, reason.is_none())?;
    if let Some(reason) = reason {
        session.unmask_form(&order.thing, reason)?;
    }
    match args.format {
        TextOrJson::Json => io.json_line(locale, &filled_json(&filled, args.columns.unwrap_or(COLUMNS), None))?,
        TextOrJson::Text => {
            let columns = args.columns.or_else(|| io.columns()).unwrap_or(COLUMNS).max(80);
            let mut page = filled.filled.drawn(columns).join("\n") + "\n";
            page.extend(missing(&filled, locale).map(|told| format!("\n{told}\n")));
            page.extend(filled.notes.iter().map(|note| format!("\n{note}\n")));
            io.text(locale, &page)?;
        }
    }
    Ok(0)
}

/// Names the fields that are still to be given.
fn missing(filled: &FilledForm, locale: &Locale) -> Option<String> {
    let all: Vec<String> =
        filled.missing.iter().map(|field| format!("{} (--set {}=…)", field.label, field.id)).collect();
    let comma = locale.text("finding.comma");
    (!all.is_empty()).then(|| locale.fill("form.lacks", &[("fields", &all.join(comma))]))
}

fn filled_json(filled: &FilledForm, columns: usize, file: Option<&str>) -> Value {
    let mut told = about(&filled.form);
    let cells = filled.filled.cells.iter().map(|cell| {
        json!({
            "row": cell.row + 1, "column": cell.column + 1, "rows": cell.rows, "columns": cell.columns,
            "text": cell.text,
        })
    });
    told["missing"] = filled.missing.iter().map(|field| field.id.as_str()).collect();
    told["open"] = filled.open.iter().map(|field| field.id.as_str()).collect();
    if let Some(file) = file {
        told["file"] = file.into();
    } else {
        told["cells"] = cells.collect();
        told["lines"] = filled.filled.drawn(columns).into();
    }
    document(FORM, told)
}

fn write(args: &FormWriteArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let order = args.of.order(args.blanks, locale)?;
    let session = sign_on(io, office, "form")?;
    let under = (args.reason.as_deref(), args.under.share);
    let (written, share) = session.write_form(&order, (&args.output, args.force), under)?;
    if let Some(id) = share {
        tell_share(&session.share(id)?.0, io, locale);
    }
    let file = args.output.to_string_lossy();
    if args.format == TextOrJson::Json {
        io.json_line(locale, &filled_json(&written, COLUMNS, Some(&file)))?;
        return Ok(0);
    }
    let copies = written.form.layout.copies;
    let mut told = locale.fill("form.written", &[("form", &written.form.name), ("file", &file)]);
    if 1 < copies {
        told += &locale.fill("form.copies", &[("n", &copies.to_string())]);
    }
    let to = written.values.value("addressee");
    if !to.is_empty() {
        let phone = written.values.value("addressee-phone");
        told += &locale.fill("form.addressee", &[("to", to), ("phone", phone)]);
    }
    io.note(&told);
    if !written.missing.is_empty()
        && let Some(lacks) = missing(&written, locale)
    {
        io.note(&lacks);
    }
    written.notes.iter().for_each(|note| io.note(note));
    Ok(0)
}

fn fill(args: &FormFillArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = sign_on(io, office, "form")?;
    let filled = session.fill_template(&TemplateOrder {
        batch: args.batch,
        template: &args.template,
        sheet: args.sheet.as_deref(),
        target: &args.output,
        overwrite: args.force,
        takes_new: args.new_header,
        share: args.under.share,
    })?;
    tell_share(&session.share(filled.share)?.0, io, locale);
    let (file, rows) = (args.output.to_string_lossy(), filled.rows.to_string());
    io.note(&locale.fill("form.template.filled", &[("file", &file), ("n", &rows)]));
    filled.otherwise_told(locale).iter().for_each(|told| io.note(told));
    if filled.is_new {
        io.note(locale.text("form.template.remembered"));
    }
    if !filled.open.is_empty() {
        let open = text::visible(&filled.open.join(locale.text("finding.comma"))).into_owned();
        io.note(&locale.fill("form.template.open", &[("columns", &open)]));
    }
    Ok(0)
}
