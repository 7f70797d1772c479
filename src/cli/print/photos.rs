//! `skillcert print photos`: which photos are there, which are missing, too old, or no pictures.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::io::{Io, sign_on};
use crate::cli::json::{self, document};
use crate::cli::reading::RosterArgs;
use crate::cli::typed::{TextOrJson, UnmaskArgs};
use crate::cli::usage::usage;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::print::{PhotoAge, PhotoState};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{BatchTaken, KeptRows, ListedPhoto, Office, PhotoList, Purpose, RosterRefused};
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(mut_arg("file", |arg| arg.help("file")))]
pub struct PrintPhotosArgs {
    #[arg(value_name = "DIR", help = "print-photos")]
    folder: PathBuf,
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, help = "print-all-photos")]
    all: bool,
    #[command(flatten)]
    unmask: UnmaskArgs,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// So many photos of nobody are named; the rest is counted, unless all are asked for.
const UNUSED: usize = 20;

/// Lists the photos. Exit code 1 where one is missing, too old, or no picture.
pub fn run(args: &PrintPhotosArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    args.roster.reading.must_be_of_one_sheet(office)?;
    if args.roster.several(io, office)?.is_some() {
        return Err(usage(locale, "print.one-file", &[]));
    }
    let reason = args.unmask.reason();
    let roster = args.roster.find(reason.is_some(), io, office)?.or_worked_on(BatchTaken::Yes, io, office)?;
    let batch = roster.load((KeptRows::All, Purpose::Look), io, office).map_err(RosterRefused::failure)?.batch;
    let list = office.photos(&batch, &args.folder)?;
    if let Some(reason) = reason {
        let object =
            roster.stored.as_ref().map_or(UnmaskedObject::Ledger, |(_, stored)| UnmaskedObject::Batch(stored.id));
        sign_on(io, office, "print")?.unmask(&object, reason)?;
    }
    let is_whole = reason.is_some();
    match args.format {
        TextOrJson::Json => io.json_line(locale, &document(json::PHOTOS, list_json(&list, is_whole)))?,
        TextOrJson::Text => io.print(locale, &told(&list, (args.all, is_whole), locale))?,
    }
    Ok(u8::from(list.photos.iter().any(|one| one.state.is_wrong())))
}

fn shown(name: &str, is_whole: bool) -> String {
    if is_whole { name.to_string() } else { text::masked_sentence(name) }
}

fn person(name: &str, is_whole: bool) -> String {
    if is_whole { name.to_string() } else { Field::Name.masked(name) }
}

fn told(list: &PhotoList, (all, is_whole): (bool, bool), locale: &Locale) -> String {
    let wrong = list.photos.iter().filter(|one| one.state.is_wrong()).count();
    let counted = |is: fn(&PhotoState) -> bool| list.photos.iter().filter(|one| is(&one.state)).count().to_string();
    let unknown =
        counted(|state| matches!(state, PhotoState::Found(f) if f.kind.is_some() && f.age == PhotoAge::Unknown));
    let places = [
        ("n", &*list.photos.len().to_string()),
        ("wrong", &wrong.to_string()),
        ("missing", &counted(|state| *state == PhotoState::Missing)),
        ("unknown", &unknown),
        ("files", &list.files.to_string()),
        ("unused", &list.unused.len().to_string()),
    ];
    let mut lines = vec![locale.fill("print.photos", &places)];
    for one in list.photos.iter().filter(|one| all || one.state.is_wrong()) {
        let told = locale.photo_told(&one.state, &list.clause, &|name| shown(name, is_whole));
        let places = [("place", &*one.place), ("name", &person(&one.name, is_whole)), ("told", &told)];
        lines.push(locale.fill("print.photo-of", &places));
    }
    let most = if all { usize::MAX } else { UNUSED };
    let visible = |file: &String| text::visible(&shown(file, is_whole)).into_owned();
    let mut strays: Vec<String> = list.unused.iter().take(most).map(visible).collect();
    if let Some(more) = list.unused.len().checked_sub(most).filter(|more| *more != 0) {
        strays.push(locale.fill("print.unused-more", &[("n", &more.to_string())]));
    }
    if !strays.is_empty() {
        let files = strays.join(locale.text("finding.comma"));
        lines.push(locale.fill("print.unused", &[("files", &files)]));
    }
    lines.join("\n") + "\n"
}

fn list_json(list: &PhotoList, is_whole: bool) -> Value {
    let of = |one: &ListedPhoto| {
        let mut told = json!({
            "place": one.place, "code": one.code, "name": person(&one.name, is_whole), "wrong": one.state.is_wrong(),
        });
        let (state, more) = match &one.state {
            PhotoState::Missing => ("missing", json!({ "files": [] })),
            PhotoState::Several(names) => {
                let names: Vec<String> = names.iter().map(|name| shown(name, is_whole)).collect();
                ("several", json!({ "files": names }))
            }
            PhotoState::Found(found) => {
                let (age, taken) = match found.age {
                    PhotoAge::Unknown => ("unknown", None),
                    PhotoAge::Fresh(taken) => ("fresh", Some(taken)),
                    PhotoAge::Old(taken) => ("old", Some(taken)),
                    PhotoAge::Ahead(taken) => ("ahead", Some(taken)),
                };
                let more = json!({
                    "files": [shown(&found.file, is_whole)], "pixels": found.pixels, "age": age, "taken": taken,
                });
                let state = match found.kind {
                    None => "no-image",
                    Some(_) if found.is_no_such_picture() => "misnamed",
                    Some(_) => "found",
                };
                (state, more)
            }
        };
        told["state"] = state.into();
        if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
            told.extend(more);
        }
        told
    };
    json!({
        "months": list.months, "clause": list.clause, "files": list.files, "unused": list.unused.len(),
        "unused_files": list.unused.iter().map(|file| shown(file, is_whole)).collect::<Vec<_>>(),
        "photos": list.photos.iter().map(of).collect::<Vec<_>>(),
    })
}
