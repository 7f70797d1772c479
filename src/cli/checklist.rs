//! `skillcert checklist`: what is handed in of a batch or an institution, ticked on paper and as files.

use clap::Args;
use serde_json::json;

use super::io::{Io, look, sign_on};
use super::json::{self, document};
use super::typed::{TextOrJson, filled};
use crate::cli::usage::usage;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{CheckedForm, CheckedList, FileState, Office};
use crate::words::{Lang, Locale};

#[derive(Debug, Args)]
pub struct ChecklistArgs {
    #[arg(value_name = "THING", help = "fact-thing")]
    thing: String,
    /// What is ready.
    #[arg(long, value_name = "ITEM.FORM", help = "checklist-tick")]
    tick: Vec<String>,
    /// What is not ready after all.
    #[arg(long, value_name = "ITEM.FORM", help = "checklist-untick")]
    untick: Vec<String>,
    /// A file that is ready.
    #[arg(long, value_name = "ITEM.FORM=FILE", help = "checklist-attach")]
    attach: Vec<String>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Runs the verb. Exit code 1 when an attached file is gone or was changed.
pub fn run(args: &ChecklistArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let thing = office.thing_typed(&args.thing)?;
    let is_changing = !(args.tick.is_empty() && args.untick.is_empty() && args.attach.is_empty());
    let session = if is_changing { sign_on(io, office, "checklist")? } else { look(io, office, false, "checklist")? };
    if is_changing {
        let pair = |typed: &String| {
            let found = typed.split_once(['=', '＝']).map(|(tick, path)| (tick.to_string(), path.to_string()));
            found.ok_or_else(|| usage(locale, "checklist.no-equals", &[]))
        };
        let files = args.attach.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
        session.tick(&thing, (&args.tick, &args.untick, &files), args.reason.as_deref().unwrap_or_default())?;
    }
    let lists = session.checklists(&thing)?;
    match args.format {
        TextOrJson::Json => io.json_line(locale, &as_json(&thing.to_string(), &lists, office))?,
        TextOrJson::Text => io.print(locale, &page(&lists, office))?,
    }
    let is_wrong = |form: &CheckedForm| form.file.as_ref().is_some_and(|(_, state)| *state != FileState::Same);
    let is_any_wrong = lists.iter().flat_map(|list| &list.items).flat_map(|item| &item.forms).any(is_wrong);
    Ok(u8::from(is_any_wrong))
}

fn as_json(thing: &str, lists: &[CheckedList], office: &Office) -> serde_json::Value {
    let of_form = |form: &CheckedForm| {
        let file = form
            .file
            .as_ref()
            .map(|(file, state)| json!({ "path": file.path, "sha256": file.sha256, "state": state.key() }));
        json!({ "form": form.form.key(), "tick": form.tick, "ready": form.is_ready, "file": file })
    };
    let of = |list: &CheckedList| {
        let (name, to) = office.checklist_words(&list.list);
        let items: Vec<_> = list
            .items
            .iter()
            .map(|item| {
                let forms: Vec<_> = item.forms.iter().map(of_form).collect();
                json!({ "id": item.item.id, "name": item.item.name, "forms": forms })
            })
            .collect();
        json!({ "id": list.list.id, "name": name, "to": to, "copies": list.list.copies, "clause": list.list.clause,
                "left": list.left(), "items": items })
    };
    let lists: Vec<_> = lists.iter().map(of).collect();
    document(json::CHECKLISTS, json!({ "thing": thing, "lists": lists }))
}

fn page(lists: &[CheckedList], office: &Office) -> String {
    let locale = office.locale();
    if lists.is_empty() {
        return locale.text("checklist.none").to_string();
    }
    let mut told = Vec::new();
    for list in lists {
        let (name, to) = office.checklist_words(&list.list);
        let to_told = to.join(locale.text("finding.semicolon"));
        let places = [
            ("name", &*text::visible(name)),
            ("clause", &text::visible(&list.list.clause)),
            ("to", &text::visible(&to_told)),
            ("copies", &list.list.copies.to_string()),
            ("left", &list.left().to_string()),
        ];
        let key = if to.is_empty() { "checklist.head-alone" } else { "checklist.head" };
        told.push(locale.fill(key, &places));
        for item in &list.items {
            let name = if locale.lang == Lang::Zh { &item.item.name } else { &item.item.name_en };
            told.push(format!("  {}", text::visible(name)));
            told.extend(item.forms.iter().map(|form| format!("    {}", form_told(form, locale))));
        }
    }
    told.join("\n")
}

fn form_told(form: &CheckedForm, locale: &Locale) -> String {
    let word = locale.paper_form(form.form);
    let mark = if form.is_ready { "[x]" } else { "[ ]" };
    let line = format!("{mark} {word}  {}", text::visible(&form.tick));
    match &form.file {
        None => line,
        Some((file, state)) => {
            let key = match state {
                FileState::Same => "checklist.file.same",
                FileState::Changed => "checklist.file.changed",
                FileState::Gone => "checklist.file.gone",
            };
            format!("{line}  {}", locale.fill(key, &[("path", &text::visible(&file.path))]))
        }
    }
}
